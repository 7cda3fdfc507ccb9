"""The levels of a case with the weight of each, and the plain proportion of level to dose."""

from __future__ import annotations

import statistics
from decimal import Decimal
from typing import NamedTuple

from dosing.pharmacokinetics.observed import Level
from dosing.pharmacokinetics.of_case.doses import drawn_at
from dosing.rules import treatment
from dosing.rules.case import Case
from dosing.rules.levels.timing import Timing, timing

# [D] A level counts half as much with each year of age, and never less than a twentieth.
HALVED_AFTER_DAYS = 365
LEAST_WEIGHT = 0.05
# [D] The time after the dose is half of what a level says.
WEIGHT_WITHOUT_DOSE_TIME = 0.5
# [D] The usual time of the draw, and proportion, are taken from so many of the latest levels.
USUAL_OF, PROPORTION_OF = 3, 4
# [D] Where no draw says better; C12 to C16 is what a morning clinic measures (section 1).
ASSUMED_HOURS = 13.0


class Proportion(NamedTuple):
    """Level divided by dose, ng/ml for each mg a day: the mean of so many levels of one timing."""

    ng_ml_per_mg: float
    levels: int

    def at(self, mg: float) -> float:
        """The level in ng/ml on mg a day."""
        return self.ng_ml_per_mg * mg


def weight(age_days: int, *, dose_time_known: bool = True) -> float:
    """What part of a level's likelihood counts. age_days: from the draw to the day of the forecast."""
    aged = max(LEAST_WEIGHT, float(0.5 ** (max(0, age_days) / HALVED_AFTER_DAYS)))
    return aged if dose_time_known else aged * WEIGHT_WITHOUT_DOSE_TIME


def levels_of(case: Case) -> list[Level]:
    """Every level up to the day, oldest first, as the estimation sees it."""
    return [
        Level(
            drawn_at(row),
            float(row.ng_ml),
            row.comparator,
            weight((case.on - row.on).days, dose_time_known=row.hours_after_dose is not None),
        )
        for row in case.treatment.levels_in_order
    ]


def usual_hours(case: Case) -> float | None:
    """Hours from the dose to the patient's usual draw: the median of the latest; None where none is known."""
    known = [
        float(row.hours_after_dose)
        for row in case.treatment.levels_in_order
        if row.hours_after_dose is not None and _kind(row) in (Timing.MORNING, Timing.TWENTY_FOUR_HOURS)
    ]
    return statistics.median(known[-USUAL_OF:]) if known else None


def proportion(case: Case) -> Proportion | None:
    """The mean of the latest exact levels drawn at the usual time, of this treatment; None without one.

    Section 1: with fewer than four levels a fit forecasts no better than this.
    """
    hours = usual_hours(case)
    first = case.first_dose_on
    if hours is None or first is None:
        return None
    kind = timing(Decimal(str(hours)))
    rows = [
        (float(row.ng_ml), float(mg))
        for row in case.treatment.levels_in_order
        if row.on >= first and not row.comparator and _kind(row) is kind and (mg := _dose_mg(case, row))
    ]
    ratios = [ng_ml / mg for ng_ml, mg in rows[-PROPORTION_OF:]]
    return Proportion(statistics.fmean(ratios), len(ratios)) if ratios else None


def _kind(row: treatment.Level) -> Timing:
    return timing(row.hours_after_dose)


def _dose_mg(case: Case, row: treatment.Level) -> Decimal | None:
    if row.dose_mg is not None:
        return row.dose_mg
    dose = case.dose_on(row.on)
    return None if dose is None else dose.mg_per_day
