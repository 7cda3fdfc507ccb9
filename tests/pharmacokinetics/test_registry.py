"""Every number of the offered models, typed again from specification section 2, and what Uchida measured."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
import pytest

from dosing.pharmacokinetics import MODELS, Regimen, Segment
from dosing.pharmacokinetics.adjustments import (
    DEFAULT,
    INTERACTION,
    OCCASION_LOG_SD,
    PREDNISOLONE,
    WITH_WIDER_PRIOR,
    adjusted,
)
from dosing.pharmacokinetics.model import Certainty
from dosing.pharmacokinetics.registry import ACTIVE_ALLELES, EXPRESSER, HAEMATOCRIT, IMMEDIATE_RELEASE, WEIGHT
from dosing.rules.interactions.table import CLEARANCE_FACTORS
from dosing.rules.thresholds import STUDY
from tests.pharmacokinetics.test_predictions import levels

# Value and log-sd of each parameter, proportional and additive error, as published.
TYPED = {
    "woillard2011": (
        {"CL": (21.2, 0.28), "V1": (486, 0.31), "Q": (79, 0.54), "V2": (271, 0.60), "ktr": (3.34, 0.24)},
        (0.113, 0.71),
    ),
    "benkali2010": (
        {"CL": (19, 0.35), "V1": (486, 0.53), "k12": (0.09, 0.54), "k21": (0.13, 0), "ktr": (3.3, 0.52)},
        (0.09, 0.7),
    ),
    "campagne2018": (
        {
            "CL": (19.7, 0.37), "V1": (234, 0.77), "Q": (52.6, 0.49), "V2": (403, 0), "ktr": (4.21, 0.69),
            "lag": (0.83, 0),
        },
        (0.09, 0.0),
    ),
    "andrews2019": (
        {
            "CL": (23.0, 0.386), "V1": (692, 0.49), "Q": (11.6, 0.79), "V2": (5340, 0.53), "ktr": (3.58, 0),
            "lag": (0.38, 0),
        },
        (0.245, 0.0),
    ),
    "after_supper": (
        {
            "CL": (21.2, 0.28), "V1": (140.94, 0.31), "Q": (79, 0.54), "V2": (271, 0.60), "ktr": (1.62, 0.3),
            "lag": (4.17, 0),
        },
        (0.113, 0.71),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TYPED)
def test_parameters_and_error(name: str) -> None:
    parameters, residual = TYPED[name]
    model = MODELS[name]
    found = {row.name: (row.value, row.log_sd) for row in model.parameters}
    assert set(found) == set(parameters)
    for key, expected in parameters.items():
        assert found[key] == pytest.approx(expected), key
    assert (model.residual.proportional, model.residual.additive) == residual


def test_no_model_is_left_out() -> None:
    assert set(MODELS) == set(TYPED)


@pytest.mark.parametrize(
    ("name", "covariates", "parameter", "value"),
    [
        ("woillard2011", {HAEMATOCRIT: 35}, "CL", 21.2),
        ("woillard2011", {HAEMATOCRIT: 25}, "CL", 21.2 * (25 / 35) ** -1.14),
        ("woillard2011", {HAEMATOCRIT: 35, EXPRESSER: 1}, "CL", 42.4),
        ("woillard2011", {IMMEDIATE_RELEASE: 0}, "V1", 486),
        ("woillard2011", {IMMEDIATE_RELEASE: 1}, "V1", 141),
        ("woillard2011", {IMMEDIATE_RELEASE: 0}, "ktr", 3.34),
        ("woillard2011", {IMMEDIATE_RELEASE: 1}, "ktr", 5.11),
        ("benkali2010", {EXPRESSER: 1}, "CL", 19 * 2.15),
        ("campagne2018", {ACTIVE_ALLELES: 1}, "CL", 19.7 * 1.45),
        ("campagne2018", {ACTIVE_ALLELES: 2}, "CL", 19.7 * 2.25),
        ("campagne2018", {WEIGHT: 60}, "V1", 234 * 60 / 85.9),
        ("andrews2019", {EXPRESSER: 1}, "CL", 23.0 * 1.62),
        ("after_supper", {HAEMATOCRIT: 40}, "CL", 21.2 * (40 / 35) ** -1.14),
    ],
)
def test_covariates(name: str, covariates: Mapping[str, float], parameter: str, value: float) -> None:
    assert MODELS[name].typical(covariates)[parameter] == pytest.approx(value, rel=1e-3)


def test_after_supper_is_what_uchida_measured() -> None:
    """3 mg after supper, haematocrit 40, settled: Tmax 6.7 h, Cmax 12.7 ng/ml, AUC 163 (section 2)."""
    start = datetime(2024, 1, 1, 19)
    last = start + timedelta(days=60)
    minutes = [last + timedelta(minutes=6 * n) for n in range(241)]
    found = np.array(
        levels(MODELS["after_supper"], Regimen((Segment(start, None, 3.0),)), {HAEMATOCRIT: 40.0}, minutes)
    )
    assert 0.1 * found.argmax() == pytest.approx(6.7, abs=0.1)
    assert found.max() == pytest.approx(12.7, rel=0.02)
    assert np.trapezoid(found, dx=0.1) == pytest.approx(163, rel=0.02)


class TestAdjustments:
    """The project's own: shown as such, and gone in "as published"."""

    def test_the_wider_prior_is_marked_as_chosen(self) -> None:
        spread = {row.name: (row.log_sd, row.spread_certainty) for row in DEFAULT.parameters}
        assert spread["CL"] == (0.38, Certainty.CHOSEN)
        assert spread["Q"] == spread["V2"] == (0.0, Certainty.CHOSEN)
        assert spread["V1"] == (0.31, None)
        assert (DEFAULT.residual.proportional, DEFAULT.residual.additive) == (0.20, 0.5)

    def test_only_of_the_defaults_kin(self) -> None:
        for name, model in MODELS.items():
            widened = adjusted(model).residual != model.residual
            assert widened is (name in WITH_WIDER_PRIOR), name
            assert adjusted(model).occasion_log_sd == max(OCCASION_LOG_SD, model.occasion_log_sd) == 0.15

    @pytest.mark.parametrize(("mg", "share"), [(0, 1.175), (10, 1.0), (20, 0.8887), (60, 0.6778)])
    def test_prednisolone(self, mg: float, share: float) -> None:
        """F = 1 − .67·P/(35 + P), divided by its value at 10 mg, .8511."""
        assert DEFAULT.typical({PREDNISOLONE: mg})["F"] == pytest.approx(share, abs=5e-4)

    def test_interactions_and_the_share_of_genotypes(self) -> None:
        typical = DEFAULT.typical({HAEMATOCRIT: 35, INTERACTION: 0.69})
        assert typical["CL"] == pytest.approx(21.2 * 0.69)
        factors = {name: float(factor) for name, factor in CLEARANCE_FACTORS.items()}
        blockers = dict.fromkeys(("nicardipine", "nilvadipine", "nifedipine", "verapamil"), 0.94)
        assert factors == {"wuzhi": 0.71, "diltiazem": 0.69, **blockers}
        assert STUDY.cyp3a5_non_expresser_percent == 58
