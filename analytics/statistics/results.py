"""What every statistic answers with: an estimate, or the sentence that says why there is none."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from patients.rules.verdict import Message, gettext_noop, say

LEVEL = 0.95
TAIL = (1 - LEVEL) / 2


@dataclass(frozen=True)
class LeftOut:
    """How many observations were not used for one reason."""

    reason: Message
    count: int


@dataclass(frozen=True)
class NotEstimable:
    """No number, and why; n is how many could be used, left_out counts the others by reason."""

    sentence: Message
    n: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class Interval:
    """A confidence interval; level is what it reaches, which few observations may keep below 0.95."""

    low: float
    high: float
    level: float = LEVEL


def not_estimable(text: str, n: int, left_out: tuple[LeftOut, ...] = ()) -> NotEstimable:
    """The sentence of an already marked text, which begins with "Not estimable, because"."""
    return NotEstimable(say(text, n=n), n, left_out)


def count_reasons(reasons: Iterable[str | None]) -> tuple[LeftOut, ...]:
    """Each reason, a marked text, with its count; None is an observation that was used."""
    counts = Counter(reason for reason in reasons if reason is not None)
    return tuple(LeftOut(say(reason), counts[reason]) for reason in sorted(counts))


def probability(p_value: float) -> float:
    """A p-value within its bounds: at most 1, and never 0, which would call chance impossible.

    What is too small for a number is given as the smallest one, 2.2e-308, and is below every printed limit.
    """
    return min(1.0, max(p_value, sys.float_info.min))


NO_PAIRS = gettext_noop("Not estimable, because there is no complete pair")
NO_VALUES = gettext_noop("Not estimable, because there is no value")
ONE_VALUE = gettext_noop("Not estimable, because a standard deviation needs at least two values")
ALL_THE_SAME_CHANGE = gettext_noop(
    "Not estimable, because all %(n)s changed by the same amount: there is no variation to compare with"
)
