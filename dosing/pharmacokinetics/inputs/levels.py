"""The levels of a case with the weight of each, and the plain proportion of level to dose."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from dosing.pharmacokinetics.inputs.doses import next_intake, planned_until
from dosing.pharmacokinetics.inputs.reported_doses import Intake, drawn_at, is_unlisted, last_dose_at, nearest
from dosing.pharmacokinetics.inputs.strong_interactions import acted_before
from dosing.pharmacokinetics.observed import ObservedLevel
from dosing.rules import treatment
from dosing.rules.case import Case
from dosing.rules.levels.timing import Timing, timing
from patients.rules.record import Episode
from patients.rules.schedules import Schedule

# [D] A level counts half as much with each year of age, and never less than a twentieth.
HALVED_AFTER_DAYS = 365
LEAST_WEIGHT = 0.05
# [D] The time after the dose is half of what a level says.
WEIGHT_WITHOUT_DOSE_TIME = 0.5
# [D] The usual time of the draw, and proportion, are taken from so many of the latest levels.
USUAL_OF, PROPORTION_OF = 3, 4
# [D] Where no draw says better; C12 to C16 is what a morning clinic measures (section 1).
ASSUMED_HOURS = 13.0
# The timings at which a clinic measures for the sake of a target.
USUAL = (Timing.MORNING, Timing.TWENTY_FOUR_HOURS)


class LevelDoseRatio(NamedTuple):
    """Level divided by dose, ng/ml for each mg of a dose: the mean of so many levels of one timing."""

    ng_ml_per_mg: float
    levels: int

    def at(self, mg: float) -> float:
        """The level in ng/ml on doses of so many mg."""
        return self.ng_ml_per_mg * mg


def weight(age_days: int, *, dose_time_known: bool = True) -> float:
    """What part of a level's likelihood counts. age_days: from the draw to the day of the forecast."""
    aged = max(LEAST_WEIGHT, float(0.5 ** (max(0, age_days) / HALVED_AFTER_DAYS)))
    return aged if dose_time_known else aged * WEIGHT_WITHOUT_DOSE_TIME


def usable_levels(case: Case) -> list[treatment.Level]:
    """The levels that a forecast may use, oldest first.

    Left out are levels that a strongly interacting drug changed, and levels whose last dose is not in the
    drug list: the doses before such a level are not known either.
    """
    if case.dose is None:
        return []
    planned = planned_until(case, next_intake(case, case.dose))
    rows = case.treatment.levels_in_order
    return [row for row in rows if not acted_before(case, row.on) and not is_unlisted(planned, row)]


def levels_of(case: Case, rows: Sequence[treatment.Level]) -> list[ObservedLevel]:
    """Those that count, as the estimation sees them."""
    return [
        ObservedLevel(
            drawn_at(row),
            float(row.ng_ml),
            row.comparator,
            weight((case.on - row.on).days, dose_time_known=last_dose_at(row) is not None),
        )
        for row in rows
    ]


def usual_timing(rows: Sequence[treatment.Level]) -> Timing | None:
    """Morning or 24 hours, as most of the latest draws of either, so that one odd draw changes nothing.

    Of two that are as many the later; None where there is none.
    """
    kinds = [kind for row in rows if (kind := _kind(row)) in USUAL][-USUAL_OF:]
    return max(reversed(kinds), key=kinds.count, default=None)


def usual_hours(rows: Sequence[treatment.Level]) -> float | None:
    """Hours from the dose to the patient's usual draw: the median of the latest of one timing.

    Levels of different timing are never averaged, nor their times (specification 4.1).
    """
    kind = usual_timing(rows)
    known = [float(row.hours_after_dose or 0) for row in rows if _kind(row) is kind]
    return statistics.median(known[-USUAL_OF:]) if kind is not None else None


def proportion(case: Case, rows: Sequence[treatment.Level]) -> LevelDoseRatio | None:
    """The mean of the latest exact levels at the usual time, on doses like the present; None without one.

    Section 1: with fewer than four levels a fit forecasts no better than this.
    """
    if case.dose is None:
        return None
    kind, planned = usual_timing(rows), planned_until(case, next_intake(case, case.dose))
    exact = [row for row in rows if not row.comparator and row.ng_ml > 0 and _kind(row) is kind]
    ratios = [float(row.ng_ml) / mg for row in exact if (mg := _dose_mg(case, planned, row))]
    latest = ratios[-PROPORTION_OF:]
    return LevelDoseRatio(statistics.fmean(latest), len(latest)) if latest else None


def _kind(row: treatment.Level) -> Timing:
    return timing(row.hours_after_dose)


def _dose_mg(case: Case, planned: Sequence[Intake], row: treatment.Level) -> float | None:
    """Milligrams of the last dose before the draw; None where it is no dose like the present one.

    By the drug list, as in the fit. Alike: of this treatment, of the same product (which are not
    interchangeable), equally far apart.
    """
    last, now = last_dose_at(row), case.dose
    place = None if last is None else nearest(planned, last)
    if place is None or now is None:
        return None
    then = case.dose_on(planned[place].at.date())
    return planned[place].mg if then is not None and _product(then) == _product(now) else None


def _product(dose: Episode) -> tuple[str, Schedule]:
    return dose.formulation, dose.schedule
