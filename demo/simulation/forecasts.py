"""Invented patients whose next level is forecast: how near the model comes, against plain proportion.

The truth is not the model that forecasts: `after_supper`, as published, whose absorption begins after four
hours and takes twice as long [C]; CYP3A5 is expressed by 42 of 100 [M] and not known to the forecast; CL
varies by 15 % from draw to draw [C]; the assay's error is that model's residual. 3 mg after
supper for twelve weeks, drawn at the patient's own 12 to 16 hours, then another dose [D]; the forecast is the
level four weeks later.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean

import numpy as np

from dosing.pharmacokinetics.adjustments import DEFAULT, PREDNISOLONE
from dosing.pharmacokinetics.erlang import Array
from dosing.pharmacokinetics.forecast import Component, ForecastQuestion, forecast
from dosing.pharmacokinetics.inputs.covariates import DOES_NOT, EXPRESSES
from dosing.pharmacokinetics.inputs.levels import weight
from dosing.pharmacokinetics.model import Model
from dosing.pharmacokinetics.objective import individual
from dosing.pharmacokinetics.observed import ObservedLevel
from dosing.pharmacokinetics.regimen import Regimen, Segment
from dosing.pharmacokinetics.registry import AFTER_SUPPER, EXPRESSER, HAEMATOCRIT
from dosing.pharmacokinetics.schedule import schedule
from dosing.pharmacokinetics.superposition import plan
from dosing.rules.levels.accuracy import Scored
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.thresholds import STUDY

FIRST_DOSE = datetime(2025, 1, 6, 20)
MG, OTHER_MG = 3.0, (1.5, 2.0, 2.5, 3.5, 4.0, 5.0)
DRAWN_AFTER_WEEKS = (2, 4, 8, 12)
FORECAST_AFTER_WEEKS = 16
HOURS = (12.0, 16.0)
HAEMATOCRIT_PERCENT = (30.0, 42.0)
PREDNISOLONE_MG = (5.0, 15.0)
OCCASION_LOG_SD = 0.15
NOT_EXPRESSING = float(STUDY.cyp3a5_non_expresser_percent) / 100
LOW_NG_ML, HIGH_NG_ML = float(STUDY.level_low_ng_ml), float(STUDY.level_high_ng_ml)
# What a laboratory reports at least.
LEAST_NG_ML = 0.5
SAMPLES, CONFIDENCE = 2000, 0.95


@dataclass(frozen=True)
class Virtual:
    """One invented patient. measured: the four levels, and the one to be forecast, ng/ml; true: without the
    assay's error.
    """

    hours: float
    new_mg: float
    haematocrit: float
    prednisolone: float
    measured: tuple[float, ...]
    true: tuple[float, ...]

    @property
    def draws(self) -> list[datetime]:
        """When each level is drawn."""
        since = timedelta(hours=self.hours)
        return [FIRST_DOSE + timedelta(weeks=n) + since for n in (*DRAWN_AFTER_WEEKS, FORECAST_AFTER_WEEKS)]

    @property
    def change(self) -> datetime:
        """The first intake of the new dose: the evening after the last level."""
        return FIRST_DOSE + timedelta(weeks=DRAWN_AFTER_WEEKS[-1], days=1)

    @property
    def regimen(self) -> Regimen:
        """The doses."""
        return Regimen((Segment(FIRST_DOSE, self.change, MG), Segment(self.change, None, self.new_mg)))


def virtual(chance: np.random.Generator, truth: Model = AFTER_SUPPER) -> Virtual:
    """A patient as the truth has them."""
    made = Virtual(
        hours=float(chance.uniform(*HOURS)),
        new_mg=float(chance.choice(OTHER_MG)),
        haematocrit=round(float(chance.uniform(*HAEMATOCRIT_PERCENT)), 1),
        prednisolone=round(float(chance.uniform(*PREDNISOLONE_MG)), 1),
        measured=(),
        true=(),
    )
    true = _true_levels(made, truth, chance)
    residual = truth.residual
    spread = np.sqrt(residual.additive**2 + (residual.proportional * true) ** 2)
    measured = np.maximum(LEAST_NG_ML, true + spread * chance.standard_normal(len(true)))
    return replace(made, measured=tuple(measured.round(1).tolist()), true=tuple(true.tolist()))


def _true_levels(made: Virtual, truth: Model, chance: np.random.Generator) -> Array:
    """At each draw CL is another: as many patients as draws, each read at their own."""
    expresses = float(chance.random() > NOT_EXPRESSING)
    covariates = {HAEMATOCRIT: made.haematocrit, EXPRESSER: expresses}
    number = len(made.draws)
    eta = np.array([chance.normal(0, row.log_sd) for row in truth.varying])
    occasion = chance.normal(0, OCCASION_LOG_SD, number)
    values = individual(truth, np.tile(eta, (number, 1)), occasion)
    known = schedule(truth, made.regimen, covariates, made.draws[-1])
    levels = plan(known, [known.hours(at) for at in made.draws], truth.stages).levels(values)
    return np.asarray(np.diagonal(levels))


@dataclass(frozen=True)
class SimulatedForecast:
    """A forecast with the true level, ng/ml. plain: the last level divided by its dose, times the new dose;
    the product's own proportion, in `scored`, takes the mean of up to four.
    """

    scored: Scored
    true: float
    plain: float


def forecast_level(patient: Virtual, used: int, model: Model = DEFAULT) -> SimulatedForecast:
    """The level after the change, from the last levels before it, as the product forecasts it."""
    draws = patient.draws
    rows = list(zip(draws[:-1], patient.measured, strict=False))[-used:]
    today = patient.change.date()
    levels = [ObservedLevel(at, ng_ml, "", weight((today - at.date()).days)) for at, ng_ml in rows]
    covariates = {HAEMATOCRIT: patient.haematocrit, PREDNISOLONE: patient.prednisolone}
    components = [
        Component(DOES_NOT, NOT_EXPRESSING, {**covariates, EXPRESSER: 0.0}),
        Component(EXPRESSES, 1 - NOT_EXPRESSING, {**covariates, EXPRESSER: 1.0}),
    ]
    question = ForecastQuestion(draws[-1], patient.change, LOW_NG_ML, HIGH_NG_ML, float(LEVELS.urgent_ng_ml))
    found = forecast(model, patient.regimen, levels, components, question).next
    scored = Scored(
        levels_used=used,
        measured=patient.measured[-1],
        forecast=found.median,
        low=found.nine_tenths[0],
        high=found.nine_tenths[1],
        chance_within=found.within,
        low_target=LOW_NG_ML,
        high_target=HIGH_NG_ML,
        proportion=fmean(ng_ml for _at, ng_ml in rows) / MG * patient.new_mg,
    )
    return SimulatedForecast(scored, patient.true[-1], rows[-1][1] / MG * patient.new_mg)


def simulate(patients: int, used: Sequence[int], seed: int) -> dict[int, list[SimulatedForecast]]:
    """For each number of levels used, each patient's outcome; the same for a seed."""
    chance = np.random.default_rng(seed)
    people = [virtual(chance) for _n in range(patients)]
    return {number: [forecast_level(one, number) for one in people] for number in used}


@dataclass(frozen=True)
class Comparison:
    """For one number of levels: coverage of the interval for 90 of 100, root mean square relative errors.

    Coverage is that of the measured level, because the interval speaks of it; errors are those against the
    true one, because the assay's error would be the same in all. ratio: the model's error divided by that of
    plain proportion, with its bootstrap interval; of_mean: by that of the mean of up to four.
    """

    levels_used: int
    covered_percent: float
    model_percent: float
    plain_percent: float
    mean_percent: float
    ratio: tuple[float, float, float]
    of_mean: tuple[float, float, float]


def compare(rows: Sequence[SimulatedForecast], seed: int) -> Comparison:
    """What the outcomes for one number of levels say."""
    true = np.array([row.true for row in rows])
    model = np.array([row.scored.forecast for row in rows]) / true - 1
    plain = np.array([row.plain for row in rows]) / true - 1
    mean = np.array([row.scored.proportion or math.nan for row in rows]) / true - 1
    return Comparison(
        levels_used=rows[0].scored.levels_used,
        covered_percent=100 * fmean(row.scored.low <= row.scored.measured <= row.scored.high for row in rows),
        model_percent=rmse_percent(model),
        plain_percent=rmse_percent(plain),
        mean_percent=rmse_percent(mean),
        ratio=ratio_interval(model, plain, seed),
        of_mean=ratio_interval(model, mean, seed),
    )


def rmse_percent(errors: Array) -> float:
    """Of relative errors, in per cent."""
    return 100 * math.sqrt(float((errors**2).mean()))


def ratio_interval(model: Array, proportion: Array, seed: int) -> tuple[float, float, float]:
    """One root mean square error divided by another, and its bootstrap interval over patients (95 %)."""
    chance = np.random.default_rng(seed)
    picked = chance.integers(0, len(model), (SAMPLES, len(model)))
    ratios = np.sqrt((model[picked] ** 2).mean(axis=1) / (proportion[picked] ** 2).mean(axis=1))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(ratios, [tail, 1 - tail])
    return rmse_percent(model) / rmse_percent(proportion), float(low), float(high)
