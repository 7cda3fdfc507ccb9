"""The most probable parameters of a patient, and how sure they are: MAP with Laplace's approximation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from scipy.optimize import minimize

from dosing.pharmacokinetics.erlang import Array
from dosing.pharmacokinetics.model import BIOAVAILABILITY, CLEARANCE, Model
from dosing.pharmacokinetics.objective import Objective, omega
from dosing.pharmacokinetics.observed import ObservedLevel, usable
from dosing.pharmacokinetics.regimen import Covariates, Regimen
from dosing.pharmacokinetics.schedule import EpochSchedule, schedule
from patients.rules.verdict import Message

# Steps of the central differences, in standard deviations of the prior.
GRADIENT_STEP, CURVATURE_STEP = 1e-5, 1e-3
# Where the search begins, in standard deviations of η of CL.
STARTS = (0.0, 1.0, -1.0)
# Where the levels are still this far from the best of these, in their own standard deviations, the search
# began where the objective is flat: it begins again from farther away.
FAR_AWAY = 4.0
FARTHER_STARTS = (-3.0, 3.0, -5.0)
MOST_SD = 6.0
# Which of the three is best shows soon; only that one is followed to its end.
ROUGH = {"ftol": 1e-5, "gtol": 1e-3}
EXACT = {"ftol": 1e-13, "gtol": 1e-7}
# Levels may make the objective flatter than the prior alone, in which it is 1, but hardly more than this;
# smaller values are the noise of differences, and would spread draws beyond anything a patient can be.
SMALLEST_CURVATURE = 0.25


@dataclass(frozen=True)
class Fit:
    """What a patient's levels say of them. eta: as model.varying; covariance: of η around it.

    objective: minus the log posterior density at η. log_evidence: of the levels under the model (Laplace).
    predicted, typical: ng/ml at each level, of them and of the typical patient. left_out: sentences.
    """

    model: Model
    known: EpochSchedule
    levels: tuple[ObservedLevel, ...]
    eta: Array
    covariance: Array
    objective: float
    log_evidence: float
    predicted: Array
    typical: Array
    left_out: tuple[Message, ...]

    @property
    def parameters(self) -> dict[str, float]:
        """Their own values at the end, in the model's units."""
        factors = {
            row.name: math.exp(eta) for row, eta in zip(self.model.varying, self.eta.tolist(), strict=True)
        }
        return {
            name: value * factors.get(name, 1.0)
            for name, value in self.known.typical.items()
            if name != BIOAVAILABILITY
        }

    @property
    def weighted_residuals(self) -> Array:
        """(measured − predicted) in standard deviations, one a level."""
        return Objective(self.model, self.known, self.levels).weighted_residuals(self.predicted)


def fit(
    model: Model,
    regimen: Regimen,
    levels: Sequence[ObservedLevel],
    covariates: Covariates,
    until: datetime | None = None,
) -> Fit:
    """The most probable η of a patient for any model; without a usable level that of the typical patient.

    until: doses up to here are laid out; the last level where it is None. Raises ValueError where nothing is
    taken, or where neither a level nor `until` says up to when.
    """
    times = [level.at for level in levels] + ([until] if until is not None else [])
    if not times:
        raise ValueError("no time to look at")
    known = schedule(model, regimen, covariates, max(times))
    kept, left_out = usable(levels, known.origin)
    target = Objective(model, known, tuple(kept))
    eta = _most_probable(target) if kept else np.zeros(len(model.varying))
    curvature = _curvature(target, eta)
    value = float(target(eta[np.newaxis])[0])
    return Fit(
        model=model,
        known=known,
        levels=tuple(kept),
        eta=eta,
        covariance=np.asarray(np.linalg.inv(curvature)),
        objective=value,
        log_evidence=_log_evidence(value, curvature),
        predicted=target.predicted(eta[np.newaxis])[0] if kept else np.zeros(0),
        typical=target.predicted(np.zeros((1, len(eta))))[0] if kept else np.zeros(0),
        left_out=tuple(left_out),
    )


def _most_probable(target: Objective) -> Array:
    """L-BFGS-B in standard deviations of the prior, from three places; the best of them."""
    root = np.linalg.cholesky(omega(target.model))
    size = len(root)
    steps = GRADIENT_STEP * np.vstack([np.zeros(size), np.eye(size), -np.eye(size)])

    def value_and_slope(point: Array) -> tuple[float, Array]:
        found = target((point + steps) @ root.T)
        return float(found[0]), (found[1 : size + 1] - found[size + 1 :]) / (2 * GRADIENT_STEP)

    def lowest(start: Array, tolerances: Mapping[str, float]) -> Any:
        bounds = [(-MOST_SD, MOST_SD)] * size
        return minimize(
            value_and_slope, start, jac=True, method="L-BFGS-B", bounds=bounds, options=dict(tolerances)
        )

    def best_of(starts: Sequence[float], *also: Any) -> Any:
        tried = [lowest(start, ROUGH) for start in _starts(target.model, size, starts)]
        return min([*also, *tried], key=lambda found: float(found.fun))

    best = best_of(STARTS)
    if _is_far_away(target, root @ best.x):
        best = best_of(FARTHER_STARTS, best)
    return np.asarray(root @ lowest(best.x, EXACT).x)


def _starts(model: Model, size: int, starts: Sequence[float]) -> list[Array]:
    clearance = [row.name == CLEARANCE for row in model.varying]
    return [np.where(clearance, start, 0.0) for start in starts] if size else [np.zeros(0)]


def _is_far_away(target: Objective, eta: Array) -> bool:
    away = target.weighted_residuals(target.predicted(eta[np.newaxis])[0])
    return bool((np.abs(away) > FAR_AWAY).any())


def _curvature(target: Objective, eta: Array) -> Array:
    """The second derivatives at η by central differences; made positive where noise outweighs them."""
    root = np.linalg.cholesky(omega(target.model))
    size = len(eta)
    pairs = [(one, other) for one in range(size) for other in range(one, size)]
    unit = np.eye(size) * CURVATURE_STEP
    corners = np.array(
        [
            sign * unit[one] + other_sign * unit[other]
            for one, other in pairs
            for sign, other_sign in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        ]
    ).reshape(-1, size)
    found = target(eta + corners @ root.T).reshape(-1, 4)
    mixed = (found[:, 0] - found[:, 1] - found[:, 2] + found[:, 3]) / (4 * CURVATURE_STEP**2)
    scaled = np.zeros((size, size))
    for (one, other), value in zip(pairs, mixed, strict=True):
        scaled[one, other] = scaled[other, one] = value
    inverse = np.linalg.inv(root)
    return np.asarray(inverse.T @ _positive(scaled) @ inverse)


def _positive(matrix: Array) -> Array:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, SMALLEST_CURVATURE)) @ vectors.T)


def _log_evidence(objective: float, curvature: Array) -> float:
    _sign, log_determinant = np.linalg.slogdet(curvature)
    return -objective + 0.5 * len(curvature) * math.log(2 * math.pi) - 0.5 * float(log_determinant)
