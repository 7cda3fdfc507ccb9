"""One column of numbers: how many, their mean and spread, their median and quartiles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.numbers import Number, usable
from analytics.statistics.results import NO_VALUES, ONE_VALUE, LeftOut, NotEstimable, not_estimable


@dataclass(frozen=True)
class Summary:
    """In the unit of the values; sd divides by n − 1; quartiles interpolate (type 7 of Hyndman and Fan)."""

    n: int
    mean: float
    sd: float | NotEstimable
    first_quartile: float
    median: float
    third_quartile: float
    left_out: tuple[LeftOut, ...] = ()


def summary(values: Sequence[Number]) -> Summary | NotEstimable:
    """What a table prints of a column; values that are missing or not finite are counted by reason."""
    kept, left_out = usable(values)
    if not kept:
        return not_estimable(NO_VALUES, 0, left_out)
    ordered = sorted(kept)
    return Summary(
        n=len(kept),
        mean=mean(kept),
        sd=standard_deviation(kept),
        first_quartile=quantile(ordered, 0.25),
        median=quantile(ordered, 0.5),
        third_quartile=quantile(ordered, 0.75),
        left_out=left_out,
    )


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of at least one value, the same in whichever order they come."""
    return math.fsum(values) / len(values)


def standard_deviation(values: Sequence[float]) -> float | NotEstimable:
    """The standard deviation with n − 1."""
    if len(values) <= 1:
        return not_estimable(ONE_VALUE, len(values))
    centre = mean(values)
    return math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile of sorted values by linear interpolation: R's and numpy's default."""
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
