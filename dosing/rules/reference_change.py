"""The reference change value: which change of a result is more than assay and biological variation.

Log-normal and one-sided (clinical specification 5.4): 100·(exp(-z·s·√(1/n+1/k)) - 1) with
s = √ln(1 + CVI² + CVA²), for the mean of n samples against the mean of k earlier ones.
"""

import math
from dataclasses import replace
from decimal import Decimal
from functools import cache

from dosing.rules.thresholds import Thresholds

Z_ONE_SIDED_95 = 1.645
Z_PAIR_99 = 2.33
Z_ALONE_999 = 3.09


def of_assay(thresholds: Thresholds, analytical_variation_percent: Decimal | None) -> Thresholds:
    """The thresholds with the variation that the laboratory states of its assay (%), where it states one."""
    if analytical_variation_percent is None:
        return thresholds
    return _with_variation(thresholds, analytical_variation_percent)


@cache
def _with_variation(thresholds: Thresholds, percent: Decimal) -> Thresholds:
    return replace(thresholds, c3_analytical_variation_percent=percent)


def change_limit_percent(k: int, z: float, thresholds: Thresholds, samples_averaged: int = 1) -> float:
    """The fall in percent beyond which a change against the mean of k values is real, one-sided at z."""
    biological, analytical = _variation(thresholds)
    return _limit_percent(k, z, biological, analytical, samples_averaged)


def is_beyond(fall_percent: Decimal, k: int, z: float, thresholds: Thresholds) -> bool:
    """Whether a fall in percent against the mean of k values is real, one-sided at z."""
    return fall_percent < 0 and fall_percent <= _decimal_limit_percent(k, z, *_variation(thresholds))


def _variation(thresholds: Thresholds) -> tuple[Decimal, Decimal]:
    return thresholds.c3_biological_variation_percent, thresholds.c3_analytical_variation_percent


@cache
def _decimal_limit_percent(
    k: int, z: float, biological_percent: Decimal, analytical_percent: Decimal
) -> Decimal:
    return Decimal(str(_limit_percent(k, z, biological_percent, analytical_percent, 1)))


@cache
def _limit_percent(
    k: int, z: float, biological_percent: Decimal, analytical_percent: Decimal, samples_averaged: int
) -> float:
    """A clinic has one pair of variations and k is at most a few: few limits, asked for a thousand times."""
    biological, analytical = float(biological_percent) / 100, float(analytical_percent) / 100
    deviation = math.sqrt(math.log(1 + biological**2 + analytical**2))
    spread = z * deviation * math.sqrt(1 / samples_averaged + 1 / k)
    return 100 * (math.exp(-spread) - 1)
