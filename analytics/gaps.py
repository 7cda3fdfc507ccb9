"""What a report could not count because it is not recorded, patient by patient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from analytics.outcomes import PatientOutcome
from analytics.outcomes.values import INCOMPLETE, NO_VISIT, Value
from analytics.report.contents.cohort import Cohort
from patients.rules.verdict import Message
from patients.rules.verdict_json import message_to_json

VISIT, RENAL, EVENT = "visit", "renal", "event"


@dataclass(frozen=True)
class Gap:
    """item: a value of a week, "visit", "renal" or "event". week: None where it belongs to none.

    patient: the row; name: in the report. fact: the row of the visit or event that lacks it. reason: stored.
    """

    patient: int
    name: str
    item: str
    week: int | None
    fact: int | None
    reason: dict[str, Any] | None


def gaps(cohort: Cohort) -> list[dict[str, Any]]:
    """All of them, JSON-ready, in the order of the patients."""
    return [asdict(gap) for name, one in cohort.named() for gap in _of(name, one)]


def _of(name: str, one: PatientOutcome) -> Iterator[Gap]:
    def gap(item: str, week: int | None = None, fact: int | None = None, why: Message | None = None) -> Gap:
        return Gap(one.key, name, item, week, fact, None if why is None else message_to_json(why))

    if one.entry.renal_involvement is None:
        yield gap(RENAL)
    yield from (gap(*lacking) for lacking in _of_week(one, 0))
    if one.week_52.visit is not None:
        yield from (gap(*lacking) for lacking in _of_week(one, 52))
    elif one.observed_52 and not one.staying.stopped and not one.staying.left:
        yield gap(VISIT, 52)
    for event in one.events:
        if event.fact.grade is None or event.fact.serious is None:
            yield gap(EVENT, None, event.fact.id)


def _of_week(one: PatientOutcome, number: int) -> Iterator[tuple[str, int, int | None, Message | None]]:
    week = one.week_0 if number == 0 else one.week_52
    if week.visit is None:
        yield VISIT, number, None, None
    for item, value in week.values.items():
        if value.number is None and item != "egfr" and not _by_visit(value):
            yield item, number, _fact(one, number, value), value.reason


def _by_visit(value: Value) -> bool:
    """Whether the visit itself is missing, which is listed once."""
    return value.reason == NO_VISIT


def _fact(one: PatientOutcome, number: int, value: Value) -> int | None:
    week = one.week_0 if number == 0 else one.week_52
    return week.visit if value.reason == INCOMPLETE else None
