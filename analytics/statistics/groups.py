"""Groups of patients: Fisher's exact test, Mann and Whitney's test, whether effects differ between them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.statistics.numbers import Number, coded, doubled_midranks, scale_for, usable
from analytics.statistics.proportions import wilson
from analytics.statistics.results import Interval, LeftOut, NotEstimable, not_estimable, probability
from patients.rules.verdict import Message, gettext_noop, say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_EXACT = 100  # values of both groups together: the table of probabilities grows with their cube

FISHER = gettext_noop("Fisher exact test")
RANK_SUM_EXACT = gettext_noop("Mann–Whitney test, exact with ties")
RANK_SUM_APPROXIMATE = gettext_noop(
    "Mann–Whitney test, normal approximation with continuity and tie correction"
)
INTERACTION = gettext_noop("test of interaction: weighted squares of the distances from the common effect")
EMPTY_GROUP = gettext_noop("Not estimable, because one of the groups is empty; the other has %(n)s")
ONE_OUTCOME = gettext_noop("Not estimable, because all %(n)s have the same outcome")
ALL_EQUAL = gettext_noop("Not estimable, because all %(n)s values are equal")
FEWEST_SUBGROUPS = 2
TOO_FEW_SUBGROUPS = gettext_noop(
    "Not estimable, because only %(n)s subgroup has an effect with a known error"
)
SAME_CHANCE = 1 + 1e-7  # two tables of one chance, but for rounding: as R has it


@dataclass(frozen=True)
class Fisher:
    """Two shares and their difference, first − second, with Newcombe's interval. p_value: two-sided."""

    n: int
    first: float
    second: float
    difference: float
    interval: Interval
    p_value: float
    method: Message


@dataclass(frozen=True)
class MannWhitney:
    """superiority: the chance that one of the first is above one of the second, ties counting half.

    statistic: U, superiority times the number of pairs. p_value: two-sided.
    """

    first_n: int
    second_n: int
    statistic: float
    superiority: float
    p_value: float
    method: Message
    first_left_out: tuple[LeftOut, ...]
    second_left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class SubgroupEffect:
    """An effect in a subgroup, with its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True)
class Interaction:
    """Whether n subgroups have one effect in common. common: weighted by precision."""

    n: int
    common: float
    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    method: Message


def fisher(successes: int, n: int, other_successes: int, other_n: int) -> Fisher | NotEstimable:
    """Compare two shares exactly. Raises ValueError unless both are shares."""
    if not (0 <= successes <= n and 0 <= other_successes <= other_n):
        raise ValueError(f"{successes} of {n} and {other_successes} of {other_n} are not two shares")
    if n == 0 or other_n == 0:
        return not_estimable(EMPTY_GROUP, n + other_n)
    if successes + other_successes in (0, n + other_n):
        return not_estimable(ONE_OUTCOME, n + other_n)
    return Fisher(
        n=n + other_n,
        first=successes / n,
        second=other_successes / other_n,
        difference=successes / n - other_successes / other_n,
        interval=_newcombe(successes, n, other_successes, other_n),
        p_value=_fisher_p(successes, n, successes + other_successes, n + other_n),
        method=say(FISHER),
    )


def mann_whitney(first: Sequence[Number], second: Sequence[Number]) -> MannWhitney | NotEstimable:
    """Compare two groups by ranks, exactly up to 100 values. Values are compared to six decimals.

    The exact p-value counts the draws whose rank sum is at least as far from its mean as the one seen.
    """
    ours, first_left_out = usable(first)
    theirs, second_left_out = usable(second)
    if not ours or not theirs:
        return not_estimable(EMPTY_GROUP, len(ours) + len(theirs), (*first_left_out, *second_left_out))
    codes = coded([*ours, *theirs], scale_for([*ours, *theirs]))
    ranks, ties = doubled_midranks(codes)
    if len(ranks) == 1:
        return not_estimable(ALL_EQUAL, len(codes))
    doubled = [ranks[code] for code in codes]
    statistic = (sum(doubled[: len(ours)]) - len(ours) * (len(ours) + 1)) / 2
    exact = len(codes) <= MOST_EXACT
    return MannWhitney(
        first_n=len(ours),
        second_n=len(theirs),
        statistic=statistic,
        superiority=statistic / (len(ours) * len(theirs)),
        p_value=exact_p(doubled, len(ours)) if exact else normal_p(len(ours), len(theirs), ties, statistic),
        method=say(RANK_SUM_EXACT if exact else RANK_SUM_APPROXIMATE),
        first_left_out=first_left_out,
        second_left_out=second_left_out,
    )


def interaction(effects: Sequence[SubgroupEffect | NotEstimable]) -> Interaction | NotEstimable:
    """Whether effects differ between subgroups; those without an effect or an error above 0 are passed over.

    For two subgroups it is the square of Altman and Bland's z (2003).
    """
    from scipy.special import chdtrc

    known = [row for row in effects if isinstance(row, SubgroupEffect) and row.standard_error > 0]
    if len(known) < FEWEST_SUBGROUPS:
        return not_estimable(TOO_FEW_SUBGROUPS, len(known))
    weights = [row.standard_error**-2 for row in known]
    common = math.fsum(row.value * weight for row, weight in zip(known, weights, strict=True)) / math.fsum(
        weights
    )
    squares = math.fsum(
        weight * (row.value - common) ** 2 for row, weight in zip(known, weights, strict=True)
    )
    freedom = len(known) - 1
    p_value = probability(float(chdtrc(freedom, squares)))
    return Interaction(len(known), common, squares, freedom, p_value, say(INTERACTION))


def exact_p(doubled_ranks: Sequence[int], chosen: int) -> float:
    """Two-sided, over all choices of the first group. The first so many ranks are those chosen."""
    import numpy as np

    seen, fewer = sum(doubled_ranks[:chosen]), min(chosen, len(doubled_ranks) - chosen)
    seen = seen if fewer == chosen else sum(doubled_ranks) - seen
    middle = fewer * (len(doubled_ranks) + 1)
    probabilities = rank_sum_probabilities(doubled_ranks, fewer)
    as_far = np.abs(np.arange(len(probabilities)) - middle) >= abs(seen - middle)
    return probability(float(probabilities[as_far].sum()))


def normal_p(first_n: int, second_n: int, ties: Sequence[int], statistic: float) -> float:
    """Two-sided, by the normal approximation with corrections for continuity and ties."""
    from scipy.special import ndtr

    n = first_n + second_n
    tied = sum(count**3 - count for count in ties) / (n * (n - 1))
    deviation = math.sqrt(first_n * second_n / 12 * (n + 1 - tied))
    distance = max(0.0, abs(statistic - first_n * second_n / 2) - 0.5)
    return probability(2 * float(ndtr(-distance / deviation)))


def _fisher_p(seen: int, n: int, successes: int, total: int) -> float:
    """The probability of all tables with these margins that are no likelier than the observed one."""
    possible = range(max(0, successes - (total - n)), min(n, successes) + 1)
    logarithms = [_log_choose(n, here) + _log_choose(total - n, successes - here) for here in possible]
    all_tables = _log_choose(total, successes)
    limit = logarithms[seen - possible.start] + math.log(SAME_CHANCE)
    return probability(math.fsum(math.exp(chance - all_tables) for chance in logarithms if chance <= limit))


def _log_choose(n: int, chosen: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(chosen + 1) - math.lgamma(n - chosen + 1)


def _newcombe(successes: int, n: int, other_successes: int, other_n: int) -> Interval:
    """Newcombe 1998, method 10: from the Wilson intervals of both shares."""
    first, second = successes / n, other_successes / other_n
    ours, theirs = wilson(successes, n), wilson(other_successes, other_n)
    low = first - second - math.hypot(first - ours.low, theirs.high - second)
    high = first - second + math.hypot(ours.high - first, second - theirs.low)
    return Interval(low, high)


def rank_sum_probabilities(ranks: Sequence[int], chosen: int) -> "NDArray[np.float64]":
    """The exact probabilities that `chosen` ranks drawn at random sum to 0, 1, … the total of all ranks.

    ranks: positive integers, so midranks are doubled.
    """
    import numpy as np

    total = sum(ranks)
    ways = np.zeros((chosen + 1, total + 1))
    ways[0, 0] = 1.0
    for rank in ranks:
        ways[1:, rank:] = ways[1:, rank:] + ways[:-1, : total + 1 - rank]
    return np.asarray(ways[chosen] / math.comb(len(ranks), chosen), dtype=np.float64)
