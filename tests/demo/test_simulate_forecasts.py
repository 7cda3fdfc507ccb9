"""The simulation of forecasts: seeded, its sums by hand, and that it can fail."""

from dataclasses import replace
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from demo.management.commands.simulate_forecasts import failures
from demo.simulation.forecasts import (
    Comparison,
    SimulatedForecast,
    compare,
    forecast_level,
    ratio_interval,
    rmse_percent,
    simulate,
    virtual,
)
from dosing.pharmacokinetics.registry import AFTER_SUPPER
from dosing.rules.levels.accuracy import Scored

GOOD = Comparison(4, 90.0, 20.0, 30.0, 22.0, (0.67, 0.6, 0.7), (0.9, 0.8, 1.0))


def test_the_same_seed_gives_the_same_people_and_forecasts() -> None:
    first, again, other = (simulate(2, (1,), seed) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_virtual_patient() -> None:
    one = virtual(np.random.default_rng(3))
    assert len(one.measured) == len(one.true) == len(one.draws) == 5
    assert 12 <= one.hours <= 16
    assert one.draws[3] < one.change < one.draws[4]
    assert {row.mg for row in one.regimen.segments} == {3.0, one.new_mg}


def test_without_variation_every_draw_on_one_dose_is_nearly_the_same(monkeypatch: Any) -> None:
    """A truth in which nobody differs: levels agree, and the new one is in proportion."""
    monkeypatch.setattr("demo.simulation.forecasts.OCCASION_LOG_SD", 0.0)
    plain = [replace(row, log_sd=0.0) for row in AFTER_SUPPER.parameters]
    truth = replace(AFTER_SUPPER, parameters=tuple(plain))
    one = virtual(np.random.default_rng(3), truth)
    assert one.true[1:4] == pytest.approx((one.true[1],) * 3, rel=1e-3)
    assert one.true[4] / one.true[3] == pytest.approx(one.new_mg / 3, rel=1e-3)


def test_a_forecast_uses_the_last_levels() -> None:
    one = virtual(np.random.default_rng(3))
    found = forecast_level(one, 2)
    assert found.scored.levels_used == 2
    assert found.scored.proportion == pytest.approx((one.measured[2] + one.measured[3]) / 2 / 3 * one.new_mg)
    assert found.plain == pytest.approx(one.measured[3] / 3 * one.new_mg)
    assert found.scored.measured == one.measured[4]


def test_the_sums_by_hand() -> None:
    """Of 5 and 10 ng/ml: model +20, −10 % (15.81), plain +40, +10 % (29.15), mean +10, +20 % (15.81)."""
    rows = [
        SimulatedForecast(Scored(4, 5.5, 6.0, 5.0, 8.0, 0.5, 5, 10, proportion=5.5), 5.0, 7.0),
        SimulatedForecast(Scored(4, 12.0, 9.0, 5.0, 11.0, 0.5, 5, 10, proportion=12.0), 10.0, 11.0),
    ]
    found = compare(rows, 1)
    assert found.model_percent == pytest.approx(15.811, abs=1e-3)
    assert found.plain_percent == pytest.approx(29.155, abs=1e-3)
    assert found.mean_percent == pytest.approx(15.811, abs=1e-3)
    assert found.covered_percent == 50
    assert found.ratio[0] == pytest.approx(0.5423, abs=1e-4)


def test_the_bootstrap() -> None:
    """Errors in one proportion to each other in every patient: the ratio is certain."""
    errors = np.random.default_rng(1).normal(0, 0.3, 200)
    assert ratio_interval(errors / 2, errors, 1) == pytest.approx((0.5, 0.5, 0.5))
    independent = np.random.default_rng(2).normal(0, 0.3, 200)
    ratio, low, high = ratio_interval(independent, errors, 1)
    assert low < ratio < high
    assert rmse_percent(np.array([0.3, -0.4])) == pytest.approx(35.355, abs=1e-3)


@pytest.mark.parametrize(
    ("changed", "fails"),
    [
        ({}, False),
        ({"covered_percent": 85.0}, False),
        ({"covered_percent": 84.9}, True),
        ({"covered_percent": 97.0}, False),
        ({"covered_percent": 97.1}, True),
        ({"ratio": (0.90, 0.8, 1.0)}, False),
        ({"ratio": (0.91, 0.8, 1.0)}, True),
        ({"levels_used": 1, "ratio": (1.5, 1.2, 1.8)}, False),
        ({"levels_used": 1, "of_mean": (1.0, 0.9, 1.1)}, False),
        ({"levels_used": 1, "of_mean": (1.01, 0.9, 1.1)}, True),
    ],
)
def test_when_it_fails(changed: dict[str, Any], fails: bool) -> None:
    assert bool(list(failures(replace(GOOD, **changed)))) is fails


def test_the_command_says_what_it_found_and_can_fail(monkeypatch: Any) -> None:
    out = StringIO()
    outcome = SimulatedForecast(Scored(4, 6.0, 6.0, 5.9, 6.1, 0.5, 5, 10, proportion=6.1), 6.0, 9.0)
    monkeypatch.setattr(
        "demo.simulation.forecasts.simulate", lambda *_a: {4: [outcome, replace(outcome, true=6.5)]}
    )
    with pytest.raises(CommandError, match="covers 100 %"):
        call_command("simulate_forecasts", patients=2, stdout=out)
    assert "Levels used: 4 (the model leads)" in out.getvalue()


def test_a_small_one_from_end_to_end() -> None:
    """Too few to judge by, enough to see that patients are forecast by the product's model."""
    rows = simulate(6, (4,), 1)[4]
    assert all(0 < row.scored.low < row.scored.forecast < row.scored.high for row in rows)
    assert compare(rows, 1).model_percent < 80
