"""The next level and every dose option, with the chance of each: what a patient's levels and doses say.

The levels of a dose from tonight on are linear in it: what is left of the doses until now, plus the dose
times the level of one milligram. So ten options cost as much as one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from dosing.pharmacokinetics.erlang import Array
from dosing.pharmacokinetics.estimation import Fit, fit
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.objective import individual
from dosing.pharmacokinetics.observed import ObservedLevel
from dosing.pharmacokinetics.posterior import Draws, posterior
from dosing.pharmacokinetics.predictive_distribution import Outlook, outlook_of, quantiles
from dosing.pharmacokinetics.regimen import DAY_HOURS, SECONDS_AN_HOUR, Covariates, Regimen, Segment
from dosing.pharmacokinetics.schedule import schedule
from dosing.pharmacokinetics.superposition import Individual, plan
from dosing.rules.starting_dose import FORECAST_MG

DRAWS = 4000
SEED = 1
# Milligrams a day.
OPTIONS = tuple(float(mg) for mg in FORECAST_MG)
# The level has come so far on its way to its new height.
SETTLED = 0.9
LONGEST_DAYS = 120
FEW = slice(0, 600)


@dataclass(frozen=True)
class Component:
    """One possibility with its chance before the levels are known, as a CYP3A5 genotype nobody tested.

    model: where it is another one, so that models are averaged; None: that of the forecast.
    """

    name: str
    chance: float
    covariates: Covariates
    model: Model | None = None


@dataclass(frozen=True)
class DoseOption:
    """A dose in mg from the next intake on: the level that it settles at, and the one at the next draw."""

    mg: float
    outlook: Outlook
    next: Outlook


@dataclass(frozen=True)
class Forecast:
    """next: at the next draw if nothing changes; settled: once the last dose of the regimen has settled.

    chances: of each component, given the levels. settled_days: after a change of dose, from the first draw
    on, until the level is nine tenths of the way to its new height; None: not within 120 days.
    effective: draws that count; walked: by a random walk. fits: one a component. course: the levels at
    the moments asked for, if nothing changes.
    """

    next: Outlook
    settled: Outlook
    options: tuple[DoseOption, ...]
    settled_days: int | None
    chances: dict[str, float]
    effective: float
    walked: bool
    fits: dict[str, Fit]
    course: tuple[Outlook, ...] = ()


@dataclass(frozen=True)
class ForecastQuestion:
    """What is asked: when the next level is drawn, when the next dose is taken, and the target in ng/ml.

    urgent_ng_ml: from which level on the rules call it urgent. interval_hours: between doses.
    course_at: moments of a picture of the levels.
    """

    draw_at: datetime
    next_intake: datetime
    low_ng_ml: float
    high_ng_ml: float
    urgent_ng_ml: float
    interval_hours: float = 24.0
    course_at: tuple[datetime, ...] = ()

    @property
    def longest_days(self) -> int:
        """How far the forecast looks for a level to reach steady state."""
        return LONGEST_DAYS

    @property
    def days(self) -> range:
        """From the first draw on, those at which a level is looked at; on the last it counts as settled."""
        return range(0, LONGEST_DAYS + 1, max(2, round(self.interval_hours / DAY_HOURS)))

    @property
    def looked_at(self) -> list[datetime]:
        """The draws of those days."""
        return [self.first_draw + timedelta(days=day) for day in self.days]

    @property
    def first_draw(self) -> datetime:
        """As long after the next intake as the draw is after an intake."""
        hours = (self.draw_at - self.next_intake).total_seconds() / SECONDS_AN_HOUR
        return self.next_intake + timedelta(hours=hours % self.interval_hours)


def forecast(
    model: Model,
    regimen: Regimen,
    levels: Sequence[ObservedLevel],
    components: Sequence[Component],
    question: ForecastQuestion,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Forecast:
    """The same inputs give the same forecast. Raises ValueError where nothing is taken."""
    chance = np.random.default_rng(seed)
    horizon = question.draw_at + timedelta(days=LONGEST_DAYS)
    fits = {
        one.name: fit(one.model or model, regimen, levels, one.covariates, until=horizon)
        for one in components
    }
    chances = _chances(components, fits)
    drawn = {
        one.name: posterior(fits[one.name], max(1, round(draws * chances[one.name])), chance)
        for one in components
    }
    parts = [_Part(one.model or model, regimen, one, drawn[one.name], question, chance) for one in components]
    weights = np.concatenate([chances[one.name] * drawn[one.name].weights for one in components])
    band, urgent_ng_ml = (question.low_ng_ml, question.high_ng_ml), question.urgent_ng_ml

    def outlook(read: Callable[[_Part], Array]) -> Outlook:
        return outlook_of(np.concatenate([read(part) for part in parts]), weights, band, urgent_ng_ml)

    def option(mg: float) -> DoseOption:
        return DoseOption(
            mg, outlook(lambda part: part.settled_on(mg)), outlook(lambda part: part.next_on(mg))
        )

    present_mg = max(regimen.segments, key=lambda row: row.start).mg
    few = np.concatenate([chances[part.name] * part.few_weights for part in parts])
    pictured = np.concatenate([part.pictured() for part in parts])
    return Forecast(
        next=outlook(lambda part: part.next_measured()),
        settled=outlook(lambda part: part.settled_on(present_mg)),
        options=tuple(option(mg) for mg in OPTIONS),
        course=tuple(outlook_of(column, few, band, urgent_ng_ml) for column in pictured.T),
        settled_days=_settled(np.concatenate([part.on_its_way() for part in parts]), few, question.days),
        chances=chances,
        effective=sum(found.effective for found in drawn.values()),
        walked=any(found.walked for found in drawn.values()),
        fits=fits,
    )


def _chances(components: Sequence[Component], fits: dict[str, Fit]) -> dict[str, float]:
    """Prior chance times evidence, of all together 1."""
    best = max(found.log_evidence for found in fits.values())
    found = {one.name: one.chance * float(np.exp(fits[one.name].log_evidence - best)) for one in components}
    total = sum(found.values())
    return {name: value / total for name, value in found.items()}


class _Part:
    """What one component's draws say: arrays with one number a draw, in ng/ml."""

    def __init__(
        self, model: Model, regimen: Regimen, component: Component, found: Draws, question: ForecastQuestion,
        chance: np.random.Generator,
    ) -> None:  # fmt: skip
        self.name = component.name
        self._model, self._component = model, component
        self._drawn = found
        self._occasion = chance.standard_normal(len(found.etas)) * model.occasion_log_sd
        self._values = individual(model, found.etas, self._occasion)
        # One for all times and doses: where two ask for the same level, they hear the same.
        self._noise = chance.standard_normal(len(found.etas))
        self._regimen, self._question = regimen, question
        self._unchanged = self._levels(regimen, [question.draw_at])[:, 0]
        self._from_now = Segment(question.next_intake, None, 1.0, question.interval_hours)
        at = [question.draw_at, question.looked_at[-1]]
        past = until(regimen, question.next_intake).segments
        # What one milligram at each intake from then on gives, and what is left of the doses until now: the
        # difference to both, so that a covariate that changes with the next intake does so for both.
        self._unit = self._levels(Regimen((self._from_now,)), at)
        self._left = self._levels(Regimen((*past, self._from_now)), at) - self._unit

    def next_measured(self) -> Array:
        """At the next draw, if nothing changes, as the laboratory will say."""
        return self._measured(self._unchanged)

    def settled_on(self, mg: float) -> Array:
        """On so much, when it has settled."""
        return self._measured(self._left[:, 1] + mg * self._unit[:, 1])

    def next_on(self, mg: float) -> Array:
        """On so much, at the next draw."""
        return self._measured(self._left[:, 0] + mg * self._unit[:, 0])

    @property
    def few_weights(self) -> Array:
        """Of the few draws that tell of many moments, where thousands would be slow; together 1."""
        weights = self._drawn.weights[FEW]
        return np.asarray(weights / weights.sum())

    def on_its_way(self) -> Array:
        """The share of its new height that the level has reached, few draws × days after a change."""
        levels = self._few_levels(Regimen((self._from_now,)), self._question.looked_at)
        return np.asarray(levels / levels[:, -1:])

    def pictured(self) -> Array:
        """At each moment of the picture, if nothing changes: few draws × moments."""
        at = self._question.course_at
        if not at:
            return np.empty((len(self.few_weights), 0))
        return self._measured(self._few_levels(self._regimen, at).T, self._noise[FEW]).T

    def _measured(self, levels: Array, noise: Array | None = None) -> Array:
        """What the laboratory will say of the levels of each draw, which are the last axis: never below 0."""
        residual = self._model.residual
        spread = np.sqrt(residual.additive**2 + (residual.proportional * levels) ** 2)
        return np.asarray(np.maximum(0.0, levels + spread * (self._noise if noise is None else noise)))

    def _few_levels(self, regimen: Regimen, at: Sequence[datetime]) -> Array:
        values = individual(self._model, self._drawn.etas[FEW], self._occasion[FEW])
        return self._levels(regimen, at, values)

    def _levels(self, regimen: Regimen, at: Sequence[datetime], values: Individual | None = None) -> Array:
        known = schedule(self._model, regimen, self._component.covariates, max(at))
        hours = [known.hours(moment) for moment in at]
        return plan(known, hours, self._model.stages).levels(values or self._values)


def until(regimen: Regimen, moment: datetime) -> Regimen:
    """The doses before a moment."""
    kept = [row for row in regimen.segments if row.start < moment]
    return Regimen(
        tuple(replace(row, end=moment if row.end is None else min(row.end, moment)) for row in kept)
    )


def _settled(course: Array, weights: Array, days: Sequence[int]) -> int | None:
    """Days until the median draw is nine tenths of the way; None: not within the time looked at."""
    middle = [quantiles(column, weights, (0.5,))[0] for column in course.T]
    found = next(day for day, share in zip(days, middle, strict=True) if share >= SETTLED)
    return found if found < days[-1] else None
