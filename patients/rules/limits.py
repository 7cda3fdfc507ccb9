"""Whether a result is below, within or above its reference limits, only where that is certain."""

import enum
from decimal import Decimal

from patients.rules.bounds import highest, lowest, surely_above, surely_below


class Side(enum.Enum):
    """BELOW the lower limit, ABOVE the upper, WITHIN both. UNKNOWN: no limit, or "<100" may be either."""

    BELOW = "below"
    ABOVE = "above"
    WITHIN = "within"
    UNKNOWN = "unknown"


def side(
    value: Decimal,
    comparator: str,
    low: Decimal | None,
    high: Decimal | None,
    value_high: Decimal | None = None,
) -> Side:
    """The side of a result in the unit of its limits; comparator is "", "<", ">", "≤" or "≥".

    value_high: the end of a range that begins at value. A value that equals its limit is within. "<5" with a
    lower limit of 5 is below it, "≤5" may be either.
    """
    if comparator or value_high is not None:
        return _bounded(value, comparator, low, high, value_high)
    if low is None and high is None:
        return Side.UNKNOWN
    if low is not None and value < low:
        return Side.BELOW
    if high is not None and value > high:
        return Side.ABOVE
    return Side.WITHIN


def _bounded(
    value: Decimal,
    comparator: str,
    low: Decimal | None,
    high: Decimal | None,
    value_high: Decimal | None,
) -> Side:
    """Of a result that is only bounded: the side on which all that it can be lies."""
    least, most = lowest(value, comparator), highest(value, comparator, value_high)
    if low is not None and surely_below(low, value, comparator, value_high):
        return Side.BELOW
    if high is not None and surely_above(high, value, comparator):
        return Side.ABOVE
    if low is None and high is None:
        return Side.UNKNOWN
    above_low = low is None or least >= low
    below_high = high is None or (most is not None and most <= high)
    return Side.WITHIN if above_low and below_high else Side.UNKNOWN
