"""Stored versions as entries: one a write, with who, when, old, new and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.html import format_html

from accounts.models import User
from patients.history.every_kind import kind_of
from patients.history.kinds import HistoryTable
from patients.history.words import NAMED, Names, format_field, is_empty, label_and_unit, names_of, nothing
from patients.models import Fact

# More than this is folded away on a page.
SHORT = 6


@dataclass(frozen=True)
class Write:
    """A version, the one before it (None before the first), and the row's latest version."""

    row: Any
    before: Any | None
    latest: Any


@dataclass(frozen=True)
class FieldLine:
    """One field that says something."""

    label: str
    value: str


@dataclass(frozen=True)
class FieldChange:
    """One field, before and after, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryEntry:
    """One write. pattern has the places {who} and {what}; first holds the fields of the first version.

    voided_because: why the row was marked as entered in error later; "" unless it was.
    """

    kind: HistoryTable
    key: int
    at: datetime
    by: str
    pattern: str
    subject: str
    address: str
    reason: str
    voided_because: str
    changes: tuple[FieldChange, ...]
    first: tuple[FieldLine, ...]

    @property
    def sentence(self) -> str:
        """Who did what, as plain text."""
        return self.pattern.format(who=self.by, what=self.subject)

    @property
    def linked(self) -> str:
        """The sentence with the person marked and a link to the row."""
        who = format_html("<strong>{}</strong>", self.by)
        what = format_html('<a href="{}">{}</a>', self.address, self.subject)
        return format_html(self.pattern, who=who, what=what)

    @property
    def is_long(self) -> bool:
        return max(len(self.changes), len(self.first)) > SHORT


def entries(fact: Fact) -> list[HistoryEntry]:
    """The writes of a fact, the newest first, in as many queries for a long history as for a short one."""
    kind = kind_of(fact)
    versions = kind.versions.filter(id=fact.pk).order_by("history_date", "history_id")
    return history_entries({kind: writes(versions)}, fact.patient_id)[::-1]


def lines(fact: Fact) -> tuple[FieldLine, ...]:
    """Every field of a fact that says something, in the model's order."""
    kind = kind_of(fact)
    names = names_of(_keys(kind, [fact]))
    return tuple(_line(kind, column, fact, names) for column in kind.columns if _says(kind, column, fact))


def writes(versions: Iterable[Any]) -> list[Write]:
    """The versions, in order of row and time, as writes."""
    found: list[Write] = []
    for _row_id, group in groupby(versions, key=lambda version: version.id):
        rows = list(group)
        found.extend(Write(row, before, rows[-1]) for row, before in zip(rows, [None, *rows], strict=False))
    return found


def history_entries(written: Mapping[HistoryTable, Sequence[Write]], patient_id: int) -> list[HistoryEntry]:
    """The writes as entries of the history, in their order; the names take two queries."""
    keys: dict[type[models.Model], set[int]] = defaultdict(set)
    for kind, found in written.items():
        for model, known in _keys(kind, [row for write in found for row in _rows(write)]).items():
            keys[model] |= known
    names = names_of(keys)
    return [_entry(kind, write, names, patient_id) for kind, found in written.items() for write in found]


def _rows(write: Write) -> list[Any]:
    return [row for row in (write.row, write.before) if row is not None]


def _entry(kind: HistoryTable, write: Write, names: Names, patient_id: int) -> HistoryEntry:
    row, before = write.row, write.before
    return HistoryEntry(
        kind=kind,
        key=row.history_id,
        at=row.history_date,
        by=kind.who(row, before, names),
        pattern=str(kind.action(row, before)),
        subject=kind.subject(row),
        address=kind.address(patient_id, row.id),
        reason=row.history_change_reason or "",
        voided_because="" if getattr(row, "voided_at", None) else getattr(write.latest, "void_reason", ""),
        changes=_changes(kind, row, before, names) if before is not None else (),
        first=_first(kind, row, names) if before is None else (),
    )


def _changes(kind: HistoryTable, row: Any, before: Any, names: Names) -> tuple[FieldChange, ...]:
    found = []
    for column in kind.columns:
        old, new = (_text(kind, column, version, names) for version in (before, row))
        if old != new:
            found.append(FieldChange(_label(kind, column), old, new))
    return tuple(found)


def _first(kind: HistoryTable, row: Any, names: Names) -> tuple[FieldLine, ...]:
    """What the first version says beyond its subject; boxes that were not ticked are left out."""
    told_beside = [column for column in kind.columns if column.name not in kind.named]
    return tuple(
        _line(kind, column, row, names)
        for column in told_beside
        if _says(kind, column, row) and not _unticked(column, row)
    )


def _line(kind: HistoryTable, column: models.Field[Any, Any], row: Any, names: Names) -> FieldLine:
    return FieldLine(_label(kind, column), _text(kind, column, row, names))


def _says(kind: HistoryTable, column: models.Field[Any, Any], row: Any) -> bool:
    put_together = column.name in kind.written and column.name not in kind.empty
    return put_together or not is_empty(getattr(row, column.attname))


def _unticked(column: models.Field[Any, Any], row: Any) -> bool:
    return column.default is False and getattr(row, column.attname) is False


def _label(kind: HistoryTable, column: models.Field[Any, Any]) -> str:
    label = kind.labels.get(column.name) or column.verbose_name
    return label_and_unit(str(label))[0]


def _text(kind: HistoryTable, column: models.Field[Any, Any], row: Any, names: Names) -> str:
    """A field with its unit; what its absence means when it is empty."""
    empty = is_empty(getattr(row, column.attname))
    if column.name in kind.written and not (empty and column.name in kind.empty):
        return kind.written[column.name](row, names)
    if empty and not column.choices:
        return str(kind.empty.get(column.name) or nothing(column))
    unit = label_and_unit(str(column.verbose_name))[1]
    return f"{format_field(column, row, names)} {unit}".strip()


def _keys(kind: HistoryTable, rows: Sequence[Any]) -> dict[type[models.Model], set[int]]:
    """What the rows point to, by model."""
    keys: dict[type[models.Model], set[int]] = defaultdict(set)
    keys[User] = {row.history_user_id for row in rows if getattr(row, "history_user_id", None)}
    for column in kind.model._meta.concrete_fields:
        if column.related_model in NAMED:
            keys[column.related_model] |= {getattr(row, column.attname) for row in rows} - {None}
    return keys
