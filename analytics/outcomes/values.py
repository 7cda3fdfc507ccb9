"""A number of a patient at a week of treatment, or the reason why there is none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from patients.rules.limits import Side, side
from patients.rules.record import LaboratoryValue, Record
from patients.rules.verdict import Message, gettext_noop, say

# [D] A result of the eight weeks before the first dose is used for week 0.
BEFORE_DAYS = 56
# [D] A result within four weeks of the visit of week 52 is used for week 52.
AROUND_DAYS = 28

NO_VISIT = say(gettext_noop("no visit of that week"))
NOT_MEASURED = say(gettext_noop("not measured"))
NOT_KNOWN = say(gettext_noop("dose not known"))
INCOMPLETE = say(gettext_noop("SLEDAI not complete"))
ANOTHER_METHOD = say(gettext_noop("measured by another method than before"))


class Value(NamedTuple):
    """number: in the canonical unit of what it is; None with the reason. on: the day on which it was true.

    comparator: "<" or ">" where only a bound is known, and the bound is the number.
    """

    number: Decimal | None
    on: date | None = None
    reason: Message | None = None
    comparator: str = ""
    method: str = ""
    side: Side = Side.UNKNOWN


def none(reason: Message) -> Value:
    return Value(None, reason=reason)


def before(record: Record, analyte: str, first: date) -> Value:
    """The last result on or before the day of the first dose, at most eight weeks old."""
    rows = [row for row in _numbers(record, analyte, first) if (first - row.on).days <= BEFORE_DAYS]
    return _value(rows[-1]) if rows else none(NOT_MEASURED)


def around(record: Record, analyte: str, day: date | None, cut_off: date, same_as: Value) -> Value:
    """The result nearest to the visit of week 52, the earlier of two; None: there was no such visit.

    Where an analyte depends on the method, only results of the earlier method can be compared.
    """
    if day is None:
        return none(NO_VISIT)
    rows = [row for row in _numbers(record, analyte, cut_off) if abs((row.on - day).days) <= AROUND_DAYS]
    same = [row for row in rows if not same_as.method or row.method == same_as.method]
    if not same:
        return none(ANOTHER_METHOD if rows else NOT_MEASURED)
    return _value(min(same, key=lambda row: (abs((row.on - day).days), row.on, row.time, row.id)))


def _numbers(record: Record, analyte: str, on: date) -> list[LaboratoryValue]:
    """In the order of the record: a report takes the last of a day, not the worst that may be the last."""
    rows = record.laboratory_in_order.get(analyte, ())
    return [row for row in rows if row.on <= on and row.value is not None]


def _value(row: LaboratoryValue) -> Value:
    assert row.value is not None  # noqa: S101 - only numbers come here
    where = side(row.value, row.comparator, row.lower_limit, row.upper_limit)
    return Value(row.value, row.on, None, row.comparator, row.method, where)
