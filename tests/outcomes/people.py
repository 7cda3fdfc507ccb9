"""One invented patient who takes tacrolimus, changed a little for each test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from analytics.outcomes import Facts, PatientOutcome, outcome
from demo.samples import base
from dosing.rules.treatment import Treatment
from patients.rules.record import Episode, LaboratoryValue, Record, Visit

FIRST = date(2024, 1, 15)
LATE = FIRST + timedelta(days=1000)


def day(number: int) -> date:
    """The day so many days after the first tacrolimus dose."""
    return FIRST + timedelta(days=number)


def tacrolimus(start: int = 0, last: int | None = None, mg: str = "3") -> Episode:
    return Episode(
        50 + start, "tacrolimus", day(start), Decimal(mg), None if last is None else day(last),
        formulation="capsule",
    )  # fmt: skip


def steroid(start: int, last: int | None, mg: str) -> Episode:
    return Episode(80 + start, "prednisolone", day(start), Decimal(mg), None if last is None else day(last))


def start(*doses: Episode) -> Record:
    """In stable maintenance until the first dose, with a rash at the last visit before it."""
    record = base.with_rash(base.base_record(FIRST))
    return base.with_episodes(record, *(doses or (tacrolimus(),)))


def visit(record: Record, number: int, **sledai: bool | None) -> Visit:
    """A quiet visit on that day; answers that differ are given."""
    last = record.visits_in_order[-1]
    answers = {**dict.fromkeys(last.sledai, False), **sledai}
    return replace(last, id=900 + number, on=day(number), sledai=answers)


def with_visits(record: Record, *numbers: int, **sledai: bool | None) -> Record:
    return replace(record, visits=(*record.visits, *(visit(record, number, **sledai) for number in numbers)))


def result(analyte: str, number: int, value: str, **more: Any) -> LaboratoryValue:
    return replace(base.result(analyte, day(number), value), id=2000 + number, **more)


def with_results(record: Record, *results: LaboratoryValue) -> Record:
    """These results instead of the patient's own of the same analytes."""
    measured = {row.analyte for row in results}
    others = tuple(row for row in record.laboratory if row.analyte not in measured)
    return replace(record, laboratory=(*others, *results))


def of(record: Record, cut_off: date = LATE, treatment: Treatment | None = None) -> PatientOutcome:
    found = outcome(Facts(1, record, treatment or Treatment()), cut_off)
    assert found is not None
    return found
