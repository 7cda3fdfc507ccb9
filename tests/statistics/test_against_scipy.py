"""The same questions put to scipy.stats, which shares no code with the product's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.statistics import (
    fisher,
    kaplan_meier,
    log_rank,
    mann_whitney,
    mcnemar,
    normality,
    paired,
    proportion,
    wilcoxon_signed_rank,
)
from analytics.statistics.multiplicity import adjust
from tests.properties import sample
from tests.statistics.reading import close, found

TENTHS = st.integers(-300, 300).map(lambda tenths: tenths / 10)
PAIRS = st.lists(st.tuples(TENTHS, TENTHS), min_size=3, max_size=40)
PEOPLE = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=30)
COUNTS = st.integers(0, 25)
few = sample(20)


@few
@given(PAIRS)
def test_paired_t(pairs: list[tuple[float, float]]) -> None:
    before, after = np.array(pairs).T
    if len(set(np.round(after - before, 6))) == 1:
        return
    result = found(paired(list(before), list(after)).t_test)
    expected = stats.ttest_rel(after, before)
    assert result.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert result.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    bounds = expected.confidence_interval(0.95)
    assert [result.interval.low, result.interval.high] == pytest.approx(
        [bounds.low, bounds.high], rel=1e-9, abs=1e-9
    )


@few
@given(st.lists(st.integers(-40, 40), min_size=301, max_size=330))
def test_signed_ranks_of_many(differences: list[int]) -> None:
    nonzero = [value for value in differences if value]
    if len(nonzero) <= 300:
        return
    expected = stats.wilcoxon(nonzero, correction=True, method="asymptotic")
    assert found(wilcoxon_signed_rank(differences)).p_value == pytest.approx(expected.pvalue, rel=1e-9)


@few
@given(
    st.lists(st.integers(0, 40), min_size=60, max_size=80),
    st.lists(st.integers(0, 40), min_size=60, max_size=80),
)
def test_rank_sums_of_many(first: list[int], second: list[int]) -> None:
    if len({*first, *second}) == 1:
        return
    expected = stats.mannwhitneyu(first, second, method="asymptotic")
    result = found(mann_whitney(first, second))
    assert "normal approximation" in result.method.text
    assert result.statistic == expected.statistic
    assert result.p_value == pytest.approx(expected.pvalue, rel=1e-9)


@few
@given(st.permutations(range(16)), st.integers(1, 15))
def test_rank_sums_without_ties(values: list[int], cut: int) -> None:
    expected = stats.mannwhitneyu(values[:cut], values[cut:], method="exact")
    assert found(mann_whitney(values[:cut], values[cut:])).p_value == close(min(1.0, expected.pvalue))


@few
@given(COUNTS, COUNTS)
def test_proportions(successes: int, failures: int) -> None:
    n = successes + failures
    if n == 0:
        return
    result, expected = found(proportion(successes, n)), stats.binomtest(successes, n)
    for ours, method in ((result.exact, "exact"), (result.wilson, "wilson")):
        bounds = expected.proportion_ci(0.95, method)
        assert [ours.low, ours.high] == pytest.approx([bounds.low, bounds.high], abs=1e-9)


@few
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_fisher(a: int, b: int, c: int, d: int) -> None:
    if 0 in (a + b, c + d, a + c, b + d):
        return
    expected = stats.fisher_exact([[a, b], [c, d]])
    assert found(fisher(a, a + b, c, c + d)).p_value == pytest.approx(expected.pvalue, rel=1e-9)


@few
@given(COUNTS, COUNTS)
def test_mcnemar(lost: int, gained: int) -> None:
    if lost + gained == 0:
        return
    before = [True] * lost + [False] * gained
    result = found(mcnemar(before, [not sign for sign in before]))
    assert result.p_value == close(stats.binomtest(lost, lost + gained).pvalue)


@few
@given(PEOPLE)
def test_curves(people: list[tuple[int, bool]]) -> None:
    times, events = zip(*people, strict=True)
    data = stats.CensoredData(
        uncensored=[time for time, event in people if event],
        right=[time for time, event in people if not event],
    )
    expected = stats.ecdf(data).sf
    result = found(kaplan_meier(times, events))
    for step, survival in zip(result.steps, expected.evaluate(sorted(set(times))), strict=True):
        assert step.estimate.survival == close(float(survival))


@few
@given(PEOPLE, PEOPLE)
def test_two_curves(first: list[tuple[int, bool]], second: list[tuple[int, bool]]) -> None:
    people = [*first, *second]
    groups = ["first"] * len(first) + ["second"] * len(second)
    result = log_rank([time for time, _ in people], [event for _, event in people], groups)
    if not hasattr(result, "p_value"):
        return
    sides = [
        stats.CensoredData(
            uncensored=[time for time, event in side if event],
            right=[time for time, event in side if not event],
        )
        for side in (first, second)
    ]
    assert result.p_value == pytest.approx(stats.logrank(*sides).pvalue, rel=1e-7)


@few
@given(st.lists(st.floats(1e-12, 1), min_size=1, max_size=20))
def test_benjamini_hochberg(p_values: list[float]) -> None:
    assert list(adjust(p_values, "bh").p_values) == close(list(stats.false_discovery_control(p_values)))


def test_normality_of_the_changes_in_sleep() -> None:
    """Student's data: R's shapiro.test gives W = 0.82987, p = 0.03334."""
    changes = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    result = found(normality(changes))
    assert result.statistic == pytest.approx(0.82987, abs=5e-6)
    assert result.p_value == pytest.approx(0.03334, abs=5e-6)


def test_as_many_lost_as_gained_is_no_difference() -> None:
    """R 4, mcnemar.test(matrix(c(0, 1, 1, 0), 2)): McNemar's chi-squared = 0, p-value = 1."""
    result = found(mcnemar([True, False], [False, True]))
    assert (result.chi_squared, result.chi_squared_p_value) == (0, 1)
