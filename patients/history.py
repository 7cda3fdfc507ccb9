"""How a fact came to say what it says: who, when, old, new, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from patients.models import Fact

SILENT = ("version", "created_at")


@dataclass(frozen=True)
class Change:
    label: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Entry:
    """One write. changes is empty for the first."""

    at: datetime
    by: str
    reason: str
    changes: tuple[Change, ...]


def entries(fact: Fact) -> list[Entry]:
    """The writes of a fact, the newest first."""
    rows = list(fact.history.select_related("history_user").order_by("-history_date", "-history_id"))
    earlier = [*rows[1:], None]
    return [_entry(fact, row, before) for row, before in zip(rows, earlier, strict=True)]


def _entry(fact: Fact, row: Any, before: Any) -> Entry:
    return Entry(
        at=row.history_date,
        by=str(row.history_user or ""),
        reason=row.history_change_reason or "",
        changes=_changes(fact, row, before) if before is not None else (),
    )


def _changes(fact: Fact, row: Any, before: Any) -> tuple[Change, ...]:
    delta = row.diff_against(before, excluded_fields=SILENT, foreign_keys_are_objs=False)
    return tuple(
        Change(str(fact._meta.get_field(item.field).verbose_name), item.old, item.new)  # type: ignore[union-attr]
        for item in delta.changes
    )
