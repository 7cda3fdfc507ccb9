"""Columns that tell one field of a model; its label, choices and type come from the model."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from analytics.exports.columns import Column, Kept, Kind
from analytics.exports.subjects import Row, Subject, precision

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What stands for a drug or a term that only free text names, and for a code that is not on its list.
OTHER = "other"


def field(
    model: type[models.Model],
    source: str,
    *,
    name: str = "",
    unit: str = "",
    meaning: StrOrPromise = "",
    kept: Kept = Kept.BOTH,
) -> Column:
    """A number, a day, a yes or no, or a choice as it is stored. Raises ValueError for anything else."""
    column: Any = model._meta.get_field(source)
    return Column(
        name or source,
        _kind(column),
        meaning or column.verbose_name,
        (source,),
        _value(column),
        unit=unit,
        allowed="; ".join(f"{code} = {label}" for code, label in column.choices or () if code),
        kept=kept,
    )


def text(model: type[models.Model], source: str, name: str = "", meaning: StrOrPromise = "") -> Column:
    """Free text, in identified files only."""
    label = str(model._meta.get_field(source).verbose_name)  # type: ignore[union-attr]
    return Column(
        name or source,
        Kind.TEXT,
        meaning or label,
        (source,),
        lambda row, _who: row[source] or None,
        kept=Kept.IDENTIFIED,
    )


def catalogued(
    source: str, meaning: StrOrPromise, known: Iterable[str], *, where: str, or_text: str = ""
) -> Column:
    """A key of a catalogue; "other" for what only free text names, which then stands in or_text."""
    keys = frozenset(known)
    said = f"a key of {where}; {OTHER} = known by free text only" if or_text else f"a key of {where}"

    def value(row: Row, _who: Subject) -> str:
        return row[source] if row[source] in keys else OTHER

    return Column(source, Kind.CODE, meaning, (source,), value, allowed=said)


def coded(source: str, meaning: StrOrPromise, known: Iterable[enum.Enum]) -> Column:
    """A code of the rules; empty where none is stored, "other" for one that the rules no longer know."""
    codes = [str(code.value) for code in known]

    def value(row: Row, _who: Subject) -> str | None:
        return (row[source] if row[source] in codes else OTHER) if row[source] else None

    return Column(source, Kind.CODE, meaning, (source,), value, allowed="; ".join(codes))


def partial(model: type[models.Model], source: str, name: str) -> tuple[Column, Column]:
    """A date that may be known in part, and how much of it is known."""
    label = model._meta.get_field(source).verbose_name  # type: ignore[union-attr]
    return (
        Column(name, Kind.PARTIAL_DATE, label, (source,), lambda row, who: who.partial(row[source]) or None),
        Column(
            f"{name}_known",
            Kind.CODE,
            f"{label}: how much of it is known",
            (source,),
            lambda row, _who: precision(row[source]) or None,
            allowed="day; month; year",
        ),
    )


def day_of(source: str, name: str, moment: bool = False) -> Column:
    """The day of tacrolimus of a dated fact."""

    def value(row: Row, who: Subject) -> int | None:
        on = row[source]
        return who.day_of_tacrolimus(on.astimezone(who.zone).date() if moment and on else on)

    meaning = "day of tacrolimus: days since the first dose, which is day 0; negative before it"
    return Column(name, Kind.INTEGER, meaning, (source,), value, unit="d")


def _kind(column: Any) -> Kind:
    if isinstance(column, models.BooleanField):
        return Kind.ASSESSED if column.null else Kind.YES_NO
    if column.choices and isinstance(column, models.CharField):
        return Kind.CODE
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


_KINDS: tuple[tuple[type[models.Field], Kind], ...] = (
    (models.DateTimeField, Kind.TIME),
    (models.DateField, Kind.DATE),
    (models.TimeField, Kind.TIME),
    (models.DecimalField, Kind.DECIMAL),
    (models.IntegerField, Kind.INTEGER),
)
