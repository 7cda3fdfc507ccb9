"""The fit and the whole forecast against the same objective with a solver of differential equations.

`python -m benchmarks.forecast [--rounds 5]`: one patient, a dose a day for 364 days, ten levels, the default
model. Both fits are compared first. Processor time, medians; one thread.
"""

from __future__ import annotations

import argparse
import os

# Before numpy: what a web worker has.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import math
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import django
import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import minimize

from benchmarks.speed import MachineSpeed, machine_speed, pieces_of_goal
from dosing.pharmacokinetics import (
    Component,
    ForecastQuestion,
    ObservedLevel,
    Regimen,
    Segment,
    fit,
    forecast,
)
from dosing.pharmacokinetics.adjustments import DEFAULT
from dosing.pharmacokinetics.objective import HALF_LOG_2_PI
from dosing.pharmacokinetics.registry import EXPRESSER

START = datetime(2024, 1, 1, 19)
DOSES = 364
DAYS = (14, 28, 56, 84, 126, 168, 210, 252, 308, 363)
NG_PER_ML = (6.9, 6.1, 7.4, 8.2, 6.6, 7.0, 5.8, 7.7, 7.1, 6.4)
HOURS_AFTER = 14.0
MG = 3.0
COVARIATES = {EXPRESSER: 0.0}
GOAL_FIT_MS, GOAL_FORECAST_MS, GOAL_TIMES = 15, 250, 30
SAME = 1e-2
RELATIVE, ABSOLUTE = 1e-6, 1e-9


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    regimen = Regimen((Segment(START, START + timedelta(days=DOSES), MG),))
    levels = [
        ObservedLevel(START + timedelta(days=day, hours=HOURS_AFTER), ng_ml)
        for day, ng_ml in zip(DAYS, NG_PER_ML, strict=True)
    ]
    fitted = fit(DEFAULT, regimen, levels, COVARIATES)
    slow, slow_seconds = _timed(_solved_in_steps)
    _compare(fitted.eta, slow)
    fits = [_timed(lambda: fit(DEFAULT, regimen, levels, COVARIATES))[1] for _round in range(rounds)]
    wholes = [_timed(lambda: _forecast(regimen, levels))[1] for _round in range(rounds)]
    fit_ms, whole_ms = 1000 * median(fits), 1000 * median(wholes)
    speed = machine_speed()
    print(speed)
    _tell("fit", fit_ms, GOAL_FIT_MS, speed)
    print(f"fit with a solver, from one start instead of three: {1000 * slow_seconds:.0f} ms")
    print(f"times: {slow_seconds * 1000 / fit_ms:.0f} (goal {GOAL_TIMES})")
    _tell("the whole forecast", whole_ms, GOAL_FORECAST_MS, speed)


def _tell(what: str, milliseconds: float, goal_ms: float, speed: MachineSpeed) -> None:
    found, goal = speed.pieces(milliseconds / 1000), pieces_of_goal(goal_ms / 1000)
    print(f"{what}: {milliseconds:.1f} ms, {found:.3g} pieces of pure Python (goal {goal:.3g})")


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.process_time()
    return work(), time.process_time() - started


def _forecast(regimen: Regimen, levels: list[ObservedLevel]) -> object:
    """Two genotypes, 4 000 draws, ten doses."""
    components = (Component("no", 0.58, {EXPRESSER: 0.0}), Component("yes", 0.42, {EXPRESSER: 1.0}))
    next_intake = START + timedelta(days=DOSES - 1)
    draw_at = START + timedelta(days=DOSES, hours=HOURS_AFTER)
    return forecast(DEFAULT, regimen, levels, components, ForecastQuestion(draw_at, next_intake, 5, 10, 15))


def _compare(eta: np.ndarray, slow: np.ndarray) -> None:
    if not np.allclose(eta, slow, atol=SAME):
        sys.exit(f"The two do not agree: {eta}, {slow}")


def _solved_in_steps() -> np.ndarray:
    """What one writes first: every objective integrates the whole year, dose by dose."""
    spread = np.array([row.log_sd for row in DEFAULT.varying])

    def objective(point: np.ndarray) -> float:
        eta = point * spread
        values = dict(DEFAULT.typical(COVARIATES))
        for row, change in zip(DEFAULT.varying, eta, strict=True):
            values[row.name] *= math.exp(change)
        predicted = _levels(values)
        residual = DEFAULT.residual
        proportional = math.hypot(residual.proportional, DEFAULT.occasion_log_sd)
        sd = np.sqrt(residual.additive**2 + (proportional * predicted) ** 2)
        misfit = HALF_LOG_2_PI + np.log(sd) + 0.5 * ((np.array(NG_PER_ML) - predicted) / sd) ** 2
        return float(misfit.sum() + 0.5 * (point**2).sum())

    found = minimize(objective, np.zeros(len(spread)), method="L-BFGS-B", options={"eps": 1e-3})
    return np.asarray(found.x * spread)


def _levels(values: dict[str, float]) -> np.ndarray:
    stages = DEFAULT.stages
    state = np.zeros(stages + 2)
    wanted = {24.0 * day + HOURS_AFTER for day in DAYS}
    found = []
    for day in range(DOSES):
        state[0] += MG * values["F"]
        begin, draw = 24.0 * day, 24.0 * day + HOURS_AFTER
        turns = [begin, draw, begin + 24.0] if draw in wanted else [begin, begin + 24.0]
        for span in pairwise(turns):
            solved = solve_ivp(
                _flow, span, state, "LSODA", args=(values, stages), rtol=RELATIVE, atol=ABSOLUTE
            )
            state = solved.y[:, -1]
            if span[1] == draw:
                found.append(1000 * state[stages] / values["V1"])
    return np.array(found)


def _flow(_hour: float, state: np.ndarray, values: dict[str, float], stages: int) -> np.ndarray:
    emptied = values["ktr"] * state[:stages]
    central, peripheral = state[stages], state[stages + 1]
    out, back = values["Q"] / values["V1"] * central, values["Q"] / values["V2"] * peripheral
    change = np.zeros_like(state)
    change[:stages] = -emptied
    change[1:stages] += emptied[:-1]
    change[stages] = emptied[-1] - values["CL"] / values["V1"] * central - out + back
    change[stages + 1] = out - back
    return change


if __name__ == "__main__":
    main()
