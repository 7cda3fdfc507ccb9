"""Falling C3: the table and the numbers of the clinical specification, section 2.4."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.complement import Sample, complement_trigger, falling_c3, samples
from dosing.rules.reference_change import Z_ALONE_999, Z_ONE_SIDED_95, Z_PAIR_99, change_limit_percent
from dosing.rules.thresholds import STUDY, override
from patients.rules.answers import Answer
from tests.rules import records as r

ON = date(2025, 6, 2)
VECTORS = json.loads((Path(__file__).parent / "vectors" / "clinical.json").read_text())["c3_rule"]


def series(*values: float, gap: int = 28, last_age: int = 0, **changes: object) -> list[Sample]:
    """Values oldest first, 28 days apart, the last one last_age days before ON."""
    first = ON - timedelta(days=last_age + gap * (len(values) - 1))
    return [
        Sample(first + timedelta(days=gap * number), value, "A", **changes)  # type: ignore[arg-type]
        for number, value in enumerate(values)
    ]


@pytest.mark.parametrize("case", VECTORS, ids=str)
def test_vectors(case: dict) -> None:
    values = [*case["prev"], *([] if case["c"] is None else [case["c"]])]
    known = series(*values, last_age=0 if case["c"] is not None else 28)
    assert falling_c3(known, ON, STUDY).answer.name == case["expect"]


@pytest.mark.parametrize(
    ("z", "averaged", "limits"),
    [
        (Z_ONE_SIDED_95, 1, (-13.0, -11.4, -10.8)),
        (Z_PAIR_99, 2, (-15.7, -13.0, -12.0)),
        (Z_ALONE_999, 1, (-23.1, -20.3, -19.3)),
    ],
)
def test_reference_change_values(z: float, averaged: int, limits: tuple[float, ...]) -> None:
    found = [change_limit_percent(k, z, STUDY, averaged) for k in (1, 2, 3)]
    assert found == pytest.approx(limits, abs=0.05)


@pytest.mark.parametrize(("age", "answer"), [(14, Answer.MET), (15, Answer.CANNOT_TELL)])
def test_the_current_value_is_at_most_14_days_old(age: int, answer: Answer) -> None:
    assert falling_c3(series(100, 80, last_age=age), ON, STUDY).answer is answer


@pytest.mark.parametrize(
    ("gap", "answer"),
    [(13, Answer.CANNOT_TELL), (14, Answer.MET), (365, Answer.MET), (366, Answer.CANNOT_TELL)],
)
def test_earlier_values_lie_14_to_365_days_before(gap: int, answer: Answer) -> None:
    assert falling_c3(series(100, 80, gap=gap), ON, STUDY).answer is answer


def test_a_laboratory_or_method_that_is_only_spelled_otherwise_is_the_same() -> None:
    one = Sample(ON, 70, "Central lab", "TIA")
    assert one.usable_with(Sample(ON, 85, "Ｃentral  lab", "ｔｉａ"))
    assert not one.usable_with(Sample(ON, 85, "Central lab 2", "TIA"))


def test_another_laboratory_or_method_is_no_baseline() -> None:
    earlier, current = series(100, 80)
    other_place = Sample(earlier.on, 100, "B")
    other_method = Sample(earlier.on, 100, "A", method="nephelometry")
    for other in (other_place, other_method):
        verdict = falling_c3([other, current], ON, STUDY)
        assert verdict.answer is Answer.CANNOT_TELL
        assert "no earlier C3" in verdict.sentence.text


def test_a_sample_in_infection_is_not_judged_and_not_a_baseline() -> None:
    earlier, current = series(100, 80)
    excluded = Sample(current.on, 80, "A", excluded=True)
    assert falling_c3([earlier, excluded], ON, STUDY).answer is Answer.CANNOT_TELL
    ill_before = Sample(earlier.on, 140, "A", excluded=True)
    assert falling_c3([ill_before, current], ON, STUDY).answer is Answer.CANNOT_TELL


def test_the_results_own_limit_goes_first() -> None:
    known = [*series(100, 80)[:1], Sample(ON, 80, "A", lower_limit=r.Decimal(75))]
    assert falling_c3(known, ON, STUDY).answer is Answer.NOT_MET


@pytest.mark.parametrize(
    ("comparator", "value", "answer"),
    [
        ("<", 60, Answer.MET),  # whatever it is, it has fallen by more than 13 %
        ("<", 84, Answer.MET),
        ("<", 100, Answer.CANNOT_TELL),
        (">", 90, Answer.NOT_MET),
        (">", 60, Answer.CANNOT_TELL),
    ],
)
def test_comparators(comparator: str, value: int, answer: Answer) -> None:
    known = [*series(100, 80)[:1], Sample(ON, value, "A", comparator=comparator)]
    assert falling_c3(known, ON, STUDY).answer is answer


def test_above_the_measuring_range_confirms_nothing() -> None:
    """More than 60 may be 85: together with 80 that is no confirmed fall."""
    known = [*series(100, 80, 80)[:2], Sample(ON, 60, "A", comparator=">")]
    assert complement_trigger(known, ON, STUDY).answer is Answer.CANNOT_TELL


def test_of_more_earlier_values_the_three_latest_count() -> None:
    """The mean of the latest three is 100; with the first it would be 86.7, and 82 no fall beyond 10.8 %."""
    assert falling_c3(series(60, 100, 100, 100, 82), ON, STUDY).answer is Answer.MET


def test_a_moment_counts_by_its_day() -> None:
    noon = datetime(2025, 6, 2, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert falling_c3([*series(100, 80)[:1], Sample(noon, 80, "A")], ON, STUDY).answer is Answer.MET


class TestConfirmation:
    """L: a lone fall is confirmed before it counts."""

    def test_a_first_fall_asks_for_a_second_sample_in_two_to_six_weeks(self) -> None:
        verdict = complement_trigger(series(100, 84), ON, STUDY)
        assert verdict.answer is Answer.CANNOT_TELL
        (missing,) = verdict.missing
        assert missing.item == "c3_confirmation"
        assert missing.sentence.values["first"] == ON + timedelta(days=14)
        assert missing.sentence.values["last"] == ON + timedelta(days=42)

    @pytest.mark.parametrize(("value", "answer"), [(77, Answer.CANNOT_TELL), (76.5, Answer.MET)])
    def test_a_fall_beyond_23_percent_counts_at_once(self, value: float, answer: Answer) -> None:
        assert complement_trigger(series(100, value), ON, STUDY).answer is answer

    @pytest.mark.parametrize(
        ("second", "third", "answer"),
        [
            (84, 84, Answer.MET),  # the mean fall of 16 % is beyond 15.7
            (85, 84.5, Answer.CANNOT_TELL),  # 15.2 % is not
            (84, 86, Answer.NOT_MET),  # the second sample is back in the normal range
        ],
    )
    def test_two_samples_together(self, second: float, third: float, answer: Answer) -> None:
        assert complement_trigger(series(100, second, third), ON, STUDY).answer is answer

    @pytest.mark.parametrize(
        ("gap", "answer"),
        [(13, Answer.CANNOT_TELL), (14, Answer.MET), (42, Answer.MET), (43, Answer.CANNOT_TELL)],
    )
    def test_the_pair_is_14_to_42_days_apart(self, gap: int, answer: Answer) -> None:
        second = ON - timedelta(days=gap)
        known = [Sample(second - timedelta(days=60), 100, "A"), Sample(second, 83, "A"), Sample(ON, 83, "A")]
        found = complement_trigger(known, ON, STUDY)
        assert (found.answer is Answer.MET) is (answer is Answer.MET)

    def test_confirmation_can_be_switched_off(self) -> None:
        loose = override(STUDY, {"c3_confirmation": False})
        assert complement_trigger(series(100, 84), ON, loose).answer is Answer.MET

    @pytest.mark.parametrize(("now", "answer"), [(99, Answer.MET), (100, Answer.NOT_MET)])
    def test_the_papers_looser_wording(self, now: float, answer: Answer) -> None:
        simple = override(STUDY, {"c3_rule": "simple"})
        assert complement_trigger(series(100, now), ON, simple).answer is answer


def test_pregnancy_excludes_samples_of_a_record() -> None:
    record = r.with_statement(r.eligible_record(ON), "pregnant", True, stated_on=ON - timedelta(days=100))
    assert all(sample.excluded for sample in samples(record, ON))


@given(
    values=st.lists(st.floats(1, 300), min_size=1, max_size=8),
    lower=st.floats(0.5, 0.99),
)
def test_a_lower_value_never_makes_a_fall_less_likely(values: list[float], lower: float) -> None:
    rank = {Answer.NOT_MET: 0, Answer.CANNOT_TELL: 1, Answer.MET: 2}
    known = series(*values)
    fallen = [*known[:-1], Sample(known[-1].collected, values[-1] * lower, "A")]
    before, after = (falling_c3(taken, ON, STUDY).answer for taken in (known, fallen))
    assert rank[after] >= rank[before]
