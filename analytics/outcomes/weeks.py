"""The values of a patient at week 0 and week 52: what the study compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analytics.outcomes.values import INCOMPLETE, NO_VISIT, NOT_KNOWN, Value, around, before, none
from dosing.rules.efficacy import dose_before
from patients.rules.dates import age_years
from patients.rules.findings import SYMPTOMS
from patients.rules.glucocorticoids import daily_doses
from patients.rules.record import Person, Record, Visit
from patients.rules.renal import ADULT_YEARS, egfr_japan
from patients.rules.sledai import score
from patients.rules.verdict import gettext_noop, say

ANALYTES = ("c3", "dsdna", "upcr", "creatinine")
EGFR_DECIMALS = Decimal("0.000001")
BOUND = say(gettext_noop("creatinine known as a limit only"))
CHILD = say(gettext_noop("the equation is for adults"))
Values = Mapping[str, Value]


@dataclass(frozen=True)
class WeekFindings:
    """visit: the row whose findings these are, and its day; None: there was none.

    values: prednisolone, sledai, egfr and analytes. symptoms: each of the six, None: not assessed.
    """

    visit: int | None
    on: date | None
    values: Values
    symptoms: Mapping[str, bool | None]


def week_0(record: Record, first: date, visit: Visit | None) -> WeekFindings:
    """What was true when tacrolimus began: prednisolone is that of the day before."""
    values = {analyte: before(record, analyte, first) for analyte in ANALYTES}
    dose = dose_before(record, first)
    values["prednisolone"] = none(NOT_KNOWN) if dose is None else Value(dose, first)
    return _week(record.person, visit, values)


def week_52(record: Record, visit: Visit | None, cut_off: date, start: WeekFindings) -> WeekFindings:
    """What was true at the visit of week 52: prednisolone is that of its day."""
    day = visit.on if visit else None
    values = {analyte: around(record, analyte, day, cut_off, start.values[analyte]) for analyte in ANALYTES}
    values["prednisolone"] = _prednisolone(record, day)
    return _week(record.person, visit, values)


def _prednisolone(record: Record, day: date | None) -> Value:
    if day is None:
        return none(NO_VISIT)
    dose = daily_doses(record, day, day)[day]
    return none(NOT_KNOWN) if dose is None else Value(dose, day)


def _week(person: Person, visit: Visit | None, values: dict[str, Value]) -> WeekFindings:
    values["sledai"] = none(NO_VISIT) if visit is None else sledai(score(visit.sledai).total, visit.on)
    values["egfr"] = egfr(person.birth.earliest, person.sex, values["creatinine"])
    symptoms = {code: _has(visit, code) for code in SYMPTOMS}
    return WeekFindings(visit.id if visit else None, visit.on if visit else None, values, symptoms)


def sledai(total: int | None, on: date) -> Value:
    """The total of a visit; None: something is unanswered."""
    return none(INCOMPLETE) if total is None else Value(Decimal(total), on)


def egfr(birth: date, sex: str, creatinine: Value) -> Value:
    """By the Japanese equation, at the age on the day of the sample."""
    if creatinine.number is None or creatinine.on is None:
        return creatinine
    if creatinine.comparator:
        return none(BOUND)
    age = age_years(birth, creatinine.on)
    if age < ADULT_YEARS:
        return none(CHILD)
    found = Decimal(egfr_japan(float(creatinine.number), age, sex)).quantize(EGFR_DECIMALS)
    return Value(found, creatinine.on)


def _has(visit: Visit | None, code: str) -> bool | None:
    symptom = visit.symptoms.get(code) if visit else None
    return None if symptom is None or symptom.severity is None else symptom.severity > 0
