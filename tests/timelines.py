"""A record with something in every lane of the time axis, and rows that only the database has."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from accounts.models import User
from demo.samples import base
from dosing.levels.services import record_level
from dosing.models import Decision, TacrolimusLevel
from patients.models import Laboratory, Patient
from patients.rules.record import Administration, Episode, LaboratoryValue, Record, Statement, Visit
from patients.rules.sledai import ITEMS
from patients.services import writing

WEEKS_ON_TACROLIMUS = 20
MONTH = 28
LEVELS = ((98, "6.2", 12, ""), (70, "11.8", 25, ""), (42, "7", None, ""), (14, "1.5", 12, "<"))
METHODS = (("ELISA", "12"), ("Farr", "7"))


def full_record(on: date, visits: int = 13) -> Record:
    """Monthly visits with results; tacrolimus for 20 weeks; an infection, a pulse, two anti-dsDNA methods."""
    record = base.base_record(on)
    days = [base.before(on, MONTH * number) for number in reversed(range(visits))]
    start = base.before(on, 7 * WEEKS_ON_TACROLIMUS)
    results = [row for number, day in enumerate(days) for row in _results(number, day)]
    return replace(
        record,
        visits=tuple(_visit(record.visits[0], number, day) for number, day in enumerate(days)),
        laboratory=tuple(results),
        episodes=(
            Episode(0, "prednisolone", base.before(on, 900), Decimal(10), last_day=base.before(on, 101)),
            Episode(0, "prednisolone", base.before(on, 100), Decimal("7.5")),
            Episode(0, "tacrolimus", start, Decimal(2), last_day=base.before(on, 71)),
            Episode(0, "tacrolimus", base.before(on, 70), Decimal(3)),
            Episode(0, "hydroxychloroquine", base.before(on, 1200), Decimal(200)),
            Episode(0, "mizoribine", base.before(on, 700), Decimal(150), last_day=base.before(on, 300)),
            Episode(0, "mycophenolate_mofetil", base.before(on, 290), Decimal(1000), last_day=start),
        ),
        administrations=(Administration(0, "methylprednisolone", base.before(on, 320), Decimal(500)),),
        statements=(*record.statements, Statement(0, "malignancy", base.before(on, 200), True)),
    )


def _visit(example: Visit, number: int, day: date) -> Visit:
    """Activity rises, then falls; at every fifth visit two items stay open."""
    found = {"rash": number % 3 == 1, "low_complement": number % 4 > 1, "arthritis": number % 7 == 3}
    answers: dict[str, bool | None] = {item.code: found.get(item.code, False) for item in ITEMS}
    if number % 5 == 4:
        answers |= {"fever": None, "leukopenia": None}
    seen = {**example.observations, "infection": number == 6}
    return replace(example, on=day, sledai=answers, observations=seen)


def _results(number: int, day: date) -> list[LaboratoryValue]:
    c3 = base.result("c3", day, str(96 - number * 2 if number < 7 else 70 + number * 2))
    dsdna = [
        replace(
            base.result("dsdna", day, str(2 if number == 0 else 10 + (number * 7) % 13)),
            method=method,
            upper_limit=Decimal(limit),
            comparator="<" if number == 0 else "",
        )
        for method, limit in METHODS[: 1 + number % 2]
    ]
    return [
        replace(c3, during_infection=number == 6),
        *dsdna,
        base.result("creatinine", day, f"0.{60 + number}"),
    ]


def add_levels(patient: Patient, by: User, on: date) -> None:
    """A morning level of 6.2, one of 11.8 drawn after 25 hours, one whose dose time is unknown, one <1.5."""
    laboratory = Laboratory.objects.filter(clinic=patient.clinic).earliest("pk")
    for days, value, hours, comparator in LEVELS:
        drawn = datetime.combine(base.before(on, days), datetime.min.time(), tzinfo=UTC)
        level = TacrolimusLevel(
            patient=patient, drawn_at=drawn, value_ng_ml=Decimal(value), comparator=comparator, assay="CLIA",
            last_dose_at=None if hours is None else drawn - timedelta(hours=hours), dose_mg=Decimal(3),
            entered=f"{comparator}{value}", laboratory=laboratory,
        )  # fmt: skip
        record_level(level=level, by=by)


def add_decision(patient: Patient, by: User, on: date) -> Decision:
    """Not now, decided 250 days before."""
    day = base.before(on, 250)
    row = Decision(
        patient=patient, kind="not_now", on=day, answer="cannot_tell", gate="clear",
        verdict={"criteria": {}}, safety={"state": "clear"},
        reason_code="repeat_first", snooze_until=day + timedelta(days=30),
    )  # fmt: skip
    return writing.insert(row, by=by, submission=None)
