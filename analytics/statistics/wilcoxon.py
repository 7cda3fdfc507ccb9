"""Wilcoxon's signed-rank test, exact with ties, and the Hodges–Lehmann shift with its interval."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.statistics.numbers import Number, coded, doubled_midranks, scale_for, usable
from analytics.statistics.results import (
    LEVEL,
    NO_PAIRS,
    TAIL,
    Interval,
    LeftOut,
    NotEstimable,
    not_estimable,
    probability,
)
from patients.rules.verdict import Message, gettext_noop, say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_EXACT = 300  # pairs; above, the normal approximation is as good and the table of probabilities too large

EXACT = gettext_noop("Wilcoxon signed-rank test, exact with ties, zero differences left out")
APPROXIMATE = gettext_noop(
    "Wilcoxon signed-rank test, normal approximation with continuity and tie correction,"
    " zero differences left out"
)
ALL_ZERO = gettext_noop("Not estimable, because none of the %(n)s differences is other than zero")
TOO_FEW_FOR_INTERVAL = gettext_noop("Not estimable, because an interval needs at least two differences")


@dataclass(frozen=True)
class SignedRank:
    """n counts all differences, zeros those among them that are zero and were left out of the rest.

    statistic: V, the sum of the ranks of what rose. p_value: two-sided. shift: the Hodges–Lehmann estimate,
    in the unit of the differences. tied: how many share a rank. rank_biserial: −1 if all fell, 1 if all rose.
    """

    n: int
    zeros: int
    tied: int
    statistic: float
    p_value: float
    method: Message
    shift: float
    interval: Interval | NotEstimable
    rank_biserial: float
    left_out: tuple[LeftOut, ...]


def wilcoxon_signed_rank(differences: Sequence[Number]) -> SignedRank | NotEstimable:
    """The test of differences around zero, exact up to 300 that are not zero.

    Differences are compared to six decimals. Zero differences are dropped, as Wilcoxon did, and counted.
    """
    kept, left_out = usable(differences)
    scale = scale_for(kept)
    codes = coded(kept, scale)
    nonzero = [code for code in codes if code]
    if not nonzero:
        return not_estimable(ALL_ZERO if codes else NO_PAIRS, len(codes), left_out)
    ranks, ties = doubled_midranks([abs(code) for code in nonzero])
    doubled = [ranks[abs(code)] for code in nonzero]
    rose = sum(ranks[code] for code in nonzero if code > 0)
    exact = len(nonzero) <= MOST_EXACT
    shift, interval = hodges_lehmann(nonzero, scale)
    return SignedRank(
        n=len(codes),
        zeros=len(codes) - len(nonzero),
        tied=sum(ties),
        statistic=rose / 2,
        p_value=exact_p(doubled, rose) if exact else normal_p(len(nonzero), ties, rose / 2),
        method=say(EXACT if exact else APPROXIMATE),
        shift=shift,
        interval=interval,
        rank_biserial=(2 * rose - sum(doubled)) / sum(doubled),
        left_out=left_out,
    )


def exact_p(doubled_ranks: Sequence[int], rose: int) -> float:
    """Two-sided, over all signs that the differences could have had. Both arguments in doubled ranks."""
    smaller = min(rose, sum(doubled_ranks) - rose)
    return probability(2 * float(signed_rank_probabilities(doubled_ranks, smaller).sum()))


def normal_p(n: int, ties: Sequence[int], statistic: float) -> float:
    """Two-sided, by the normal approximation with corrections for continuity and ties."""
    from scipy.special import ndtr

    tied = sum(count**3 - count for count in ties)
    deviation = math.sqrt(n * (n + 1) * (2 * n + 1) / 24 - tied / 48)
    distance = statistic - n * (n + 1) / 4
    corrected = distance - math.copysign(0.5, distance) if distance else 0.0
    return probability(2 * float(ndtr(-abs(corrected) / deviation)))


def hodges_lehmann(codes: Sequence[int], scale: float) -> tuple[float, Interval | NotEstimable]:
    """The median of the means of all pairs, and the means that bound it by the signed-rank distribution.

    The bounds are places among these means by the distribution of untied ranks (Bauer 1972).
    """
    smallest, total = walsh_sum(codes), number_of_walsh_averages(len(codes))
    shift = (smallest((total + 1) // 2) + smallest(total // 2 + 1)) / 4 / scale
    if len(codes) == 1:
        return shift, not_estimable(TOO_FEW_FOR_INTERVAL, 1)
    place, level = _exact_bound(len(codes)) if len(codes) <= MOST_EXACT else _normal_bound(len(codes))
    low, high = smallest(place) / 2 / scale, smallest(total + 1 - place) / 2 / scale
    return shift, Interval(low, high, level)


def _exact_bound(n: int) -> tuple[int, float]:
    """Which smallest mean is the lower bound, and the level that it reaches."""
    import numpy as np

    cumulative = np.cumsum(signed_rank_probabilities(range(1, n + 1), number_of_walsh_averages(n) // 2))
    place = max(1, int(np.searchsorted(cumulative, TAIL)))
    return place, 1 - 2 * float(cumulative[place - 1])


def _normal_bound(n: int) -> tuple[int, float]:
    from scipy.special import ndtri

    deviation = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return math.floor(n * (n + 1) / 4 + float(ndtri(TAIL)) * deviation + 0.5), LEVEL


def signed_rank_probabilities(ranks: Sequence[int], up_to: int) -> "NDArray[np.float64]":
    """The exact probabilities that the positive ranks sum to 0, 1, … up_to under the null hypothesis.

    Under it each sign is plus or minus with probability 1/2. All terms are positive: rounding loses nothing.
    ranks: positive integers, so midranks are doubled.
    """
    import numpy as np

    probabilities = np.zeros(up_to + 1)
    probabilities[0] = 1.0
    for rank in ranks:
        probabilities *= 0.5
        if rank <= up_to:
            probabilities[rank:] = probabilities[rank:] + probabilities[: up_to + 1 - rank]
    return probabilities


def walsh_sum(codes: Sequence[int]) -> Callable[[int], int]:
    """A function that gives the k-th smallest sum d[i] + d[j] with i ≤ j, from k = 1; half of it is the mean.

    It finds the sum by bisection and counts by distinct differences, without a list of all sums:
    100 000 differences have 5 000 000 000 of them.
    """
    at_most = _counter_of_sums(codes)
    lowest, highest = 2 * min(codes), 2 * max(codes)

    def smallest(place: int) -> int:
        low, high = lowest, highest
        while low < high:
            middle = (low + high) // 2
            if at_most(middle) >= place:
                high = middle
            else:
                low = middle + 1
        return low

    return smallest


def number_of_walsh_averages(n: int) -> int:
    """How many Walsh averages n differences have."""
    return n * (n + 1) // 2


def _counter_of_sums(codes: Sequence[int]) -> Callable[[int], int]:
    import numpy as np

    counts = Counter(codes)
    distinct = np.array(sorted(counts), dtype=np.int64)
    weights = np.array([counts[code] for code in sorted(counts)], dtype=np.int64)
    running = np.concatenate(([0], np.cumsum(weights)))

    def at_most(limit: int) -> int:
        ordered_pairs = int((weights * running[np.searchsorted(distinct, limit - distinct, "right")]).sum())
        with_itself = int(running[np.searchsorted(distinct, limit // 2, "right")])
        return (ordered_pairs + with_itself) // 2

    return at_most
