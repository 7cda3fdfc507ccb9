"""When nothing is forecast, in words: better measured than guessed."""

from __future__ import annotations

from collections.abc import Iterator

from dosing.pharmacokinetics.inputs.doses import doses_of, next_intake
from dosing.pharmacokinetics.inputs.strong_interactions import ACTS, ACTS_DAYS, acting
from dosing.rules.case import Case
from patients.rules.evidence import drug_name
from patients.rules.record import Route
from patients.rules.schedules import DAYS_BETWEEN_DOSES
from patients.rules.verdict import Message, gettext_noop, say

NOT_TAKEN = gettext_noop("Tacrolimus is not taken today: there is no level to forecast")
DOSE_UNKNOWN = gettext_noop("The dose of tacrolimus from %(day)s on is not known: enter it first")
OTHER_SCHEDULE = gettext_noop(
    "Tacrolimus from %(day)s on is not one equal dose every day or every few days: no model is asked for that"
)
NOT_BY_MOUTH = gettext_noop("Tacrolimus was not taken by mouth from %(day)s on: no model holds for that")
ENDS = gettext_noop("By the drug list the last dose was that of %(day)s: there is no dose to come")
TAKEN = gettext_noop(
    "%(drug)s changes the level too strongly for any forecast, and for %(days)s days after its last dose: "
    "measure instead"
)
STOPPED = gettext_noop(
    "%(drug)s was taken until %(day)s, and acts until %(until)s: measure instead of forecasting"
)


def refusals(case: Case) -> list[Message]:
    """Why no level can be forecast for this patient on this day; empty where one can."""
    return [*_of_tacrolimus(case), *_of_other_drugs(case)]


def _of_tacrolimus(case: Case) -> Iterator[Message]:
    if case.dose is None:
        yield say(NOT_TAKEN)
        return
    for row in doses_of(case):
        if row.dose_mg is None:
            yield say(DOSE_UNKNOWN, day=row.start)
        if row.schedule not in DAYS_BETWEEN_DOSES:
            yield say(OTHER_SCHEDULE, day=row.start)
        if row.route != Route.ORAL:
            yield say(NOT_BY_MOUTH, day=row.start)
    last, is_known = case.dose.last_day, case.dose.schedule in DAYS_BETWEEN_DOSES
    if is_known and last is not None and next_intake(case, case.dose).date() > last:
        yield say(ENDS, day=last)


def _of_other_drugs(case: Case) -> Iterator[Message]:
    for drug, stopped in acting(case, case.on):
        name = drug_name(drug, "").text
        if stopped is None:
            yield say(TAKEN, drug=name, days=ACTS_DAYS)
        else:
            yield say(STOPPED, drug=name, day=stopped, until=stopped + ACTS)
