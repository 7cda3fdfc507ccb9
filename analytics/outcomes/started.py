"""A patient who started tacrolimus: what they were like then, at week 52, and how long they kept to it.

These are numbers and dates as recorded. What the rules say of them is in analytics.outcomes.outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.outcomes.entry import BaselineCharacteristics, entry
from analytics.outcomes.facts import Facts
from analytics.outcomes.retention import Staying, staying
from analytics.outcomes.weeks import WeekFindings, week_0, week_52
from dosing.rules.efficacy import WINDOW_LAST, week_52_visit
from dosing.rules.thresholds import STUDY, Thresholds
from patients.rules.reading import latest_visit


@dataclass(frozen=True)
class Started:
    """key: the row of the patient; first: the day of the first dose.

    observed_52: week 52 lies before the cut-off, so that its visit can be asked for.
    """

    key: int
    first: date
    entry: BaselineCharacteristics
    week_0: WeekFindings
    week_52: WeekFindings
    observed_52: bool
    staying: Staying


def started(facts: Facts, cut_off: date, thresholds: Thresholds = STUDY) -> Started | None:
    """What was recorded of a patient up to the cut-off; None where they never took tacrolimus.

    This says what is meant, patient by patient. analytics.columns reads the same of a whole clinic.
    """
    known = facts.as_of(cut_off)
    kept = staying(known.record, known.treatment, cut_off)
    if kept is None:
        return None
    first = kept.first
    before = latest_visit(known.record, first, thresholds.visit_max_age_days)
    at_52 = week_52_visit(known.record, first)
    start = week_0(known.record, first, before)
    return Started(
        key=facts.key,
        first=first,
        entry=entry(known.record, first, kept.first_mg, before, start.values["prednisolone"].number),
        week_0=start,
        week_52=week_52(known.record, at_52, cut_off, start),
        observed_52=is_observed(first, at_52 is not None, cut_off),
        staying=kept,
    )


def is_observed(first: date, seen: bool, cut_off: date) -> bool:
    """Whether the visit of week 52 was there, or its time is over."""
    return seen or cut_off > first + timedelta(days=WINDOW_LAST)
