"""A level to come: its median, its intervals, and how many of 100 patients lie where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dosing.pharmacokinetics.erlang import Array


class OfHundred(NamedTuple):
    """Of 100 patients like this one; the urgent are among those above, or the target is that high."""

    below: int
    within: int
    above: int
    urgent: int


@dataclass(frozen=True)
class Outlook:
    """A measured level to come, ng/ml: its median, the middle half and nine tenths, and chances by range.

    urgent: the chance of a level at or above urgent_ng_ml, where the rules too call it urgent.
    """

    median: float
    half: tuple[float, float]
    nine_tenths: tuple[float, float]
    below: float
    within: float
    above: float
    urgent: float
    urgent_ng_ml: float

    @property
    def of_100(self) -> OfHundred:
        """The chances as whole patients that make 100; what rounding leaves goes to the largest remainder."""
        shares = [100 * self.below, 100 * self.within, 100 * self.above]
        whole = [math.floor(share) for share in shares]
        order = sorted(range(3), key=lambda place: whole[place] - shares[place])
        for place in order[: 100 - sum(whole)]:
            whole[place] += 1
        below, within, above = whole
        urgent = round(100 * self.urgent)
        return OfHundred(below, within, above, min(urgent, above) if self.urgent <= self.above else urgent)


def outlook_of(levels: Array, weights: Array, band: tuple[float, float], urgent_ng_ml: float) -> Outlook:
    """What weighted draws of a level say. levels and limits: ng/ml; weights: one a draw, together 1.

    Both ends of the band are in range, and a level at the urgent limit is urgent: as the rules have it.
    """
    low, high = band
    low_90, low_50, median, high_50, high_90 = quantiles(levels, weights, (0.05, 0.25, 0.5, 0.75, 0.95))
    return Outlook(
        median=median,
        half=(low_50, high_50),
        nine_tenths=(low_90, high_90),
        below=float(weights[levels < low].sum()),
        within=float(weights[(levels >= low) & (levels <= high)].sum()),
        above=float(weights[levels > high].sum()),
        urgent=float(weights[levels >= urgent_ng_ml].sum()),
        urgent_ng_ml=urgent_ng_ml,
    )


def quantiles(values: Array, weights: Array, shares: Sequence[float]) -> list[float]:
    """Weighted quantiles: the first value at which the weights so far reach the share."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.array(shares) * reached[-1])
    return [float(values[order[min(place, len(order) - 1)]]) for place in places]
