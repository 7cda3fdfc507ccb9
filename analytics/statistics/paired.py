"""Before and after of the same patients: paired t-test and signed-rank test side by side, effect sizes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.descriptive import Summary, standard_deviation, summary
from analytics.statistics.numbers import Number, coded, complete_pairs, scale_for
from analytics.statistics.results import (
    ALL_THE_SAME_CHANGE,
    NO_PAIRS,
    ONE_VALUE,
    TAIL,
    Interval,
    LeftOut,
    NotEstimable,
    not_estimable,
    probability,
)
from analytics.statistics.wilcoxon import SignedRank, wilcoxon_signed_rank
from patients.rules.verdict import Message, gettext_noop, say

PAIRED_T = gettext_noop("paired t-test")
NO_SPREAD = gettext_noop("Not estimable, because the values before and after do not vary")
FEWEST_FOR_HEDGES = 3
TOO_FEW_FOR_HEDGES = gettext_noop(
    "Not estimable, because the small-sample correction needs at least three pairs"
)


@dataclass(frozen=True)
class PairedT:
    """The paired t-test. mean: of after − before, in their unit, with its interval. p_value: two-sided."""

    n: int
    mean: float
    interval: Interval
    statistic: float
    degrees_of_freedom: int
    p_value: float
    method: Message


@dataclass(frozen=True)
class EffectSizes:
    """The mean change in standard deviations.

    d_z: of the changes. d_av: of the mean of both deviations. g_z: d_z with Hedges' exact correction.
    """

    d_z: float | NotEstimable
    d_av: float | NotEstimable
    g_z: float | NotEstimable


@dataclass(frozen=True)
class Paired:
    """A comparison of n complete pairs; left_out counts the others by reason. Changes are after − before."""

    n: int
    left_out: tuple[LeftOut, ...]
    before: Summary | NotEstimable
    after: Summary | NotEstimable
    change: Summary | NotEstimable
    t_test: PairedT | NotEstimable
    wilcoxon: SignedRank | NotEstimable
    effect: EffectSizes


def paired(before: Sequence[Number], after: Sequence[Number]) -> Paired:
    """Compare two values of each patient by both tests; which one counts is for the reader to choose.

    Raises ValueError where the two are not of one length.
    """
    first, second, left_out = complete_pairs(before, after)
    changes = [new - old for old, new in zip(first, second, strict=True)]
    return Paired(
        n=len(changes),
        left_out=left_out,
        before=summary(first),
        after=summary(second),
        change=summary(changes),
        t_test=paired_t(changes),
        wilcoxon=wilcoxon_signed_rank(changes),
        effect=effect_sizes(first, second, changes),
    )


def paired_t(changes: Sequence[float]) -> PairedT | NotEstimable:
    """The t-test of changes around zero."""
    from scipy.special import stdtr, stdtrit

    n = len(changes)
    found = summary(changes)
    if isinstance(found, NotEstimable):
        return not_estimable(NO_PAIRS, 0)
    if isinstance(found.sd, NotEstimable):
        return found.sd
    if all_the_same(changes):
        return not_estimable(ALL_THE_SAME_CHANGE, n)
    error = found.sd / math.sqrt(n)
    statistic = found.mean / error
    margin = -float(stdtrit(n - 1, TAIL)) * error
    return PairedT(
        n=n,
        mean=found.mean,
        interval=Interval(found.mean - margin, found.mean + margin),
        statistic=statistic,
        degrees_of_freedom=n - 1,
        p_value=probability(2 * float(stdtr(n - 1, -abs(statistic)))),
        method=say(PAIRED_T),
    )


def effect_sizes(before: Sequence[float], after: Sequence[float], changes: Sequence[float]) -> EffectSizes:
    """Cohen's d_z and d_av and Hedges' g_z of complete pairs."""
    d_z = _in_deviations_of_change(changes)
    return EffectSizes(
        d_z=d_z, d_av=_in_mean_deviations(before, after, changes), g_z=_corrected(d_z, len(changes))
    )


def all_the_same(values: Sequence[float]) -> bool:
    """Whether the values are one decimal number, six decimals compared, whatever their floats say."""
    return len(set(coded(values, scale_for(values)))) <= 1


def _in_deviations_of_change(changes: Sequence[float]) -> float | NotEstimable:
    if not changes:
        return not_estimable(NO_PAIRS, 0)
    deviation = standard_deviation(changes)
    if isinstance(deviation, NotEstimable):
        return deviation
    if all_the_same(changes):
        return not_estimable(ALL_THE_SAME_CHANGE, len(changes))
    return math.fsum(changes) / len(changes) / deviation


def _in_mean_deviations(
    before: Sequence[float], after: Sequence[float], changes: Sequence[float]
) -> float | NotEstimable:
    if not changes:
        return not_estimable(NO_PAIRS, 0)
    first, second = standard_deviation(before), standard_deviation(after)
    if isinstance(first, NotEstimable) or isinstance(second, NotEstimable):
        return not_estimable(ONE_VALUE, len(changes))
    if all_the_same(before) and all_the_same(after):
        return not_estimable(NO_SPREAD, len(changes))
    return math.fsum(changes) / len(changes) / ((first + second) / 2)


def _corrected(d_z: float | NotEstimable, n: int) -> float | NotEstimable:
    """Hedges 1981: gamma(m/2) / (sqrt(m/2) gamma((m − 1)/2)) with m = n − 1."""
    if isinstance(d_z, NotEstimable):
        return d_z
    if n < FEWEST_FOR_HEDGES:
        return not_estimable(TOO_FEW_FOR_HEDGES, n)
    half = (n - 1) / 2
    return d_z * math.exp(math.lgamma(half) - math.lgamma(half - 0.5)) / math.sqrt(half)
