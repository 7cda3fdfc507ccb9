"""Table 1: what the patients were like at entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.report.cells import EMPTY, Notes, count, number, percent, text
from analytics.report.document import Cell, Column, Row, Table
from analytics.statistics.descriptive import summary
from analytics.statistics.numbers import Number


@dataclass(frozen=True)
class BaselineQuantity:
    """A measurement of each patient at entry, None where there is none."""

    key: str
    label: str
    unit: str
    places: int
    values: Sequence[Number]


@dataclass(frozen=True)
class Trait:
    """Something that a patient has or has not; None: not known."""

    key: str
    label: str
    answers: Sequence[bool | None]


def described(
    key: str, title: str, rows: Iterable[BaselineQuantity | Trait], notes: Sequence[str] = ()
) -> Table:
    """One line a quantity, with mean and SD, median and quartiles, or a trait, with number and share."""
    said = Notes(list(notes))
    columns = (
        Column("characteristic", _("Characteristic")),
        Column("known", _("Known in")),
        Column("mean", _("Mean")),
        Column("sd", _("SD")),
        Column("median", _("Median")),
        Column("first_quartile", _("Lower quartile")),
        Column("third_quartile", _("Upper quartile")),
        Column("number", _("Number")),
        Column("percent", _("Share"), "%"),
    )
    lines = tuple(
        Row(_quantity(row, said) if isinstance(row, BaselineQuantity) else _trait(row), key=row.key)
        for row in rows
    )
    return Table(key, title, columns, lines, said.all())


def _quantity(row: BaselineQuantity, notes: Notes) -> tuple[Cell, ...]:
    found = summary(row.values)
    name = f"{row.label}, {row.unit}" if row.unit else row.label
    return (
        text(name),
        count(sum(value is not None for value in row.values)),
        notes.estimated(found, lambda one: number(one.mean, row.places)),
        notes.estimated(found, lambda one: notes.estimated(one.sd, lambda sd: number(sd, row.places))),
        notes.estimated(found, lambda one: number(one.median, row.places)),
        notes.estimated(found, lambda one: number(one.first_quartile, row.places)),
        notes.estimated(found, lambda one: number(one.third_quartile, row.places)),
        EMPTY,
        EMPTY,
    )


def _trait(row: Trait) -> tuple[Cell, ...]:
    known = [answer for answer in row.answers if answer is not None]
    share = sum(known) / len(known) if known else None
    return (text(row.label), count(len(known)), *(EMPTY,) * 5, count(sum(known)), percent(share))
