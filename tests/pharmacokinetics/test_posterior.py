"""Draws of the parameters, against integration on a grid and against a walk of another kind."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pytest

from dosing.pharmacokinetics import ObservedLevel, Regimen, Segment, fit
from dosing.pharmacokinetics.adjustments import DEFAULT
from dosing.pharmacokinetics.estimation import Fit
from dosing.pharmacokinetics.objective import Objective
from dosing.pharmacokinetics.posterior import _walk, posterior
from dosing.pharmacokinetics.predictive_distribution import quantiles
from tests.pharmacokinetics.models import CHEN, ONE_LAG

START = datetime(2024, 1, 1, 19)
THREE = Regimen((Segment(START, None, 3.0),))
SHARES = (0.05, 0.5, 0.95)


def morning(day: int) -> datetime:
    return START + timedelta(days=day, hours=14)


def fitted(*levels: tuple[int, float], model=DEFAULT) -> Fit:
    rows = [ObservedLevel(morning(day), ng_ml) for day, ng_ml in levels]
    return fit(model, THREE, rows, {"bodyweight": 60.0, "hct": 38.0}, until=morning(400))


def target(found: Fit) -> Objective:
    return Objective(found.model, found.known, found.levels)


class TestAgainstAGrid:
    """With one or two parameters everything can be integrated."""

    @pytest.mark.parametrize("levels", [((20, 3.0),), ((20, 12.0),), ((20, 4.0), (50, 9.0), (80, 6.0))])
    def test_one_parameter(self, levels: tuple[tuple[int, float], ...]) -> None:
        found = fitted(*levels, model=CHEN)
        grid = np.linspace(-1.5, 1.5, 6001)[:, np.newaxis]
        density = np.exp(found.objective - target(found)(grid))
        expected = quantiles(grid[:, 0], density / density.sum(), SHARES)
        drawn = posterior(found, 4000, np.random.default_rng(1))
        assert not drawn.walked and drawn.effective > 2000
        assert quantiles(drawn.etas[:, 0], drawn.weights, SHARES) == pytest.approx(expected, abs=0.015)
        evidence = math.log(density.sum() * float(grid[1, 0] - grid[0, 0])) - found.objective
        assert found.log_evidence == pytest.approx(evidence, abs=0.05), "Laplace is near"

    def test_two_parameters_that_hang_together(self) -> None:
        found = fitted((20, 5.0), (60, 8.0), model=ONE_LAG)
        axis = np.linspace(-2, 2, 401)
        grid = np.array([(one, other) for one in axis for other in axis])
        density = np.exp(found.objective - target(found)(grid))
        drawn = posterior(found, 40_000, np.random.default_rng(1))
        for place in range(2):
            expected = quantiles(grid[:, place], density / density.sum(), SHARES)
            assert quantiles(drawn.etas[:, place], drawn.weights, SHARES) == pytest.approx(expected, abs=0.04)


@pytest.mark.parametrize(
    "levels", [((20, 6.0),), ((20, 15.0),), ((20, 3.0), (50, 3.4), (90, 2.8), (120, 3.1))]
)
def test_the_walk_and_the_weighted_draws_agree(levels: tuple[tuple[int, float], ...]) -> None:
    """Medians of clearance within 3 %, ends of the interval within 8 %, as the specification asks."""
    found = fitted(*levels)
    drawn = posterior(found, 4000, np.random.default_rng(1))
    walked = _walk(found, target(found), 20_000, np.random.default_rng(2))
    assert not drawn.walked and walked.walked
    one = np.exp(quantiles(drawn.etas[:, 0], drawn.weights, SHARES))
    other = np.exp(quantiles(walked.etas[:, 0], walked.weights, SHARES))
    assert one[1] == pytest.approx(other[1], rel=0.03)
    assert one[[0, 2]] == pytest.approx(other[[0, 2]], rel=0.08)


def test_where_few_draws_count_it_walks_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dosing.pharmacokinetics.posterior.FEWEST_EFFECTIVE", 10**6)
    drawn = posterior(fitted((20, 6.0)), 10**4, np.random.default_rng(1))
    assert not drawn.walked, "half of the draws is enough"
    monkeypatch.setattr("dosing.pharmacokinetics.posterior.DEGREES_OF_FREEDOM", 1)
    found = fitted((20, 6.0))
    narrow = Fit(**{**vars(found), "covariance": found.covariance * 1e-4})
    assert posterior(narrow, 1000, np.random.default_rng(1)).walked


def test_without_levels_the_draws_are_the_population() -> None:
    drawn = posterior(fitted(), 4000, np.random.default_rng(1))
    low, middle, high = quantiles(drawn.etas[:, 0], drawn.weights, SHARES)
    assert (low, middle, high) == pytest.approx((-1.645 * 0.38, 0, 1.645 * 0.38), abs=0.04)


def test_the_same_seed_gives_the_same_draws() -> None:
    one, other = (posterior(fitted((20, 6.0)), 500, np.random.default_rng(7)) for _again in range(2))
    assert (one.etas == other.etas).all() and (one.weights == other.weights).all()


def test_a_model_in_which_patients_do_not_differ_has_no_draws() -> None:
    found = fitted((20, 6.0))
    with pytest.raises(ValueError, match="do not differ"):
        posterior(Fit(**{**vars(found), "eta": np.zeros(0)}), 100, np.random.default_rng(1))
