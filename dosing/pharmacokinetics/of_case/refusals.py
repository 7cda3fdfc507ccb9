"""When nothing is forecast, in words: better measured than guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dosing.pharmacokinetics.of_case.doses import doses_of
from dosing.rules.case import Case
from patients.rules.drugs import INDUCER, STRONG_INHIBITOR, members
from patients.rules.evidence import drug_name
from patients.rules.reading import active_episodes, episodes_of
from patients.rules.verdict import Message, gettext_noop, say

# A strong inhibitor or inducer still acts for so long after its last dose (section 2).
ACTS_DAYS = 14
STRONG = members(STRONG_INHIBITOR, INDUCER)

NOT_TAKEN = gettext_noop("Tacrolimus is not taken today: there is no level to forecast")
DOSE_UNKNOWN = gettext_noop("The dose of tacrolimus from %(day)s on is not known: enter it first")
NOT_BY_MOUTH = gettext_noop("Tacrolimus was not taken by mouth from %(day)s on: no model holds for that")
TAKEN = gettext_noop(
    "%(drug)s changes the level too strongly for any forecast, and for %(days)s days after it: measure "
    "instead"
)
STOPPED = gettext_noop(
    "%(drug)s was taken until %(day)s and acts for %(days)s days more: measure instead of forecasting"
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
        if row.route != "oral":
            yield say(NOT_BY_MOUTH, day=row.start)


def _of_other_drugs(case: Case) -> Iterator[Message]:
    active = {row.drug: row for row in active_episodes(case.record, STRONG, case.on)}
    for row in active.values():
        yield say(TAKEN, drug=drug_name(row.drug, row.drug_text).text, days=ACTS_DAYS)
    for drug, last in sorted(_stopped(case).items()):
        if drug not in active:
            yield say(STOPPED, drug=drug_name(drug, "").text, day=last, days=ACTS_DAYS)


def _stopped(case: Case) -> dict[str, date]:
    """The last day of each that was taken, or given once, within the last two weeks."""
    since = case.on - timedelta(days=ACTS_DAYS)
    ended = [
        (row.drug, row.last_day)
        for row in episodes_of(case.record, STRONG, case.on)
        if row.last_day is not None and row.dose_mg != 0
    ]
    given = [(row.drug, row.on) for row in case.record.administrations if row.drug in STRONG]
    found: dict[str, date] = {}
    for drug, last in sorted([*ended, *given], key=lambda pair: pair[1]):
        if since <= last <= case.on:
            found[drug] = last
    return found
