"""The closed form of absorption through equal stages into an exponential disposition.

A unit dose enters the first of n stages, each emptied at rate k into the next and the last into a
compartment that decays at rate λ. With r = k − λ, of either sign,

    I_n(t) = ∫ Erlang(n, k)(s)·e^(−λ(t−s)) ds = (k/r)ⁿ·[e^(−λt) − e^(−kt)·Σ_{i<n} (rt)^i / i!]

which is the recursion I_m = (k/r)·(I_{m−1} − p_{m−1}) with I_0 = e^(−λt) and p_i = (kt)^i/i!·e^(−kt). Where
|rt| < 1 its differences cancel: there I_n comes from a series, and the others from the recursion backwards.
"""

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Terms of the series for |rt| < 1: the next is below 1/18!, far under the precision of a float.
SERIES_TERMS = 18


def stage_amounts(rate: Array, hours: Array, stages: int) -> list[Array]:
    """p_0 … p_{n−1}: what is in each stage a time after a unit dose."""
    passed = rate * hours
    amounts = [np.exp(-passed)]
    for stage in range(1, stages):
        amounts.append(amounts[-1] * passed / stage)
    return amounts


def absorbed(rate: Array, decay: Array, hours: Array, amounts: list[Array]) -> list[Array]:
    """I_0 … I_n for hours ≥ 0. amounts: the p_i of the same rate and hours."""
    difference = rate - decay
    left = [np.exp(-decay * hours)]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = rate / difference
        for amount in amounts:
            left.append(ratio * (left[-1] - amount))
    near = np.abs(difference * hours) < 1
    if near.any():
        _replace(left, near, rate, decay, hours, amounts)
    return left


def _replace(
    left: list[Array], near: NDArray[np.bool_], rate: Array, decay: Array, hours: Array, amounts: list[Array]
) -> None:
    """Put the values by the series where the recursion cancels."""
    shape = near.shape
    k, slow, t = (np.broadcast_to(given, shape)[near] for given in (rate, decay, hours))
    n = len(amounts)
    value = (k * t) ** n / math.factorial(n) * np.exp(-slow * t) * _kummer(n, (k - slow) * t)
    left[n][near] = value
    for stage in range(n - 1, 0, -1):
        value = (k - slow) / k * value + amounts[stage][near]
        left[stage][near] = value


def _kummer(n: int, x: Array) -> Array:
    """M(n, n + 1, −x) = Σ_j (−x)^j / j! · n/(n + j), by Horner's rule."""
    total = np.zeros_like(x)
    for j in range(SERIES_TERMS, 0, -1):
        total = (total + n / (n + j)) * (-x / j)
    return total + 1.0
