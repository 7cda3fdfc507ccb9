"""The exact tests against counting every possibility, and the fast ways against the slow ones."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.statistics import mann_whitney, paired, wilcoxon_signed_rank
from analytics.statistics.wilcoxon import MOST_EXACT, normal_p, number_of_walsh_averages, walsh_sum
from tests.properties import sample
from tests.statistics.reading import close, found

TENTHS = st.integers(-30, 30).map(lambda tenths: Decimal(tenths) / 10)
NON_ZERO = TENTHS.filter(bool)


def mid_rank(value: Decimal, among: list[Decimal]) -> Fraction:
    below, equal = sum(other < value for other in among), among.count(value)
    return below + Fraction(equal + 1, 2)


@sample(20)
@given(st.lists(NON_ZERO, min_size=1, max_size=9))
def test_the_signed_rank_test_counts_every_sign(differences: list[Decimal]) -> None:
    sizes = [abs(value) for value in differences]
    ranks = [mid_rank(size, sizes) for size in sizes]
    seen = sum(rank for rank, value in zip(ranks, differences, strict=True) if value > 0)
    middle = sum(ranks) / Fraction(2)
    sums = [
        sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign)
        for signs in product((0, 1), repeat=len(ranks))
    ]
    as_far = sum(abs(value - middle) >= abs(seen - middle) for value in sums)
    result = found(wilcoxon_signed_rank(differences))
    assert result.statistic == float(seen)
    assert result.p_value == close(as_far / len(sums))


@sample(20)
@given(st.lists(TENTHS, min_size=1, max_size=5), st.lists(TENTHS, min_size=1, max_size=5))
def test_the_rank_sum_test_counts_every_choice(first: list[Decimal], second: list[Decimal]) -> None:
    everybody = [*first, *second]
    if len(set(everybody)) == 1:
        return
    ranks = [mid_rank(value, everybody) for value in everybody]
    middle = len(first) * Fraction(len(everybody) + 1, 2)
    seen = sum(ranks[: len(first)])
    sums = [sum(choice) for choice in combinations(ranks, len(first))]
    as_far = sum(abs(value - middle) >= abs(seen - middle) for value in sums)
    result = found(mann_whitney(first, second))
    above = sum(Fraction(a > b) + Fraction(a == b, 2) for a in first for b in second)
    assert result.statistic == float(above)
    assert result.superiority == close(float(above / (len(first) * len(second))))
    assert result.p_value == close(as_far / len(sums))


@sample(20)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=25))
def test_the_means_of_all_pairs_in_their_order(codes: list[int]) -> None:
    sums = sorted(codes[i] + codes[j] for i in range(len(codes)) for j in range(i, len(codes)))
    smallest = walsh_sum(codes)
    assert [smallest(place) for place in range(1, number_of_walsh_averages(len(codes)) + 1)] == sums


@sample(20)
@given(st.lists(NON_ZERO, min_size=2, max_size=20))
def test_the_shift_is_the_median_of_the_means(differences: list[Decimal]) -> None:
    n = len(differences)
    means = [(differences[i] + differences[j]) / 2 for i in range(n) for j in range(i, n)]
    result = found(wilcoxon_signed_rank(differences))
    interval = found(result.interval)
    assert result.shift == close(float(median(means)))
    assert interval.low <= result.shift <= interval.high


def share_of_sums_up_to(limit: int, n: int) -> Fraction:
    """Of all sets of the ranks 1 to n, those whose sum is at most so much, counted in whole numbers."""
    sets = Counter({0: 1})
    for rank in range(1, n + 1):
        sets += Counter({total + rank: count for total, count in sets.items()})
    return Fraction(sum(count for total, count in sets.items() if total <= limit), 2**n)


@pytest.mark.parametrize(("n", "critical"), [(6, 0), (10, 8), (20, 52)])
def test_the_interval_takes_the_place_of_the_published_table(n: int, critical: int) -> None:
    """Wilcoxon's table, two-sided 5 %: the critical sums of 6, 10 and 20 pairs are 0, 8 and 52."""
    differences = [Decimal(2**number) for number in range(n)]
    sums = sorted(differences[i] + differences[j] for i in range(n) for j in range(i, n))
    interval = found(found(wilcoxon_signed_rank(differences)).interval)
    assert interval.low == float(sums[critical] / 2)
    assert interval.high == float(sums[-critical - 1] / 2)
    assert interval.level == close(float(1 - 2 * share_of_sums_up_to(critical, n)))


@given(st.lists(st.tuples(TENTHS, TENTHS), min_size=1, max_size=30))
@sample(20)
def test_floats_and_decimals_give_one_answer(pairs: list[tuple[Decimal, Decimal]]) -> None:
    before, after = [a for a, _ in pairs], [b for _, b in pairs]
    by_decimals = wilcoxon_signed_rank([b - a for a, b in pairs])
    by_floats = paired([float(a) for a in before], [float(b) for b in after]).wilcoxon
    assert by_decimals == by_floats
    swapped = paired(after, before).wilcoxon
    assert getattr(swapped, "p_value", None) == getattr(by_floats, "p_value", None)


def test_exact_to_300_pairs_and_the_method_is_named() -> None:
    differences = [
        Decimal(number % 7 + 1) * (-1 if number % 9 < 4 else 1) for number in range(MOST_EXACT + 1)
    ]
    exact = found(wilcoxon_signed_rank(differences[:MOST_EXACT]))
    seven_ties = [43] * 6 + [42]
    approximate = found(wilcoxon_signed_rank(differences))
    assert "exact with ties" in exact.method.text
    assert "normal approximation" in approximate.method.text
    assert 0.1 < exact.p_value < 0.9
    assert exact.p_value == pytest.approx(normal_p(MOST_EXACT, seven_ties, exact.statistic), rel=0.01)
    assert found(exact.interval).level >= 0.95


def test_the_smallest_chance_of_300_pairs_is_exact() -> None:
    result = found(wilcoxon_signed_rank(range(1, MOST_EXACT + 1)))
    assert result.p_value == pytest.approx(2.0**-299, rel=1e-10)
