"""Every set of parameters that a patient's levels leave possible, as weighted draws.

Importance sampling from a multivariate t around the most probable parameters; where too few draws count, a
random walk, which is said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from dosing.pharmacokinetics.erlang import Array
from dosing.pharmacokinetics.estimation import MOST_SD, Fit
from dosing.pharmacokinetics.objective import Objective, omega

DEGREES_OF_FREEDOM = 5
# Fewer draws that count are too few for the ends of an interval.
FEWEST_EFFECTIVE = 200
# Chains that walk side by side, and the steps that each forgets.
CHAINS, FORGOTTEN = 100, 300
STEP = 2.38  # per square root of the dimension, Gelman 1996


@dataclass(frozen=True)
class Draws:
    """etas: draws × varying; weights sum to 1. effective: how many independent draws they are worth.

    walked: a random walk was needed.
    """

    etas: Array
    weights: Array
    effective: float
    walked: bool


def posterior(found: Fit, draws: int, chance: np.random.Generator) -> Draws:
    """Draws of η given the levels. ValueError: a model in which patients do not differ."""
    size = len(found.eta)
    if not size:
        raise ValueError("patients do not differ in this model")
    target = Objective(found.model, found.known, found.levels)
    etas, log_density = _around(found, draws, chance)
    logs = -target(etas) - log_density
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    effective = 1 / float((weights**2).sum())
    if effective >= min(FEWEST_EFFECTIVE, draws / 2):
        return Draws(etas, weights, effective, walked=False)
    return _walk(found, target, draws, chance)


def _around(found: Fit, draws: int, chance: np.random.Generator) -> tuple[Array, Array]:
    """From the multivariate t, and the log density of each up to a constant."""
    size, freedom = len(found.eta), DEGREES_OF_FREEDOM
    root = np.linalg.cholesky(found.covariance)
    normal = chance.standard_normal((draws, size))
    stretch = np.sqrt(freedom / chance.chisquare(freedom, draws))
    scaled = normal * stretch[:, np.newaxis]
    constant = float(gammaln((freedom + size) / 2) - gammaln(freedom / 2))
    constant -= 0.5 * size * math.log(freedom * math.pi) + float(np.log(np.diag(root)).sum())
    log_density = constant - 0.5 * (freedom + size) * np.log1p((scaled**2).sum(axis=1) / freedom)
    return _within_reason(found, found.eta + scaled @ root.T), log_density


def _within_reason(found: Fit, etas: Array) -> Array:
    """No patient is beyond the bounds of the search, where levels overflow: draws are clipped to them."""
    limit = MOST_SD * np.sqrt(np.diag(omega(found.model)))
    return np.clip(etas, -limit, limit)


def _walk(found: Fit, target: Objective, draws: int, chance: np.random.Generator) -> Draws:
    """Random-walk Metropolis: many chains at once, each from a draw around the most probable η."""
    size = len(found.eta)
    root = STEP / math.sqrt(size) * np.linalg.cholesky(found.covariance)
    here = _around(found, CHAINS, chance)[0]
    value = target(here)
    kept = []
    steps = FORGOTTEN + math.ceil(draws / CHAINS)
    for step in range(steps):
        there = _within_reason(found, here + chance.standard_normal((CHAINS, size)) @ root.T)
        proposed = target(there)
        moves = np.log(chance.random(CHAINS)) < value - proposed
        here, value = np.where(moves[:, np.newaxis], there, here), np.where(moves, proposed, value)
        if step >= FORGOTTEN:
            kept.append(here)
    etas = np.concatenate(kept)[:draws]
    return Draws(etas, np.full(len(etas), 1 / len(etas)), float(CHAINS), walked=True)
