"""How near forecasts came to the levels that followed: the model against plain proportion.

Specification section 4, audit. Relative errors are (forecast − measured) / measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

# The share of forecasts that came so near.
NEAR = 0.20
HUNDRED = 100.0
# [D] Fewer pairs do not tell the model from proportion.
FEWEST_TO_COMPARE = 20


@dataclass(frozen=True)
class Scored:
    """One forecast and the level that followed, ng/ml.

    forecast: the median; low to high: nine tenths of such patients; chance_within: of low_target to
    high_target, all three None where no target held. proportion: what plain proportion said, None without a
    level to take it from.
    """

    levels_used: int
    measured: float
    forecast: float
    low: float
    high: float
    chance_within: float | None
    low_target: float | None
    high_target: float | None
    proportion: float | None = None


@dataclass(frozen=True)
class Accuracy:
    """Of n forecasts: the mean error (above 0: too high), the root mean square error, the share within 20 %.

    covered_percent: how many levels lay in the interval for nine tenths. brier: mean squared error of the
    chance of being in range, 0 best, over those that had a target. None for proportion, which gives neither.
    """

    n: int
    mean_error_percent: float
    rmse_percent: float
    near_percent: float
    covered_percent: float | None = None
    brier: float | None = None


def of_model(rows: Sequence[Scored]) -> Accuracy | None:
    """How near the model came; None without a row."""
    if not rows:
        return None
    covered = fmean(row.low <= row.measured <= row.high for row in rows)
    squares = [square for row in rows if (square := _brier(row)) is not None]
    brier = fmean(squares) if squares else None
    return _accuracy([_error(row.forecast, row) for row in rows], HUNDRED * covered, brier)


def of_proportion(rows: Sequence[Scored]) -> Accuracy | None:
    """How near proportion came, where it said anything; None without such a row."""
    errors = [_error(row.proportion, row) for row in rows if row.proportion is not None]
    return _accuracy(errors) if errors else None


def does_worse(rows: Sequence[Scored]) -> bool:
    """Whether the model's root mean square error is above proportion's, over enough rows that have both."""
    both = [row for row in rows if row.proportion is not None]
    model, proportion = of_model(both), of_proportion(both)
    if model is None or proportion is None or len(both) < FEWEST_TO_COMPARE:
        return False
    return model.rmse_percent > proportion.rmse_percent


def by_levels(rows: Sequence[Scored], most: int) -> list[tuple[int, list[Scored]]]:
    """The rows by how many levels they used; `most` and more together."""

    def used(number: int) -> Callable[[Scored], bool]:
        return lambda row: min(row.levels_used, most) == number

    return [(number, found) for number in range(most + 1) if (found := list(filter(used(number), rows)))]


def _accuracy(errors: Sequence[float], covered: float | None = None, brier: float | None = None) -> Accuracy:
    return Accuracy(
        n=len(errors),
        mean_error_percent=HUNDRED * fmean(errors),
        rmse_percent=HUNDRED * math.sqrt(fmean(error**2 for error in errors)),
        near_percent=HUNDRED * fmean(abs(error) <= NEAR for error in errors),
        covered_percent=covered,
        brier=brier,
    )


def _error(forecast: float, row: Scored) -> float:
    return (forecast - row.measured) / row.measured


def _brier(row: Scored) -> float | None:
    if row.chance_within is None or row.low_target is None or row.high_target is None:
        return None
    return (row.chance_within - (row.low_target <= row.measured <= row.high_target)) ** 2
