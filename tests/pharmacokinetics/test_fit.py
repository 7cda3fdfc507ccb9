"""The most probable parameters: the independent engine's, and what must hold whatever the levels."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from dosing.pharmacokinetics import ObservedLevel, Regimen, Segment, fit
from dosing.pharmacokinetics.adjustments import DEFAULT
from dosing.pharmacokinetics.objective import Objective, omega
from dosing.pharmacokinetics.posterior import posterior
from dosing.pharmacokinetics.registry import MODELS
from dosing.pharmacokinetics.schedule import schedule
from tests.pharmacokinetics.cases import (
    CASES,
    covariates_of,
    model_of,
    moment,
    moments,
    parameters_of,
    regimen_of,
)
from tests.pharmacokinetics.test_predictions import levels as predicted

START = datetime(2024, 1, 1, 19)
RELATIVE = 1e-5
THREE = Regimen((Segment(START, None, 3.0),))


def levels_of(case: str) -> list[ObservedLevel]:
    return [ObservedLevel(moment(row["time"]), row["ng_ml"]) for row in CASES[case]["samples"]]


@pytest.mark.parametrize("case", CASES)
class TestEngine:
    def test_parameters(self, case: str) -> None:
        found = fit(model_of(case), regimen_of(case), levels_of(case), covariates_of(case)).parameters
        expected = {name: value for name, value in parameters_of(case).items() if name != "F"}
        assert {name: found["lag" if name == "Tlag" else name] for name in expected} == pytest.approx(
            expected, rel=RELATIVE
        )

    def test_objective(self, case: str) -> None:
        found = fit(model_of(case), regimen_of(case), levels_of(case), covariates_of(case))
        assert -found.objective == pytest.approx(CASES[case]["engine"]["log_posterior"], rel=RELATIVE)

    def test_levels(self, case: str) -> None:
        found = fit(model_of(case), regimen_of(case), levels_of(case), covariates_of(case))
        engine = CASES[case]["engine"]
        assert found.predicted.tolist() == pytest.approx(engine["pred_samples"], rel=RELATIVE)
        assert found.typical.tolist() == pytest.approx(engine["prior_samples"], rel=RELATIVE)
        later = predicted(
            model_of(case), regimen_of(case), covariates_of(case), moments(case, "future_times"),
            found.parameters,
        )  # fmt: skip
        assert later == pytest.approx(engine["pred_future"], rel=RELATIVE)


def morning(day: int) -> datetime:
    return START + timedelta(days=day, hours=14)


def test_the_objective_is_the_density_that_scipy_computes() -> None:
    """Specification section 3, by scipy.stats at an η that fits nothing."""
    model = MODELS["woillard2011"]
    rows = (ObservedLevel(morning(10), 6.0), ObservedLevel(morning(40), 9.0))
    known = schedule(model, THREE, {}, rows[-1].at)
    target = Objective(model, known, rows)
    eta = np.array([[0.2, -0.3, 0.1, 0.4, -0.1]])
    mean = target.predicted(eta)[0]
    spread = np.sqrt(0.71**2 + (0.113 * mean) ** 2)
    expected = norm.logpdf([6.0, 9.0], mean, spread).sum() + multivariate_normal.logpdf(
        eta[0], np.zeros(5), omega(model)
    )
    assert -target(eta)[0] == pytest.approx(expected, rel=1e-12)


def test_no_level_is_the_typical_patient() -> None:
    found = fit(DEFAULT, THREE, [], {}, until=morning(30))
    assert found.eta.tolist() == [0.0] * len(DEFAULT.varying)
    assert found.covariance == pytest.approx(omega(DEFAULT), rel=1e-4)
    assert found.log_evidence == pytest.approx(0, abs=1e-4), "no levels say nothing"


def test_more_levels_make_it_surer() -> None:
    rows = [ObservedLevel(morning(day), 7.0) for day in (14, 28, 42, 56)]
    widths = [
        math.sqrt(fit(DEFAULT, THREE, rows[:number], {}, until=morning(60)).covariance[0, 0])
        for number in range(5)
    ]
    assert widths == sorted(widths, reverse=True) and widths[-1] < 0.6 * widths[0]


def test_a_high_level_is_a_low_clearance_and_never_beyond_it() -> None:
    """Shrunken: between the typical patient and the level."""
    found = fit(DEFAULT, THREE, [ObservedLevel(morning(30), 14.0)], {})
    assert found.parameters["CL"] < found.known.typical["CL"]
    assert found.typical[0] < found.predicted[0] < 14.0


class TestBounds:
    """A level below quantification enters by its chance (M3)."""

    def test_its_part_is_the_chance_that_scipy_computes(self) -> None:
        row = ObservedLevel(morning(10), 2.0, "<")
        known = schedule(DEFAULT, THREE, {}, row.at)
        target = Objective(DEFAULT, known, (row,))
        eta = np.zeros((1, len(DEFAULT.varying)))
        mean = target.predicted(eta)
        expected = norm.logcdf(2.0, mean[0, 0], target.spread(mean)[0, 0])
        assert -target.misfit(eta)[0] == pytest.approx(expected, rel=1e-12)

    def test_below_draws_down_and_above_draws_up(self) -> None:
        typical = fit(DEFAULT, THREE, [], {}, until=morning(30)).parameters["CL"]
        below = fit(DEFAULT, THREE, [ObservedLevel(morning(30), 2.0, "<")], {}).parameters["CL"]
        above = fit(DEFAULT, THREE, [ObservedLevel(morning(30), 20.0, ">")], {}).parameters["CL"]
        assert below > 1.1 * typical and above < 0.9 * typical


def test_a_level_with_less_weight_draws_less() -> None:
    clearances = [
        fit(DEFAULT, THREE, [ObservedLevel(morning(30), 14.0, weight=weight)], {}).parameters["CL"]
        for weight in (1.0, 0.5, 0.1)
    ]
    assert clearances == sorted(clearances)


class TestNasty:
    def test_a_level_before_any_dose_and_one_of_0_are_left_out_with_a_sentence(self) -> None:
        rows = [
            ObservedLevel(START - timedelta(days=1), 3.0),
            ObservedLevel(morning(9), 0.0),
            ObservedLevel(morning(30), 7.0),
        ]
        found = fit(DEFAULT, THREE, rows, {})
        assert [row.ng_ml for row in found.levels] == [7.0]
        assert [message.values["day"] for message in found.left_out] == [rows[0].at.date(), rows[1].at.date()]

    def test_levels_that_contradict_each_other_still_fit(self) -> None:
        rows = [ObservedLevel(morning(30), 2.0), ObservedLevel(morning(31), 25.0)]
        found = fit(DEFAULT, THREE, rows, {})
        assert np.abs(found.weighted_residuals).max() > 2
        assert 2.0 < found.predicted[0] < 25.0

    def test_two_hundred_levels(self) -> None:
        rows = [ObservedLevel(morning(day), 6.0 + day % 3) for day in range(10, 210)]
        found = fit(DEFAULT, THREE, rows, {})
        assert len(found.levels) == 200 and found.predicted.mean() == pytest.approx(7.0, abs=0.6)

    def test_three_years_without_a_level(self) -> None:
        rows = [ObservedLevel(morning(30), 7.0), ObservedLevel(morning(30 + 3 * 365), 7.0)]
        found = fit(DEFAULT, THREE, rows, {})
        assert found.predicted[0] == pytest.approx(found.predicted[1], rel=1e-6)

    def test_where_the_objective_is_flat_it_searches_farther(self) -> None:
        """Hardly anything should be left 300 h after one dose, and 5.8 ng/ml is: no grid point is better."""
        one = Regimen((Segment(START, START + timedelta(hours=1), 3.0),))
        rows = [ObservedLevel(START + timedelta(hours=300), 5.8)]
        found = fit(DEFAULT, one, rows, {})
        target = Objective(DEFAULT, found.known, found.levels)
        spread = np.array([row.log_sd for row in DEFAULT.varying])
        steps = np.linspace(-6, 6, 25)
        grid = np.stack(np.meshgrid(*[steps] * len(spread)), axis=-1).reshape(-1, len(spread)) * spread
        assert found.objective <= target(grid).min()

    @pytest.mark.parametrize(
        "rows", [[200.0, 200.0, 190.0, 200.0], [0.1, 200.0] * 39], ids=["far too high", "back and forth"]
    )
    def test_levels_that_nobody_can_have(self, rows: list[float]) -> None:
        """A number for every draw, however far away."""
        half = Regimen((Segment(START, None, 0.5),))
        levels = [ObservedLevel(morning(20 + day), ng_ml) for day, ng_ml in enumerate(rows)]
        found = fit(DEFAULT, half, levels, {})
        assert np.isfinite(found.objective) and np.isfinite(found.covariance).all()
        drawn = posterior(found, 500, np.random.default_rng(1))
        predicted = Objective(DEFAULT, found.known, found.levels).predicted(drawn.etas)
        assert np.isfinite(predicted).all() and np.isfinite(drawn.weights).all()

    @pytest.mark.parametrize(
        "wrong", [{"comparator": "≤"}, {"ng_ml": math.nan}, {"weight": 0.0}, {"weight": 2.0}]
    )
    def test_what_no_level_can_be(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError):
            ObservedLevel(**{"at": START, "ng_ml": 5.0, **wrong})  # type: ignore[arg-type]

    def test_nothing_to_look_at(self) -> None:
        with pytest.raises(ValueError, match="no time"):
            fit(DEFAULT, THREE, [], {})
        with pytest.raises(ValueError, match="no dose"):
            fit(DEFAULT, Regimen(()), [ObservedLevel(morning(1), 5.0)], {})
