"""Columns that tell one field of a model; its label, choices and type come from the model."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from analytics.exports.columns import CellType, ColumnScope, ExportColumn
from analytics.exports.subjects import Row, Subject, precision

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# The code for a drug or a term that only free text names, and for a code that is not on its list.
OTHER = "other"


def field(
    model: type[models.Model],
    source: str,
    *,
    name: str = "",
    unit: str = "",
    meaning: StrOrPromise = "",
    kept: ColumnScope = ColumnScope.BOTH,
) -> ExportColumn:
    """A number, a day, a yes or no, or a choice as it is stored. Raises ValueError for anything else."""
    column: Any = model._meta.get_field(source)
    return ExportColumn(
        name or source,
        _kind(column),
        meaning or column.verbose_name,
        (source,),
        _value(column),
        unit=unit,
        allowed="; ".join(f"{code} = {label}" for code, label in column.choices or () if code),
        kept=kept,
    )


def text(model: type[models.Model], source: str, name: str = "", meaning: StrOrPromise = "") -> ExportColumn:
    """Free text, in identified files only."""
    label = str(model._meta.get_field(source).verbose_name)  # type: ignore[union-attr]
    return ExportColumn(
        name or source,
        CellType.TEXT,
        meaning or label,
        (source,),
        lambda row, _who: row[source] or None,
        kept=ColumnScope.IDENTIFIED,
    )


def catalogued(
    source: str, meaning: StrOrPromise, known: Iterable[str], *, where: str, or_text: str = ""
) -> ExportColumn:
    """A key of a catalogue; "other" for what only free text names, which is then in or_text."""
    keys = frozenset(known)
    said = f"a key of {where}; {OTHER} = known by free text only" if or_text else f"a key of {where}"

    def value(row: Row, _who: Subject) -> str:
        return row[source] if row[source] in keys else OTHER

    return ExportColumn(source, CellType.CODE, meaning, (source,), value, allowed=said)


def coded(source: str, meaning: StrOrPromise, known: Iterable[enum.Enum]) -> ExportColumn:
    """A code of the rules; empty where none is stored, "other" for one that the rules no longer know."""
    codes = [str(code.value) for code in known]

    def value(row: Row, _who: Subject) -> str | None:
        return (row[source] if row[source] in codes else OTHER) if row[source] else None

    return ExportColumn(source, CellType.CODE, meaning, (source,), value, allowed="; ".join(codes))


def partial(model: type[models.Model], source: str, name: str) -> tuple[ExportColumn, ExportColumn]:
    """A date that may be known in part, and how much of it is known."""
    label = model._meta.get_field(source).verbose_name  # type: ignore[union-attr]
    return (
        ExportColumn(
            name, CellType.PARTIAL_DATE, label, (source,), lambda row, who: who.partial(row[source]) or None
        ),
        ExportColumn(
            f"{name}_known",
            CellType.CODE,
            f"{label}: how much of it is known",
            (source,),
            lambda row, _who: precision(row[source]) or None,
            allowed="day; month; year",
        ),
    )


def day_of(source: str, name: str, moment: bool = False) -> ExportColumn:
    """The day of tacrolimus of a dated fact."""

    def value(row: Row, who: Subject) -> int | None:
        on = row[source]
        return who.day_of_tacrolimus(on.astimezone(who.zone).date() if moment and on else on)

    meaning = "day of tacrolimus: days since the first dose, which is day 0; negative before it"
    return ExportColumn(name, CellType.INTEGER, meaning, (source,), value, unit="d")


def _kind(column: Any) -> CellType:
    if isinstance(column, models.BooleanField):
        return CellType.ASSESSED if column.null else CellType.YES_NO
    if column.choices and isinstance(column, models.CharField):
        return CellType.CODE
    for type_, kind in _KINDS:
        if isinstance(column, type_):
            return kind
    raise ValueError(f"{column}: say what it is")


def _value(column: Any) -> Callable[[Row, Subject], object]:
    source = column.name
    if isinstance(column, models.DateTimeField):
        return lambda row, who: row[source] and row[source].astimezone(who.zone)
    if isinstance(column, models.DateField):
        return lambda row, who: who.day(row[source])
    if isinstance(column, models.CharField):
        codes = frozenset(code for code, _label in column.choices or ())
        return lambda row, _who: (row[source] if row[source] in codes else OTHER) if row[source] else None
    return lambda row, _who: row[source]


_KINDS: tuple[tuple[type[models.Field], CellType], ...] = (
    (models.DateTimeField, CellType.TIME),
    (models.DateField, CellType.DATE),
    (models.TimeField, CellType.TIME),
    (models.DecimalField, CellType.DECIMAL),
    (models.IntegerField, CellType.INTEGER),
)
