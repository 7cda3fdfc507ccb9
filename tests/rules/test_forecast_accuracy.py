"""How near forecasts came: specification section 4, audit. Expected values are worked out by hand."""

from dataclasses import replace

import pytest

from dosing.rules.levels.accuracy import (
    FEWEST_TO_COMPARE,
    Scored,
    by_levels,
    does_worse,
    of_model,
    of_proportion,
)

# Errors of +20 % and −50 %; the second level lies outside its interval; both in the target.
FIRST = Scored(4, 5.0, 6.0, 4.0, 9.0, 0.8, 5.0, 10.0, proportion=4.0)
SECOND = Scored(2, 8.0, 4.0, 2.0, 7.0, 0.3, 5.0, 10.0, proportion=8.0)


def test_the_model_by_hand() -> None:
    """Mean (20 − 50)/2 = −15 %; RMSE √((.04 + .25)/2) = 38.08 %; Brier ((.2)² + (.7)²)/2 = .265."""
    found = of_model([FIRST, SECOND])
    assert found is not None
    assert found.n == 2
    assert found.mean_error_percent == pytest.approx(-15)
    assert found.rmse_percent == pytest.approx(38.0789, abs=1e-4)
    assert found.near_percent == pytest.approx(50)
    assert found.covered_percent == pytest.approx(50)
    assert found.brier == pytest.approx(0.265)


def test_proportion_by_hand() -> None:
    """−20 % and 0 %: mean −10 %, RMSE √(.04/2) = 14.14 %, both within 20 %."""
    found = of_proportion([FIRST, SECOND])
    assert found is not None
    assert (found.mean_error_percent, found.near_percent) == pytest.approx((-10, 100))
    assert found.rmse_percent == pytest.approx(14.1421, abs=1e-4)
    assert (found.covered_percent, found.brier) == (None, None)


def test_nothing_is_said_of_nothing() -> None:
    assert of_model([]) is None
    assert of_proportion([replace(FIRST, proportion=None)]) is None
    assert not does_worse([])


@pytest.mark.parametrize(("measured", "within"), [(4.99, False), (5.0, True), (10.0, True), (10.01, False)])
def test_the_ends_of_the_target_belong_to_it(measured: float, within: bool) -> None:
    found = of_model([replace(FIRST, measured=measured, chance_within=1.0)])
    assert found is not None
    assert found.brier == (0.0 if within else 1.0)


def test_where_no_target_held_no_chance_is_scored() -> None:
    """It counts among the errors, not in the Brier score: that of the other one stays 0.0."""
    other = replace(FIRST, measured=6.0, chance_within=1.0)
    without = replace(FIRST, chance_within=None, low_target=None, high_target=None)
    found, none = of_model([other, without]), of_model([without])
    assert found is not None and none is not None
    assert (found.n, found.brier, none.brier) == (2, 0.0, None)


@pytest.mark.parametrize(("measured", "covered"), [(4.0, 100), (9.0, 100), (3.99, 0), (9.01, 0)])
def test_the_ends_of_the_interval_belong_to_it(measured: float, covered: int) -> None:
    found = of_model([replace(FIRST, measured=measured)])
    assert found is not None
    assert found.covered_percent == covered


def test_by_how_many_levels_were_used() -> None:
    rows = [replace(FIRST, levels_used=n) for n in (0, 2, 4, 7, 2)]
    assert [(number, len(group)) for number, group in by_levels(rows, 4)] == [(0, 1), (2, 2), (4, 2)]


class TestWorse:
    WORSE = [SECOND] * FEWEST_TO_COMPARE

    def test_by_the_root_mean_square_error(self) -> None:
        assert does_worse(self.WORSE)
        assert not does_worse([replace(SECOND, proportion=2.0)] * FEWEST_TO_COMPARE)

    def test_as_good_is_not_worse(self) -> None:
        assert not does_worse([replace(SECOND, proportion=SECOND.forecast)] * FEWEST_TO_COMPARE)

    def test_too_few_say_nothing(self) -> None:
        assert not does_worse(self.WORSE[1:])

    def test_only_where_both_said_something(self) -> None:
        without = [replace(SECOND, proportion=None)] * 50
        assert not does_worse([*self.WORSE[1:], *without])
