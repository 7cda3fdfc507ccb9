"""What kind of course an invented patient has: their phase, the days of their visits, and their temperament.

Everything is drawn from one seeded generator a patient, so that the same seed invents the same clinic,
whatever the order or the number of patients.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

VISIT_INTERVAL_DAYS = (28, 84)
EARLY_INTERVAL_DAYS = (14, 26)
KNOWN_BEFORE_START_DAYS = 240
FLARE_SHARE = 0.35
RENAL_SHARE = 0.45
FEWEST_VISITS, MOST_VISITS = 9, 13
STUDY_WEEKS = 52


class SyntheticPhase(enum.StrEnum):
    """The stage of a patient's treatment today."""

    EARLY = "treated for less than a year"
    STABLE = "stable maintenance"
    WORSENED = "mild symptoms worsened"
    FALLING_C3 = "C3 falling"
    INCOMPLETE = "something is missing"
    ACTIVE_ORGAN = "active organ disease"
    CONTRAINDICATED = "tacrolimus contraindicated"
    ON_TACROLIMUS = "on tacrolimus, within 52 weeks"
    AFTER_STUDY = "on tacrolimus, after 52 weeks"
    STOPPED = "tacrolimus stopped"


# Shares of a clinic of maintenance patients: this project's choice, to have all phases in number.
SHARES = {
    SyntheticPhase.EARLY: 8,
    SyntheticPhase.STABLE: 34,
    SyntheticPhase.WORSENED: 8,
    SyntheticPhase.FALLING_C3: 6,
    SyntheticPhase.INCOMPLETE: 10,
    SyntheticPhase.ACTIVE_ORGAN: 4,
    SyntheticPhase.CONTRAINDICATED: 4,
    SyntheticPhase.ON_TACROLIMUS: 14,
    SyntheticPhase.AFTER_STUDY: 8,
    SyntheticPhase.STOPPED: 4,
}
# Weeks since the first dose of tacrolimus.
WEEKS_SINCE_START = {
    SyntheticPhase.ON_TACROLIMUS: (1, STUDY_WEEKS - 1),
    SyntheticPhase.AFTER_STUDY: (STUDY_WEEKS + 1, 90),
    SyntheticPhase.STOPPED: (8, 80),
}


@dataclass(frozen=True)
class CoursePlan:
    """The frame of one course. activity is the usual disease activity, 0 (quiet) to 1."""

    on: date
    phase: SyntheticPhase
    visit_days: tuple[date, ...]
    tacrolimus_start: date | None
    tacrolimus_last_day: date | None
    flare_day: date | None
    activity: float
    usual_c3_mg_dl: float
    renal: bool


def plan(random: Random, on: date) -> CoursePlan:
    """Draw the frame of a course that is seen on the day `on`."""
    phase = random.choices(list(SHARES), weights=list(SHARES.values()))[0]
    start = _start(random, on, phase)
    visit_days = _visit_days(random, on, phase, start)
    return CoursePlan(
        on=on,
        phase=phase,
        visit_days=visit_days,
        tacrolimus_start=start,
        tacrolimus_last_day=_last_day(random, on, phase, start),
        flare_day=random.choice(visit_days[1:-2]) if random.random() < FLARE_SHARE else None,
        activity=random.betavariate(2, 6),
        usual_c3_mg_dl=random.gauss(98, 9),
        renal=random.random() < RENAL_SHARE,
    )


def _visit_days(random: Random, on: date, phase: SyntheticPhase, start: date | None) -> tuple[date, ...]:
    """Oldest first; the last within two weeks, or months ago where something is missing.

    They reach back far enough before the first dose of tacrolimus for a usual C3 and a stable steroid.
    """
    late = phase is SyntheticPhase.INCOMPLETE and random.random() < 1 / 2
    day = on - timedelta(days=random.randint(60, 120) if late else random.randint(0, 13))
    further = random.randint(FEWEST_VISITS, MOST_VISITS) - 1
    known_since = on if start is None else start - timedelta(days=KNOWN_BEFORE_START_DAYS)
    at_least = -(-(day - known_since).days // further)
    days = [day]
    for _ in range(further):
        interval = random.randint(
            *(EARLY_INTERVAL_DAYS if phase is SyntheticPhase.EARLY else VISIT_INTERVAL_DAYS)
        )
        day -= timedelta(days=max(interval, at_least))
        days.append(day)
    return tuple(reversed(days))


def _start(random: Random, on: date, phase: SyntheticPhase) -> date | None:
    weeks = WEEKS_SINCE_START.get(phase)
    return None if weeks is None else on - timedelta(days=7 * random.randint(*weeks) + random.randint(0, 6))


def _last_day(random: Random, on: date, phase: SyntheticPhase, start: date | None) -> date | None:
    if phase is not SyntheticPhase.STOPPED or start is None:
        return None
    return start + timedelta(days=random.randint(6, (on - start).days - 1))
