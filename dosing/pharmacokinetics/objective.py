"""How badly parameters fit: minus the log posterior of η, for many η at once.

Σ [½ ln 2π + ln sd + (y − f)² / 2 sd²] + ½ (ηᵀ Ω⁻¹ η + k ln 2π + ln |Ω|), with sd = √(additive² +
(proportional · f)²) and each parameter its typical value times exp(η). A bound counts by the chance of lying
beyond it (method M3, Beal 2001).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import log_ndtr

from dosing.pharmacokinetics.erlang import Array
from dosing.pharmacokinetics.model import BIOAVAILABILITY, CLEARANCE, Model
from dosing.pharmacokinetics.observed import ObservedLevel
from dosing.pharmacokinetics.schedule import Epoch, EpochSchedule
from dosing.pharmacokinetics.superposition import Individual, SuperpositionPlan, plan

HALF_LOG_2_PI = 0.5 * math.log(2 * math.pi)


def omega(model: Model) -> Array:
    """The covariance of η: dimensions as model.varying."""
    names = [row.name for row in model.varying]
    spread = np.array([row.log_sd for row in model.varying])
    found = np.diag(spread**2)
    for one, other, correlation in model.correlations:
        first, second = names.index(one), names.index(other)
        found[first, second] = found[second, first] = correlation * spread[first] * spread[second]
    return found


def individual(model: Model, etas: Array, log_clearance: Array | None = None) -> Individual:
    """Parameters of each draw from the typical ones; etas: draws × varying.

    log_clearance: what is added to ln CL of each draw, for a visit of its own.
    """
    factors = {row.name: np.exp(etas[:, place]) for place, row in enumerate(model.varying)}
    if log_clearance is not None:
        factors[CLEARANCE] = factors.get(CLEARANCE, np.ones(len(etas))) * np.exp(log_clearance)
    ones = np.ones(len(etas))

    def values(epoch: Epoch) -> dict[str, Array]:
        return {
            name: value * factors.get(name, ones)
            for name, value in epoch.typical.items()
            if name != BIOAVAILABILITY
        }

    return values


@dataclass(frozen=True)
class Objective:
    """The objective of one patient: a model, their doses, their levels. ValueError: Ω has no inverse."""

    model: Model
    known: EpochSchedule
    levels: tuple[ObservedLevel, ...]

    @cached_property
    def _plan(self) -> SuperpositionPlan:
        return plan(self.known, [self.known.hours(level.at) for level in self.levels], self.model.stages)

    @cached_property
    def _omega_inverse(self) -> Array:
        return np.asarray(np.linalg.inv(omega(self.model)))

    @cached_property
    def _prior_constant(self) -> float:
        _sign, log_determinant = np.linalg.slogdet(omega(self.model))
        return len(self.model.varying) * HALF_LOG_2_PI + 0.5 * float(log_determinant)

    def predicted(self, etas: Array) -> Array:
        """ng/ml, draws × levels."""
        return self._plan.levels(individual(self.model, etas))

    def spread(self, predicted: Array) -> Array:
        """The standard deviation of a measured level around a predicted one; both in ng/ml."""
        residual = self.model.residual
        proportional = math.hypot(residual.proportional, self.model.occasion_log_sd)
        return np.asarray(np.sqrt(residual.additive**2 + (proportional * predicted) ** 2))

    def weighted_residuals(self, predicted: Array) -> Array:
        """(measured − predicted) in standard deviations; predicted: ng/ml, one a level.

        A bound is as far away as it is beyond, and 0 where the prediction agrees with it.
        """
        measured = np.array([level.ng_ml for level in self.levels])
        away = (measured - predicted) / self.spread(predicted)
        for place, level in enumerate(self.levels):
            if level.comparator:
                away[place] = min(0.0, away[place]) if level.comparator == "<" else max(0.0, away[place])
        return np.asarray(away)

    def __call__(self, etas: Array) -> Array:
        """One number a draw; etas: draws × varying."""
        prior = 0.5 * np.einsum("di,ij,dj->d", etas, self._omega_inverse, etas) + self._prior_constant
        return np.asarray(prior + self.misfit(etas))

    def misfit(self, etas: Array) -> Array:
        """The part of the levels: minus their log likelihood."""
        if not self.levels:
            return np.zeros(len(etas))
        predicted = self.predicted(etas)
        each = _misfits(self.levels, predicted, self.spread(predicted))
        return np.asarray(each @ np.array([level.weight for level in self.levels]))


def _misfits(levels: Sequence[ObservedLevel], predicted: Array, spread: Array) -> Array:
    measured = np.array([level.ng_ml for level in levels])
    away = (measured - predicted) / spread
    found = HALF_LOG_2_PI + np.log(spread) + 0.5 * away**2
    for place, level in enumerate(levels):
        if level.comparator:
            beyond = away[:, place] if level.comparator == "<" else -away[:, place]
            found[:, place] = -log_ndtr(beyond)
    return np.asarray(found)
