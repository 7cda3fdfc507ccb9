"""Shares of patients with exact and Wilson intervals, and McNemar's test of a share before and after."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.numbers import AFTER_MISSING, BEFORE_MISSING, BOTH_MISSING
from analytics.statistics.results import (
    NO_PAIRS,
    TAIL,
    Interval,
    LeftOut,
    NotEstimable,
    count_reasons,
    not_estimable,
    probability,
)
from patients.rules.verdict import Message, gettext_noop, say

NOBODY = gettext_noop("Not estimable, because there is nobody to count")
NOBODY_CHANGED = gettext_noop("Not estimable, because none of the %(n)s changed")
MCNEMAR = gettext_noop("McNemar test, exact")


@dataclass(frozen=True)
class Proportion:
    """successes of n as a share between 0 and 1, with the 95 % intervals of Clopper–Pearson and of Wilson."""

    successes: int
    n: int
    estimate: float
    exact: Interval
    wilson: Interval


@dataclass(frozen=True)
class McNemar:
    """n complete pairs; lost were yes and became no, gained the reverse.

    p_value: exact, two-sided. chi_squared and its p_value, with continuity correction: for comparison.
    """

    n: int
    lost: int
    gained: int
    p_value: float
    chi_squared: float
    chi_squared_p_value: float
    method: Message
    left_out: tuple[LeftOut, ...]


def proportion(successes: int, n: int) -> Proportion | NotEstimable:
    """A share with its intervals. Raises ValueError unless 0 ≤ successes ≤ n."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    if n == 0:
        return not_estimable(NOBODY, 0)
    return Proportion(
        successes=successes,
        n=n,
        estimate=successes / n,
        exact=clopper_pearson(successes, n),
        wilson=wilson(successes, n),
    )


def clopper_pearson(successes: int, n: int) -> Interval:
    """Clopper and Pearson 1934: it covers at least 95 %, whatever the share."""
    from scipy.special import betaincinv

    failures = n - successes
    low = float(betaincinv(successes, failures + 1, TAIL)) if successes else 0.0
    high = float(betaincinv(successes + 1, failures, 1 - TAIL)) if failures else 1.0
    return Interval(low, high)


def wilson(successes: int, n: int) -> Interval:
    """Wilson 1927, without continuity correction."""
    from scipy.special import ndtri

    z = -float(ndtri(TAIL))
    share = successes / n
    centre = share + z * z / (2 * n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = (centre - margin) / (1 + z * z / n) if successes else 0.0
    high = (centre + margin) / (1 + z * z / n) if successes < n else 1.0
    return Interval(low, high)


def mcnemar(before: Sequence[bool | None], after: Sequence[bool | None]) -> McNemar | NotEstimable:
    """Whether a sign became rarer or more frequent in the same patients; None is not assessed.

    Raises ValueError where the two are not of one length.
    """
    pairs = list(zip(before, after, strict=True))
    n = sum(old is not None and new is not None for old, new in pairs)
    lost = sum(old is True and new is False for old, new in pairs)
    gained = sum(old is False and new is True for old, new in pairs)
    left_out = count_reasons(_reason(old, new) for old, new in pairs)
    if lost + gained == 0:
        return not_estimable(NOBODY_CHANGED if n else NO_PAIRS, n, left_out)
    from scipy.special import bdtr, chdtrc

    chi_squared = max(abs(lost - gained) - 1, 0) ** 2 / (lost + gained)
    return McNemar(
        n=n,
        lost=lost,
        gained=gained,
        p_value=probability(2 * float(bdtr(min(lost, gained), lost + gained, 0.5))),
        chi_squared=chi_squared,
        chi_squared_p_value=probability(float(chdtrc(1, chi_squared))),
        method=say(MCNEMAR),
        left_out=left_out,
    )


def _reason(before: bool | None, after: bool | None) -> str | None:
    if before is None:
        return BOTH_MISSING if after is None else BEFORE_MISSING
    return AFTER_MISSING if after is None else None
