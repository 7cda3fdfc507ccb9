"""Turns numbers as they come into numbers to calculate with; equal decimals stay equal."""

import math
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from analytics.statistics.results import LeftOut, count_reasons
from patients.rules.verdict import gettext_noop

Number = int | float | Decimal | None

DECIMALS = 6  # as laboratory values are stored
EXACT_DIGITS = 15  # what a float keeps of a decimal
LARGEST = 1e150  # the square of a larger number is no number any more

MISSING = gettext_noop("the value is missing")
NOT_FINITE = gettext_noop("the value is not a finite number")
BEFORE_MISSING = gettext_noop("the value before is missing")
AFTER_MISSING = gettext_noop("the value after is missing")
BOTH_MISSING = gettext_noop("both values are missing")


def unusable(number: Number) -> str | None:
    """Why a number cannot be used: a marked text; None where it can. NaN counts as missing."""
    if number is None or _is_nan(number):
        return MISSING
    return NOT_FINITE if abs(float(number)) > LARGEST else None


def _is_nan(number: float | Decimal) -> bool:
    return number.is_nan() if isinstance(number, Decimal) else math.isnan(number)


def usable(numbers: Sequence[Number]) -> tuple[list[float], tuple[LeftOut, ...]]:
    """The numbers that can be used, in their order, and the others counted by reason."""
    reasons = [unusable(number) for number in numbers]
    kept = [float(number) for number in numbers if number is not None and unusable(number) is None]
    return kept, count_reasons(reasons)


def complete_pairs(
    before: Sequence[Number], after: Sequence[Number]
) -> tuple[list[float], list[float], tuple[LeftOut, ...]]:
    """Both values of those who have both, and the other pairs counted by reason.

    Raises ValueError where the two are not of one length: then nobody knows what belongs together.
    """
    reasons = [_pair_reason(first, second) for first, second in zip(before, after, strict=True)]
    kept_before = [_float(number) for number, why in zip(before, reasons, strict=True) if why is None]
    kept_after = [_float(number) for number, why in zip(after, reasons, strict=True) if why is None]
    return kept_before, kept_after, count_reasons(reasons)


def _pair_reason(before: Number, after: Number) -> str | None:
    first, second = unusable(before), unusable(after)
    if first is MISSING:
        return BOTH_MISSING if second is MISSING else BEFORE_MISSING
    if second is MISSING:
        return AFTER_MISSING
    return first or second


def _float(number: Number) -> float:
    return float(number or 0)


def scale_for(numbers: Sequence[float]) -> float:
    """The factor that makes whole numbers of these: a million, or less where they are too large for that."""
    largest = max(map(abs, numbers), default=0.0)
    before_the_point = math.ceil(math.log10(largest)) if largest > 1 else 0
    return float(10.0 ** min(DECIMALS, EXACT_DIGITS - before_the_point))


def coded(numbers: Sequence[float], scale: float) -> list[int]:
    """Whole numbers for decimals: 0.3 − 0.1 and 0.7 − 0.5 are both 200000, though as floats they differ."""
    return [round(number * scale) for number in numbers]


def doubled_midranks(codes: Sequence[int]) -> tuple[dict[int, int], list[int]]:
    """The mean rank of each distinct code, doubled so that it is whole, and how many share each tie."""
    counts = Counter(codes)
    ranks: dict[int, int] = {}
    below = 0
    for code in sorted(counts):
        ranks[code] = 2 * below + counts[code] + 1
        below += counts[code]
    return ranks, [count for count in counts.values() if count > 1]
