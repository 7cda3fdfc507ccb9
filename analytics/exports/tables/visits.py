"""Signed visits: SLEDAI-2K item by item and in total, symptoms, organ findings, observations, vital signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.text import format_lazy

from analytics.exports.columns import CellType, ExportColumn
from analytics.exports.fields import day_of, field, text
from analytics.exports.subjects import Row, Subject
from analytics.exports.tables.table import OF_THE_ENTRY, ExportTable
from patients.messages import phrase_lazy
from patients.models import Visit
from patients.rules.sledai import ITEMS, Score, score
from patients.rules.visit_fields import MEASUREMENTS, Group, VisitField, fields_of
from patients.rules.visit_fields import Kind as VisitKind

SLEDAI = tuple(row.name for row in fields_of(Group.SLEDAI))
WEIGHTS = {item.code: item.weight for item in ITEMS}


def _score(row: Row) -> Score:
    """Kept with the row, of which three columns ask for it."""
    if "score" not in row:
        row["score"] = score({item.code: row[f"sledai_{item.code}"] for item in ITEMS})
    found: Score = row["score"]
    return found


def _total(name: str, meaning: str, value: Callable[[Score], int | None]) -> ExportColumn:
    def cell(row: Row, _who: Subject) -> int | None:
        return value(_score(row))

    return ExportColumn(name, CellType.INTEGER, meaning, SLEDAI, cell, unit="points", allowed="0 to 105")


def _column(row: VisitField) -> ExportColumn:
    """The column of a field; where a number is a code, its meaning says more than its label."""
    label = phrase_lazy(row.label)
    if row.kind is VisitKind.TEXT:
        return text(Visit, row.name)
    if row.kind is VisitKind.GRADE:
        meaning = format_lazy("{label}: 0 none, 1 mild, 2 moderate, 3 severe", label=label)
        return field(Visit, row.name, unit="grade", meaning=meaning)
    if row.group is Group.SLEDAI:
        weight = WEIGHTS[row.code]
        meaning = format_lazy("SLEDAI-2K: {label} ({weight} points)", label=label, weight=weight)
        return field(Visit, row.name, meaning=meaning)
    return field(Visit, row.name, unit=row.export_unit)


def _columns(*groups: Group) -> Iterator[ExportColumn]:
    return map(_column, fields_of(*groups))


VISITS = ExportTable(
    name="visits",
    meaning="signed visits, with SLEDAI-2K item by item",
    model=Visit,
    rows=Visit.objects.signed(),
    order=("on",),
    columns=(
        field(Visit, "on", name="visit_date"),
        day_of("on", "visit_day"),
        field(Visit, "sledai_window_days", unit="d"),
        *_columns(Group.SLEDAI),
        _total("sledai_low", "SLEDAI-2K at least: what was not assessed counts as no", lambda s: s.low),
        _total("sledai_high", "SLEDAI-2K at most: what was not assessed counts as yes", lambda s: s.high),
        _total("sledai_total", "SLEDAI-2K; empty when an item was not assessed", lambda s: s.total),
        *_columns(Group.NEW_OR_RECURRENT, Group.SYMPTOMS, Group.ORGANS, Group.OBSERVATIONS),
        *map(_column, MEASUREMENTS),
        *_columns(Group.COMMENT),
        text(Visit, "note"),
    ),
    left_out=OF_THE_ENTRY
    | {
        "signed_at": "when it was signed; the history of the record has it",
        "signed_by": "who signed; the history of the record has it",
    },
)
