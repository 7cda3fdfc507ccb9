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
from dosing.pharmacokinetics.observed import Level
from dosing.pharmacokinetics.posterior import Draws, posterior
from dosing.pharmacokinetics.regimen import Covariates, Regimen, Segment
from dosing.pharmacokinetics.schedule import schedule
from dosing.pharmacokinetics.superposition import plan

DRAWS = 4000
SEED = 1
# Milligrams a day, 0.5 to 5 in steps of 0.5.
OPTIONS = tuple(step / 2 for step in range(1, 11))
FAR_ABOVE_NG_ML = 15.0
# The level has come so far on its way to its new height.
SETTLED = 0.9
LONGEST_DAYS = 120


@dataclass(frozen=True)
class Component:
    """One possibility with its chance before the levels are known, as a CYP3A5 genotype nobody tested."""

    name: str
    chance: float
    covariates: Covariates


@dataclass(frozen=True)
class Outlook:
    """A measured level to come, ng/ml: its median, the middle half and nine tenths, and chances by range."""

    median: float
    half: tuple[float, float]
    nine_tenths: tuple[float, float]
    below: float
    within: float
    above: float
    far_above: float


@dataclass(frozen=True)
class Option:
    """A dose in mg a day from the next intake on, and the level that it settles at."""

    mg: float
    outlook: Outlook


@dataclass(frozen=True)
class Forecast:
    """next: at the next draw if nothing changes. chances: of each component, given the levels.

    settled_days: after a change of dose, until the level is nine tenths of the way to its new height.
    effective: draws that count; walked: by a random walk. fits: one a component.
    """

    next: Outlook
    options: tuple[Option, ...]
    settled_days: int | None
    chances: dict[str, float]
    effective: float
    walked: bool
    fits: dict[str, Fit]


@dataclass(frozen=True)
class Question:
    """What is asked: when the next level is drawn, when the next dose is taken, and the target in ng/ml.

    interval_hours: between doses; days: after so many the level of an option is told.
    """

    draw_at: datetime
    next_intake: datetime
    low_ng_ml: float
    high_ng_ml: float
    interval_hours: float = 24.0
    days: int = 28


def forecast(
    model: Model,
    regimen: Regimen,
    levels: Sequence[Level],
    components: Sequence[Component],
    question: Question,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Forecast:
    """The same inputs give the same forecast. Raises ValueError where nothing is taken."""
    chance = np.random.default_rng(seed)
    horizon = question.draw_at + timedelta(days=LONGEST_DAYS)
    fits = {one.name: fit(model, regimen, levels, one.covariates, until=horizon) for one in components}
    chances = _chances(components, fits)
    parts = []
    for one in components:
        share = max(1, round(draws * chances[one.name]))
        found = posterior(fits[one.name], share, chance)
        parts.append((_Part(model, regimen, one, found, question, chance), chances[one.name], found))
    weights = np.concatenate([share * found.weights for _part, share, found in parts])
    band = (question.low_ng_ml, question.high_ng_ml)

    def joined(read: str) -> Array:
        return np.concatenate([getattr(part, read) for part, _share, _found in parts])

    left, unit, noise = joined("left"), joined("unit"), joined("noise")
    spread = parts[0][0].spread
    return Forecast(
        next=_outlook(_measured(joined("unchanged"), noise[:, 0], spread), weights, band),
        options=tuple(
            Option(mg, _outlook(_measured(left + mg * unit, noise[:, 1], spread), weights, band))
            for mg in OPTIONS
        ),
        settled_days=_settled(joined("course"), weights),
        chances=chances,
        effective=sum(found.effective for _part, _share, found in parts),
        walked=any(found.walked for _part, _share, found in parts),
        fits=fits,
    )


def _chances(components: Sequence[Component], fits: dict[str, Fit]) -> dict[str, float]:
    """Prior chance times evidence, of all together 1."""
    best = max(found.log_evidence for found in fits.values())
    found = {one.name: one.chance * float(np.exp(fits[one.name].log_evidence - best)) for one in components}
    total = sum(found.values())
    return {name: value / total for name, value in found.items()}


class _Part:
    """What one component's draws say: arrays with one number a draw.

    unchanged: at the next draw; left, unit: of the doses until now, and of one milligram a day from the next
    intake on, when an option has settled. course: the share of its height on each day. noise: draws × 2.
    """

    def __init__(
        self, model: Model, regimen: Regimen, component: Component, found: Draws, question: Question,
        chance: np.random.Generator,
    ) -> None:  # fmt: skip
        self._model, self._component = model, component
        occasion = chance.standard_normal(len(found.etas)) * model.occasion_log_sd
        self._values = individual(model, found.etas, occasion)
        self.noise = chance.standard_normal((len(found.etas), 2))
        past = until(regimen, question.next_intake)
        from_now = Segment(question.next_intake, None, 1.0, question.interval_hours)
        draw_after = question.draw_at + timedelta(days=question.days)
        days = [question.draw_at + timedelta(days=day) for day in range(0, LONGEST_DAYS + 1, 2)]
        self.unchanged = self._levels(regimen, [question.draw_at])[:, 0]
        self.left = self._levels(past, [draw_after])[:, 0]
        unit = self._levels(Regimen((from_now,)), [draw_after, *days])
        self.unit, self.course = unit[:, 0], unit[:, 1:] / unit[:, -1:]

    def spread(self, levels: Array) -> Array:
        residual = self._model.residual
        return np.asarray(np.sqrt(residual.additive**2 + (residual.proportional * levels) ** 2))

    def _levels(self, regimen: Regimen, at: Sequence[datetime]) -> Array:
        known = schedule(self._model, regimen, self._component.covariates, max(at))
        return plan(known, [known.hours(moment) for moment in at], self._model.stages).levels(self._values)


def until(regimen: Regimen, moment: datetime) -> Regimen:
    """The doses before a moment."""
    kept = [row for row in regimen.segments if row.start < moment]
    return Regimen(
        tuple(replace(row, end=moment if row.end is None else min(row.end, moment)) for row in kept)
    )


def _measured(levels: Array, noise: Array, spread: Callable[[Array], Array]) -> Array:
    """What the laboratory will say of these levels: never less than nothing."""
    return np.asarray(np.maximum(0.0, levels + spread(levels) * noise))


def _outlook(levels: Array, weights: Array, band: tuple[float, float]) -> Outlook:
    low, high = band
    low_90, low_50, median, high_50, high_90 = quantiles(levels, weights, (0.05, 0.25, 0.5, 0.75, 0.95))
    return Outlook(
        median=median,
        half=(low_50, high_50),
        nine_tenths=(low_90, high_90),
        below=float(weights[levels < low].sum()),
        within=float(weights[(levels >= low) & (levels <= high)].sum()),
        above=float(weights[levels > high].sum()),
        far_above=float(weights[levels > FAR_ABOVE_NG_ML].sum()),
    )


def quantiles(values: Array, weights: Array, shares: Sequence[float]) -> list[float]:
    """Weighted quantiles: the first value at which the weights so far reach the share."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.array(shares) * reached[-1])
    return [float(values[order[min(place, len(order) - 1)]]) for place in places]


def _settled(course: Array, weights: Array) -> int | None:
    """Days until the median draw is nine tenths of the way; None: not within the time looked at."""
    middle = [quantiles(course[:, day], weights, (0.5,))[0] for day in range(course.shape[1])]
    return next((2 * day for day, share in enumerate(middle) if share >= SETTLED), None)
