"""All that a forecast of one case is computed from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dosing.pharmacokinetics.adjustments import DEFAULT
from dosing.pharmacokinetics.estimation import fit
from dosing.pharmacokinetics.forecast import Component, Forecast, ForecastQuestion, forecast
from dosing.pharmacokinetics.inputs.blocking_issues import blocking_issues, doubtful
from dosing.pharmacokinetics.inputs.covariate_summary import covariate_summary
from dosing.pharmacokinetics.inputs.covariates import components, covariates_of, other_genotype
from dosing.pharmacokinetics.inputs.doses import doses_of, next_intake, regimen_of
from dosing.pharmacokinetics.inputs.levels import (
    ASSUMED_HOURS,
    LevelDoseRatio,
    levels_of,
    proportion,
    usable_levels,
    usual_hours,
    usual_timing,
)
from dosing.pharmacokinetics.inputs.refusals import refusals
from dosing.pharmacokinetics.inputs.uncertainty import doubts
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.observed import ObservedLevel
from dosing.pharmacokinetics.regimen import DAY_HOURS, Covariates, Regimen, covariates_at
from dosing.pharmacokinetics.warnings import warnings
from dosing.rules import treatment
from dosing.rules.case import Case
from dosing.rules.levels.interpretation import LevelRange, band_for, morning_band
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.levels.timing import Timing, timing
from patients.rules.record import Episode
from patients.rules.schedules import DAYS_BETWEEN_DOSES
from patients.rules.verdict import Message, gettext_noop, say

# [D] Where no level is due, the next draw is looked at after so many days.
DRAW_AFTER_DAYS = 28
# [D] How far back a picture of the levels goes, and of how many days it tells at most.
PICTURED_DAYS, PICTURED_POINTS = 182, 60

ASSUMED_DRAW = gettext_noop(
    "No draw with a known time of the dose: the level is forecast for %(hours)s h after the dose"
)


OTHER_DRAWS = gettext_noop(
    "All known draws were at other times than the usual ones: the level is forecast for %(hours)s h after "
    "the dose, which is fragile"
)
OTHER_DRAW = gettext_noop(
    "The last level was drawn %(last)s h after the dose: the forecast is for the usual %(hours)s h"
)


@dataclass(frozen=True)
class Inputs:
    """dose_mg: each intake now. hours: from the dose to the usual draw.

    band: the target, ng/ml, None where none holds at that time: then the question's is that of the morning,
    and its chances say nothing. counted: the levels that count, as recorded; levels: the same for the fit.
    proportion: level divided by dose, None without a level to take it from.
    """

    case: Case
    dose_mg: float
    regimen: Regimen
    counted: tuple[treatment.Level, ...]
    levels: tuple[ObservedLevel, ...]
    covariates: Covariates
    components: tuple[Component, ...]
    question: ForecastQuestion
    hours: float
    band: LevelRange | None
    proportion: LevelDoseRatio | None

    def forecast(self, model: Model = DEFAULT) -> Forecast:
        """The next level and every dose option."""
        return forecast(model, self.regimen, self.levels, self.components, self.question)

    def pictured(self) -> Inputs:
        """The same, asked for the levels of a picture as well."""
        at = tuple(_moments(self.case, self.question))
        return replace(self, question=replace(self.question, course_at=at))

    def blocking_issues(self, found: Forecast) -> list[Message]:
        """What must be resolved before a dose is marked."""
        fit = found.fits[self._likeliest(found).name]
        odd = usual_hours(self.counted) is None and any(row.hours_after_dose for row in self.counted)
        return blocking_issues(self.case, self.band, self.hours, fit, only_odd_draws=odd)

    def is_doubtful(self, found: Forecast) -> bool:
        """Whether the levels contradict the fit."""
        return bool(doubtful(found.fits[self._likeliest(found).name]))

    def covariate_summary(self, model: Model = DEFAULT) -> list[Message]:
        """What the model takes into account besides doses and levels."""
        return covariate_summary(self.case, model)

    def _of_hours(self) -> Iterator[Message]:
        """Where the usual time of the draw is none, or was not that of the last one."""
        known = [float(row.hours_after_dose) for row in self.counted if row.hours_after_dose is not None]
        if usual_hours(self.counted) is None:
            text = OTHER_DRAWS if known else ASSUMED_DRAW
            yield say(text, hours=f"{self.hours:g}")
        elif timing(self.counted[-1].hours_after_dose) not in (usual_timing(self.counted), Timing.UNKNOWN):
            yield say(OTHER_DRAW, last=f"{known[-1]:g}", hours=f"{self.hours:g}")

    def _likeliest(self, found: Forecast) -> Component:
        """Its fit represents both genotypes."""
        return max(self.components, key=lambda one: found.chances[one.name])

    def warnings(self, found: Forecast, model: Model = DEFAULT) -> list[Message]:
        """What a reader must know in addition to the numbers."""
        likeliest = self._likeliest(found)
        other = other_genotype(self.case, self.covariates)
        compared = (
            None
            if other is None
            else fit(model, self.regimen, self.levels, other, until=self.question.draw_at)
        )
        known = covariates_at(likeliest.covariates, self.question.next_intake)
        return [
            *doubts(self.case, model, self.covariates),
            *warnings(found.fits[likeliest.name], known, compared),
            *self._of_hours(),
        ]


def inputs_of(case: Case, draw_on: date | None = None) -> Inputs:
    """draw_on: when the next level is due. ValueError where a forecast is refused."""
    dose = case.dose
    if dose is None or refusals(case):
        raise ValueError("no forecast for this case")
    covariates = covariates_of(case)
    targets = case.treatment.targets
    target = max(targets, key=lambda row: (row.set_on, row.id), default=None)
    rows = usable_levels(case)
    band = band_for(usual_timing(rows) or Timing.MORNING, target, case.thresholds)
    asked = band or morning_band(target, case.thresholds)
    following = next_intake(case, dose)
    between = DAYS_BETWEEN_DOSES[dose.schedule]
    # A draw after more than a whole interval waits with the dose: it is the level before that dose.
    hours = min(usual_hours(rows) or ASSUMED_HOURS, between * DAY_HOURS)
    question = ForecastQuestion(
        draw_at=_draw(following, between, hours, _draw_on(case, dose, draw_on)),
        next_intake=following,
        low_ng_ml=float(asked.low_ng_ml),
        high_ng_ml=float(asked.high_ng_ml),
        urgent_ng_ml=float(LEVELS.urgent_ng_ml),
        interval_hours=between * DAY_HOURS,
    )
    return Inputs(
        case=case,
        dose_mg=float(dose.dose_mg or 0),
        regimen=regimen_of(case, dose),
        counted=tuple(rows),
        levels=tuple(levels_of(case, rows)),
        covariates=covariates,
        components=tuple(components(case, covariates)),
        question=question,
        hours=hours,
        band=band,
        proportion=proportion(case, rows),
    )


def _draw_on(case: Case, dose: Episode, draw_on: date | None) -> date:
    """The day that is planned, but no later than the morning after a last dose in the future."""
    on = draw_on or case.on + timedelta(days=DRAW_AFTER_DAYS)
    return on if dose.last_day is None else min(on, dose.last_day + timedelta(days=1))


def _draw(following: datetime, between: int, hours: float, on: date) -> datetime:
    """So many hours after the last intake before the day of the draw, at the earliest after the next one.

    After a whole interval it is before the next one, whose dose says nothing of it.
    """
    first = following + timedelta(hours=hours % (between * DAY_HOURS))
    steps = max(0, (on - first.date()).days // between)
    return first + timedelta(days=steps * between)


def _moments(case: Case, question: ForecastQuestion) -> list[datetime]:
    """The usual time of the draw on days from the first dose to the next draw, evenly spread."""
    draw_at, between = question.draw_at, round(question.interval_hours / DAY_HOURS)
    first = min((row.start for row in doses_of(case)), default=case.on)
    days = (draw_at.date() - max(first, case.on - timedelta(days=PICTURED_DAYS))).days
    step = between * math.ceil(max(1, days) / (PICTURED_POINTS * between))
    return [draw_at - timedelta(days=back) for back in range(0, days, step)][::-1]
