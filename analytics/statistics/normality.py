"""Whether changes look normal: the note on a paired t-test. The only part that needs scipy.stats."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.numbers import Number, usable
from analytics.statistics.paired import all_the_same
from analytics.statistics.results import NotEstimable, not_estimable, probability
from patients.rules.verdict import Message, gettext_noop, say

FEWEST, MOST = 3, 5000  # Royston 1995: the approximation holds within
SHAPIRO_WILK = gettext_noop("Shapiro–Wilk test")
TOO_FEW = gettext_noop("Not estimable, because a test of normality needs at least three values")
TOO_MANY = gettext_noop(
    "Not estimable, because the test of normality holds for at most 5000 values; there are %(n)s"
)
NO_VARIATION = gettext_noop("Not estimable, because the %(n)s values do not vary")


@dataclass(frozen=True)
class Normality:
    """W is 1 for values that are as even as a normal distribution; a small p_value speaks against it."""

    n: int
    statistic: float
    p_value: float
    method: Message


def normality(values: Sequence[Number]) -> Normality | NotEstimable:
    """Shapiro and Wilk's test of the values that can be used. Costly to import: for tasks only."""
    kept, _ = usable(values)
    if len(kept) < FEWEST:
        return not_estimable(TOO_FEW, len(kept))
    if len(kept) > MOST:
        return not_estimable(TOO_MANY, len(kept))
    if all_the_same(kept):
        return not_estimable(NO_VARIATION, len(kept))
    from scipy.stats import shapiro

    found = shapiro(kept)
    return Normality(len(kept), float(found.statistic), probability(float(found.pvalue)), say(SHAPIRO_WILK))
