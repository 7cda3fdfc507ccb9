"""Tells django-simple-history who writes the next version of a tracked row, and why."""

from __future__ import annotations

from typing import Any

from accounts.models import User


def note_writer(row: Any, *, by: User | None, reason: str | None = None) -> None:
    """Before a row of a tracked model is saved: its version keeps who wrote it, and the reason if any.

    by is None where no person does, as for the first user of a fresh database.
    """
    row._history_user = by
    row._change_reason = reason
