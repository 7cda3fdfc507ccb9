"""Whether a result is below, within or above its reference limits, only where that is certain."""

import enum
from decimal import Decimal


class Side(enum.Enum):
    """BELOW the lower limit, ABOVE the upper, WITHIN both. UNKNOWN: no limit, or "<100" may be either."""

    BELOW = "below"
    ABOVE = "above"
    WITHIN = "within"
    UNKNOWN = "unknown"


def side(value: Decimal, comparator: str, low: Decimal | None, high: Decimal | None) -> Side:
    """The side of a result in the unit of its limits; comparator is "", "<" or ">".

    A value that equals its limit is within. "<5" with a lower limit of 5 is below it.
    """
    if comparator:
        return _beyond_the_range(value, comparator, low, high)
    if low is None and high is None:
        return Side.UNKNOWN
    if low is not None and value < low:
        return Side.BELOW
    if high is not None and value > high:
        return Side.ABOVE
    return Side.WITHIN


def _beyond_the_range(value: Decimal, comparator: str, low: Decimal | None, high: Decimal | None) -> Side:
    """A result that the method could only bound: "<2" lies anywhere below 2, ">200" anywhere above."""
    if comparator == "<":
        if low is not None:
            return Side.BELOW if value <= low else Side.UNKNOWN
        return Side.WITHIN if high is not None and value <= high else Side.UNKNOWN
    if high is not None:
        return Side.ABOVE if value >= high else Side.UNKNOWN
    return Side.WITHIN if low is not None and value >= low else Side.UNKNOWN
