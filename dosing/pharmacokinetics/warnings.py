"""What a reader must know about a fit before they believe it: sentences, the most serious first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from dosing.pharmacokinetics.estimation import Fit
from dosing.pharmacokinetics.model import CLEARANCE
from dosing.pharmacokinetics.registry import EXPRESSER, HAEMATOCRIT, IMMEDIATE_RELEASE
from dosing.rules.levels.thresholds import LEVELS
from patients.rules.verdict import Message, gettext_noop, say

# [D] Specification section 4 (f): more standard deviations than this are a question to the patient.
FAR_SD = 2.0
# [D] A genotype that the levels make less likely than this is contradicted by them.
CONTRADICTED = 0.05

NO_LEVEL = gettext_noop("There is no level yet: this is the typical patient, not this one")
FEW_LEVELS = gettext_noop("Levels used: %(n)s. Until there are %(enough)s, proportion is as good as this")
ABOVE_EXPECTED = gettext_noop(
    "The level of %(day)s, %(level)s ng/ml, is far above the expected %(expected)s ng/ml: drawn soon after"
    " the dose, a drug that raises it, diarrhoea, or a swapped tube?"
)
BELOW_EXPECTED = gettext_noop(
    "The level of %(day)s, %(level)s ng/ml, is far below the expected %(expected)s ng/ml: doses not taken, a"
    " drug that lowers it, or a swapped tube?"
)
FAST = gettext_noop(
    "This patient's clearance would be %(times)s times the usual one, which is rare: doses not taken, or a"
    " drug that lowers the level?"
)
SLOW = gettext_noop(
    "This patient's clearance would be %(times)s times the usual one, which is rare: a drug that raises the"
    " level, or the liver?"
)
NO_FORMULATION = gettext_noop("The formulation is not known: immediate release is assumed")
DEFAULTED = gettext_noop("%(covariate)s is not known: %(value)s is assumed")
OUTSIDE = gettext_noop(
    "%(covariate)s of %(value)s lies outside %(low)s to %(high)s, for which the model is taken to hold"
)
LOW_HAEMATOCRIT = gettext_noop(
    "The haematocrit is below %(limit)s %%: whole-blood levels read low for the same effect"
)
GENOTYPE = gettext_noop("The levels speak against the recorded CYP3A5 genotype: ask for it to be checked")

NAMES: Mapping[str, str] = {
    HAEMATOCRIT: gettext_noop("Haematocrit (%)"),
    EXPRESSER: gettext_noop("CYP3A5 genotype"),
    "weight_kg": gettext_noop("Weight (kg)"),
    "active_alleles": gettext_noop("CYP3A genotype"),
    "prednisolone_mg_per_day": gettext_noop("Prednisolone (mg/day)"),
    IMMEDIATE_RELEASE: gettext_noop("Formulation"),
    "interaction_factor": gettext_noop("Other drugs"),
}
# Of these the default is what is meant, not a guess.
SILENT = frozenset({"interaction_factor"})


def warnings(found: Fit, covariates: Mapping[str, float], other: Fit | None = None) -> list[Message]:
    """covariates: at the end, those that are known. other: the fit by the genotype that was not recorded."""
    return [
        *found.left_out,
        *_of_levels(found),
        *_unusual(found),
        *_genotype(found, other),
        *_outside(found, covariates),
        *_haematocrit(covariates),
        *_defaulted(found, covariates),
        *_few(found),
    ]


def _few(found: Fit) -> Iterator[Message]:
    if not found.levels:
        yield say(NO_LEVEL)
    elif len(found.levels) < LEVELS.enough_for_model:
        yield say(FEW_LEVELS, n=len(found.levels), enough=LEVELS.enough_for_model)


def _of_levels(found: Fit) -> Iterator[Message]:
    rows = zip(found.levels, found.predicted.tolist(), found.weighted_residuals.tolist(), strict=True)
    for level, expected, away in rows:
        if abs(away) > FAR_SD:
            told = {"level": f"{level.comparator}{level.ng_ml:.1f}", "expected": f"{expected:.1f}"}
            yield say(ABOVE_EXPECTED if away > 0 else BELOW_EXPECTED, day=level.at.date(), **told)


def _unusual(found: Fit) -> Iterator[Message]:
    for row, eta in zip(found.model.varying, found.eta.tolist(), strict=True):
        if row.name == CLEARANCE and abs(eta) > FAR_SD * row.log_sd:
            yield say(FAST if eta > 0 else SLOW, times=f"{np.exp(eta):.1f}")


def _genotype(found: Fit, other: Fit | None) -> Iterator[Message]:
    """By Bayes with equal chances: how likely the recorded one is against the other."""
    if other is not None:
        chance = 1 / (1 + np.exp(other.log_evidence - found.log_evidence))
        if chance < CONTRADICTED:
            yield say(GENOTYPE)


def _outside(found: Fit, covariates: Mapping[str, float]) -> Iterator[Message]:
    for name, low, high in found.model.domain:
        value = covariates.get(name)
        if value is not None and not low <= value <= high:
            told = {"value": f"{value:g}", "low": f"{low:g}", "high": f"{high:g}"}
            yield say(OUTSIDE, covariate=NAMES[name], **told)


def _haematocrit(covariates: Mapping[str, float]) -> Iterator[Message]:
    if covariates.get(HAEMATOCRIT, math.inf) < LEVELS.haematocrit_percent:
        yield say(LOW_HAEMATOCRIT, limit=LEVELS.haematocrit_percent)


def _defaulted(found: Fit, covariates: Mapping[str, float]) -> Iterator[Message]:
    for effect in found.model.defaulted(covariates):
        if effect.covariate == IMMEDIATE_RELEASE:
            yield say(NO_FORMULATION)
        elif effect.covariate not in SILENT:
            yield say(DEFAULTED, covariate=NAMES[effect.covariate], value=f"{effect.default:g}")
