"""One patient's outcome: everything that the report counts of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from analytics.outcomes.activity import Activity, activity
from analytics.outcomes.facts import Facts
from analytics.outcomes.started import Started, started
from analytics.outcomes.weeks import WeekFindings
from dosing.rules.case import Case, case_of
from dosing.rules.efficacy import WEEK_52, Efficacy, efficacy
from dosing.rules.levels import TimeInRange, morning_band, morning_levels, time_in_range
from dosing.rules.thresholds import STUDY, Thresholds
from dosing.rules.treatment import AdverseEvent
from patients.rules.glucocorticoids import daily_doses
from patients.rules.sledai import score
from patients.rules.steroid_exposure import Exposure, exposure

Path = tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True)
class EventUnderTreatment:
    """An adverse event under treatment. day: since the first dose; level: the last one up to its day."""

    fact: AdverseEvent
    day: int
    level_ng_ml: Decimal | None


@dataclass(frozen=True)
class PatientOutcome(Started):
    """A patient who took tacrolimus, assessed up to a cut-off. Paths are (day since the first dose, value).

    levels: the morning levels (day, ng/ml); in_range: their time in the patient's own range.
    exposure: prednisolone of the first 52 weeks, as far as the cut-off.
    """

    efficacy: Efficacy
    exposure: Exposure
    activity: Activity
    prednisolone: Path
    sledai: Path
    levels: Path
    in_range: TimeInRange
    events: tuple[EventUnderTreatment, ...]


def outcome(facts: Facts, cut_off: date, thresholds: Thresholds = STUDY) -> PatientOutcome | None:
    """What became of a patient, from what was known on the cut-off; None where they never took tacrolimus."""
    begun = started(facts, cut_off, thresholds)
    return None if begun is None else patient_outcome(begun, facts, cut_off, thresholds)


def patient_outcome(
    begun: Started, facts: Facts, cut_off: date, thresholds: Thresholds = STUDY
) -> PatientOutcome:
    """What the rules say of a patient who started. Raises ValueError for another patient's facts."""
    case = case_of(facts.record, facts.treatment, cut_off, thresholds)
    found = efficacy(case)
    if found is None or begun.key != facts.key:
        raise ValueError(f"the facts of patient {facts.key} are not those of {begun.key}, who started")
    first, until = begun.first, min(found.judged_on, cut_off)
    return PatientOutcome(
        **vars(begun),
        efficacy=found,
        exposure=exposure(case.record, first, min(first + timedelta(days=WEEK_52), cut_off)),
        activity=activity(case.record, first, until, found.visit),
        prednisolone=_doses(case, first, until),
        sledai=_sledai(case, first, until, begun.week_0),
        levels=_levels(case, first),
        in_range=_in_range(case),
        events=tuple(_events(case, first)),
    )


def _doses(case: Case, first: date, until: date) -> Path:
    """The prednisolone of each day on which it changed, and of the last."""
    path: list[tuple[int, Decimal]] = []
    before = None
    for day, mg in daily_doses(case.record, first - timedelta(days=1), until).items():
        if mg is not None and (mg != before or day == until):
            path.append((max(0, (day - first).days), mg))
        before = mg
    return tuple(path)


def _sledai(case: Case, first: date, until: date, start: WeekFindings) -> Path:
    path = []
    for visit in case.record.visits_in_order:
        total = score(visit.sledai).total
        if total is None or visit.on > until:
            continue
        if visit.id == start.visit:
            path.append((0, Decimal(total)))
        elif visit.on > first:
            path.append(((visit.on - first).days, Decimal(total)))
    return tuple(path)


def _levels(case: Case, first: date) -> Path:
    rows = morning_levels(case.treatment.levels)
    return tuple(((row.on - first).days, row.ng_ml) for row in rows if row.on >= first)


def _in_range(case: Case) -> TimeInRange:
    targets = sorted(case.treatment.targets, key=lambda target: (target.set_on, target.id))
    return time_in_range(
        case.treatment.levels, morning_band(targets[-1] if targets else None, case.thresholds)
    )


def _events(case: Case, first: date) -> list[EventUnderTreatment]:
    found = []
    for fact in sorted(case.treatment.adverse_events, key=lambda event: (event.on, event.id)):
        if fact.on >= first:
            before = [row for row in case.treatment.levels_in_order if first <= row.on <= fact.on]
            level = before[-1].ng_ml if before else None
            found.append(EventUnderTreatment(fact, (fact.on - first).days, level))
    return found
