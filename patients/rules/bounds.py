"""A result that only bounds the value: "<1.5", "≥100", "5–9".

A rule that asks which way a bound points reads "≤" as "<" and "≥" as ">": they differ only where the bound is
the limit itself, and there `surely_above` and `surely_below` tell.
"""

from decimal import Decimal

AT_MOST = frozenset("<≤")
AT_LEAST = frozenset(">≥")
INCLUSIVE = frozenset("≤≥")
ZERO = Decimal(0)


def lowest(value: Decimal, comparator: str) -> Decimal:
    """The least that the value can be: a result is never below zero."""
    return ZERO if comparator in AT_MOST else value


def highest(value: Decimal, comparator: str, high: Decimal | None = None) -> Decimal | None:
    """The most that the value can be; None where nothing bounds it above."""
    if comparator in AT_LEAST:
        return None
    return value if high is None else high


def surely_above(limit: Decimal, value: Decimal, comparator: str) -> bool:
    """Whether every value that is meant lies above the limit: that of ">5" does, that of "≥5" need not."""
    if comparator in AT_MOST:
        return False
    return value > limit or (comparator == ">" and value == limit)


def surely_below(limit: Decimal, value: Decimal, comparator: str, high: Decimal | None = None) -> bool:
    """Whether every value that is meant lies below the limit: that of "<5" does, that of "≤5" need not."""
    most = highest(value, comparator, high)
    return most is not None and (most < limit or (comparator == "<" and most == limit))
