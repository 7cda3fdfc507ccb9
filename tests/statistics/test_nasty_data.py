"""Data that break statistics: each has its sentence, none a crash, a NaN or a p-value of 0."""

import math
import sys
from dataclasses import fields, is_dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.statistics import (
    adjust,
    fisher,
    interaction,
    kaplan_meier,
    log_rank,
    mann_whitney,
    mcnemar,
    normality,
    paired,
    proportion,
    wilcoxon_signed_rank,
)
from analytics.statistics.descriptive import summary
from analytics.statistics.groups import SubgroupEffect
from analytics.statistics.results import NotEstimable
from tests.properties import sample
from tests.statistics.reading import close, found, says

ANY_NUMBER = st.one_of(st.none(), st.floats(), st.integers(-5, 5), st.decimals())
SMALLEST = sys.float_info.min


def left_out(result: object) -> dict[str, int]:
    return {row.reason.text: row.count for row in result.left_out}  # type: ignore[attr-defined]


def numbers_in(result: object) -> list[float]:
    """Every number anywhere in a result."""
    if is_dataclass(result):
        return [number for field in fields(result) for number in numbers_in(getattr(result, field.name))]
    if isinstance(result, tuple) and not hasattr(result, "_fields"):
        return [number for item in result for number in numbers_in(item)]
    return [result] if isinstance(result, int | float) else []


@pytest.mark.parametrize(
    ("before", "after", "t_test", "wilcoxon"),
    [
        ([], [], "no complete pair", "no complete pair"),
        ([None], [1], "no complete pair", "no complete pair"),
        ([math.inf], [1], "no complete pair", "no complete pair"),
        ([5, 7.5], [5, 7.5], "all 2 changed by the same amount", "none of the 2 differences"),
    ],
    ids=["nobody", "nothing before", "infinite", "no change"],
)
def test_pairs_without_a_test(before: list, after: list, t_test: str, wilcoxon: str) -> None:
    result = paired(before, after)
    says(result.t_test, t_test)
    says(result.wilcoxon, wilcoxon)
    assert isinstance(result.effect.d_z, NotEstimable)


def test_two_pairs() -> None:
    """t = 3 / 1 with one degree of freedom: p = 1 − 2 atan(3) / pi. Both rose: the chance is 2 in 4."""
    result = paired([0, 0], [2, 4])
    assert found(result.t_test).p_value == close(1 - 2 * math.atan(3) / math.pi)
    assert found(result.wilcoxon).p_value == 0.5
    assert found(found(result.wilcoxon).interval).level == close(0.5)
    says(result.effect.g_z, "at least three pairs")


def test_a_constant_change_of_decimals_is_constant() -> None:
    """As floats 0.3 − 0.1 and 0.7 − 0.5 differ, and a t-test would find p = 1e-30."""
    result = paired([0.1, 0.5, 1.1, 2.3], [0.3, 0.7, 1.3, 2.5])
    says(result.t_test, "all 4 changed by the same amount")
    assert found(result.wilcoxon).p_value == 0.125
    assert found(result.wilcoxon).shift == 0.2
    says(result.effect.d_z, "all 4 changed by the same amount")


def test_a_constant_column_each() -> None:
    says(paired([5, 5, 5], [3, 3, 3]).effect.d_av, "do not vary")


def test_missing_pairs_are_counted_by_reason() -> None:
    result = paired([1, None, 3, None, math.inf, 6, math.nan], [2, 2, None, None, 1, 7.5, 1])
    assert result.n == 2
    assert left_out(result) == {
        "the value before is missing": 2,
        "the value after is missing": 1,
        "both values are missing": 1,
        "the value is not a finite number": 1,
    }


def test_zero_differences_are_counted() -> None:
    result = found(wilcoxon_signed_rank([0, 0, 1, 2, None]))
    assert (result.n, result.zeros) == (4, 2)
    assert left_out(result) == {"the value is missing": 1}


def test_a_p_value_too_small_for_a_number_is_not_zero() -> None:
    rising = [1000 + number % 2 * 1e-6 for number in range(400)]
    result = paired([0] * 400, rising)
    assert found(result.t_test).p_value == SMALLEST
    assert 0 < found(result.wilcoxon).p_value < 1e-60
    assert adjust([0.0, 1.0], "holm").p_values == (SMALLEST, 1.0)


def test_columns_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        paired([1, 2], [1])
    with pytest.raises(ValueError, match="shorter"):
        kaplan_meier([1, 2], [True])
    with pytest.raises(ValueError, match="shorter"):
        mcnemar([True, False], [True])


@pytest.mark.parametrize(("values", "said"), [([], "no value"), ([None, math.nan], "no value")])
def test_a_summary_of_nothing(values: list, said: str) -> None:
    says(summary(values), said)


@pytest.mark.parametrize(
    ("values", "said"),
    [([1, 2], "at least three values"), ([3, 3, 3], "do not vary"), (range(5001), "at most 5000 values")],
)
def test_normality_cannot_be_judged(values: list, said: str) -> None:
    says(normality(values), said)


def test_a_share_of_nobody() -> None:
    says(proportion(0, 0), "nobody to count")


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_what_is_no_share_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        proportion(successes, n)


def test_all_of_them() -> None:
    """The exact lower bound of n of n is 0.025 to the power of 1/n."""
    result = found(proportion(38, 38))
    assert (result.exact.high, result.wilson.high) == (1.0, 1.0)
    assert result.exact.low == close(0.025 ** (1 / 38))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([], [], "no complete pair"),
        ([None, True], [True, None], "no complete pair"),
        ([True], [True], "none of the 1"),
    ],
)
def test_mcnemar_without_a_change(before: list, after: list, said: str) -> None:
    says(mcnemar(before, after), said)


@pytest.mark.parametrize(
    ("sign", "before", "after", "p_value"),
    [
        ("headache", 7, 1, 0.03125),
        ("alopecia", 5, 0, 0.0625),
        ("rash", 6, 2, 0.125),
        ("fever", 5, 1, 0.125),
        ("arthritis", 3, 0, 0.25),
        ("mucosal ulcers", 2, 0, 0.5),
    ],
)
def test_the_symptoms_of_the_study(sign: str, before: int, after: int, p_value: float) -> None:
    """Specification 1.3: exact McNemar where no patient has a new sign."""
    had = [True] * before + [False] * (38 - before)
    has = [True] * after + [False] * (38 - after)
    assert found(mcnemar(had, has)).p_value == close(p_value), sign


def test_a_curve_of_nobody() -> None:
    result = kaplan_meier([None, -1], [True, False])
    says(result, "nobody was observed")
    assert left_out(result) == {
        "the time of observation is missing": 1,
        "the time of observation is below zero": 1,
    }


def test_a_curve_where_all_are_censored() -> None:
    result = found(kaplan_meier([10, 20, 30], [False, False, False]))
    assert (result.n, result.events) == (3, 0)
    assert [step.estimate.survival for step in result.steps] == [1, 1, 1]
    says(result.steps[0].estimate.interval, "nobody of 3 had the event until then")
    says(result.median, "does not fall to half")


def test_a_curve_where_all_had_the_event() -> None:
    """The curve rests on half from 2 to 3: the median lies between, as R has it."""
    result = found(kaplan_meier([1, 2, 3, 4], [True] * 4))
    assert found(result.median).time == 2.5
    assert result.steps[-1].estimate.survival == 0
    says(result.steps[-1].estimate.interval, "everybody still observed had the event")


def test_times_that_are_equal_decimals_are_one_time() -> None:
    result = found(kaplan_meier([0.1 + 0.2, 0.3, Decimal("0.3")], [True, False, True]))
    assert [(step.events, step.censored) for step in result.steps] == [(2, 1)]
    assert result.at(0.3).survival == close(1 / 3)


def test_before_the_first_event_and_at_unknown_events() -> None:
    result = found(kaplan_meier([5, 6, 7], [True, None, False]))
    assert left_out(result) == {"it is not known whether the event happened": 1}
    assert result.at(4).survival == 1
    says(result.at(4).interval, "until then")


@pytest.mark.parametrize(
    ("durations", "events", "groups", "said"),
    [
        ([], [], [], "in a known group"),
        ([1, 2], [True, True], ["a", "a"], "all 2 are in one group"),
        ([1, 2], [True, True], ["a", None], "all 1 are in one group"),
        ([1, 2], [False, False], ["a", "b"], "nobody of 2 had the event"),
        ([1, 2, 3], [False, True, True], ["a", "b", "b"], "two groups were under observation"),
    ],
    ids=["nobody", "one group", "a group unknown", "all censored", "never together"],
)
def test_curves_that_cannot_be_compared(durations: list, events: list, groups: list, said: str) -> None:
    says(log_rank(durations, events, groups), said)


def test_three_groups() -> None:
    """By hand: at 1 one event among 2, 2 and 2 at risk; at 3 one event among 1, 1 and 2."""
    result = found(log_rank([1, 1, 3, 3, 3, 3], [True, False, True, False, False, False], list("abcabc")))
    assert result.degrees_of_freedom == 2
    assert [row.expected for row in result.groups] == close([1 / 3 + 1 / 4, 1 / 3 + 1 / 4, 1 / 3 + 1 / 2])
    assert [row.observed for row in result.groups] == [1, 0, 1]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((0, 0, 3, 5), "the other has 5"),
        ((0, 4, 0, 5), "all 9 have the same"),
        ((4, 4, 5, 5), "all 9 have the same"),
    ],
)
def test_shares_that_cannot_be_compared(counts: tuple[int, int, int, int], said: str) -> None:
    says(fisher(*counts), said)


def test_newcombes_own_example() -> None:
    """Newcombe 1998, 56/70 against 48/80, method 10: 0.2000 with 0.0524 to 0.3339."""
    result = found(fisher(56, 70, 48, 80))
    assert result.difference == close(0.2)
    assert [result.interval.low, result.interval.high] == pytest.approx([0.0524, 0.3339], abs=5e-5)


def test_the_lady_tasting_tea() -> None:
    """Fisher 1935: three of four cups right, two-sided 34/70."""
    assert found(fisher(3, 4, 1, 4)).p_value == close(34 / 70)
    with pytest.raises(ValueError, match="not two shares"):
        fisher(5, 4, 1, 4)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ([], [1, 2], "the other has 2"),
        ([1], [None], "the other has 1"),
        ([2, 2], [2], "all 3 values are equal"),
    ],
)
def test_groups_that_cannot_be_ranked(first: list, second: list, said: str) -> None:
    says(mann_whitney(first, second), said)


def test_interaction_of_two_subgroups() -> None:
    """By hand: effects 0.4 apart, errors 0.3 and 0.4, so z = 0.4 / 0.5; the two-sided p is erfc(z / √2)."""
    result = found(interaction([SubgroupEffect(-0.4, 0.3), SubgroupEffect(-0.8, 0.4), SubgroupEffect(5, 0)]))
    assert (result.n, result.degrees_of_freedom) == (2, 1)
    assert result.chi_squared == close(0.64)
    assert result.p_value == close(math.erfc(0.8 / math.sqrt(2)))
    assert result.common == close((-0.4 / 0.09 - 0.8 / 0.16) / (1 / 0.09 + 1 / 0.16))


@pytest.mark.parametrize(
    "effects", [[], [SubgroupEffect(1, 0.5)], [SubgroupEffect(1, 0), SubgroupEffect(2, 0.5)]]
)
def test_interaction_needs_two_subgroups(effects: list[SubgroupEffect]) -> None:
    says(interaction(effects), "only")


def test_adjusting_nothing_and_what_is_no_p_value() -> None:
    assert adjust([], "holm").p_values == ()
    assert adjust([None], "bh").p_values == (None,)
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust([1.5], "holm")
    with pytest.raises(ValueError, match="not one of"):
        adjust([0.5], "none")


@sample(60)
@given(st.lists(st.tuples(ANY_NUMBER, ANY_NUMBER), max_size=12))
def test_no_numbers_whatever_break_a_comparison(pairs: list) -> None:
    before, after = [a for a, _ in pairs], [b for _, b in pairs]
    result = paired(before, after)
    assert result.n + sum(row.count for row in result.left_out) == len(pairs)
    for part in (result, mann_whitney(before, after)):
        assert all(math.isfinite(number) for number in numbers_in(part))
        assert getattr(part, "p_value", 1) > 0
    for test in (result.t_test, result.wilcoxon):
        assert isinstance(test, NotEstimable) or 0 < test.p_value <= 1


@sample(60)
@given(
    st.lists(
        st.tuples(ANY_NUMBER, st.sampled_from([True, False, None]), st.sampled_from(["a", "b", "c", None])),
        max_size=12,
    )
)
def test_no_times_whatever_break_a_curve(rows: list) -> None:
    durations, events, groups = ([row[place] for row in rows] for place in range(3))
    for result in (kaplan_meier(durations, events), log_rank(durations, events, groups)):
        assert all(math.isfinite(number) for number in numbers_in(result))
        assert isinstance(result, NotEstimable) or getattr(result, "p_value", 1) > 0
