"""The kinds of all apps: which have a page of a fact, and which writes administrators see in the audit."""

from __future__ import annotations

from collections.abc import Mapping

from accounts import upward
from patients.history.kinds import KINDS, HistoryTable
from patients.models import Fact, Patient


def audited() -> Mapping[str, HistoryTable]:
    """The tables whose writes administrators may see as such, by name: facts and people.

    They see who, when and of which kind, never what. What the rules write of their own, alerts and planned
    work, is not among them.
    """
    return {name: kind for name, kind in _every_kind().items() if issubclass(kind.model, Fact | Patient)}


def fact_kind(name: str) -> HistoryTable | None:
    """The kind of facts that are shown, explained and voided at patients:fact under this name."""
    kind = audited().get(name)
    return kind if kind is not None and kind.shown_at is None else None


def kind_of(fact: Fact) -> HistoryTable:
    """The kind of a row. Raises StopIteration for a table that is no kind."""
    return next(kind for kind in audited().values() if isinstance(fact, kind.model))


def _every_kind() -> dict[str, HistoryTable]:
    return {**KINDS, **upward.history_kinds()}
