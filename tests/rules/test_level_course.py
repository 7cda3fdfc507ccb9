"""Levels over time, and what else must be known beside one level. Specification 4.1."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.case import Case, case_of
from dosing.rules.levels import LevelRange, context, is_steady, time_in_range, variation_percent
from dosing.rules.levels.context import previous_of_its_kind
from dosing.rules.treatment import Level, Treatment
from patients.rules.record import DrugHistory, Episode, Record
from tests.rules.records import ON, before, eligible_record, with_episodes, with_laboratory

BAND = LevelRange(Decimal(5), Decimal(10))


def morning(days_before: int, ng_ml: str, mg: str = "3", **changes: object) -> Level:
    values: dict[str, object] = {
        "hours_after_dose": Decimal("12.5"),
        "dose_mg": Decimal(mg),
        "time": "T08:30",
    }
    return Level(1000 - days_before, before(ON, days_before), Decimal(ng_ml), **{**values, **changes})  # type: ignore[arg-type]


class TestVariation:
    def test_the_sample_deviation_of_level_by_dose(self) -> None:
        """By hand: 4/2, 6/3, 9/3 = 2, 2, 3; mean 2.3333, sd (n − 1) 0.57735; 24.74 %."""
        rows = [morning(30, "4", "2"), morning(20, "6"), morning(10, "9")]
        assert variation_percent(rows) == pytest.approx(Decimal("24.7436"), abs=Decimal("0.0001"))

    def test_equal_levels_at_equal_doses_do_not_vary(self) -> None:
        assert variation_percent([morning(day, "7") for day in (30, 20, 10)]) == 0

    def test_two_are_too_few(self) -> None:
        assert variation_percent([morning(30, "4"), morning(10, "8")]) is None

    @pytest.mark.parametrize(
        "odd",
        [
            {"hours_after_dose": Decimal(4)},
            {"hours_after_dose": Decimal(24)},
            {"hours_after_dose": None},
            {"comparator": "<"},
        ],
    )
    def test_other_timings_and_inexact_levels_are_left_out(self, odd: dict[str, object]) -> None:
        rows = [morning(day, "7") for day in (40, 30, 20)]
        assert variation_percent([*rows, replace(rows[0], id=9, on=ON, ng_ml=Decimal(50), **odd)]) == 0  # type: ignore[arg-type]

    def test_without_a_dose_nothing_is_said(self) -> None:
        rows = [morning(day, "7") for day in (30, 20, 10)]
        assert variation_percent([*rows[:2], replace(rows[2], dose_mg=None)]) is None


class TestTimeInRange:
    """Rosendaal 1993: linear interpolation. The expected shares are read off straight lines by hand."""

    @pytest.mark.parametrize(
        ("first", "second", "below", "inside", "above"),
        [
            ("6", "8", 0, 30, 0),
            ("5", "10", 0, 30, 0),
            ("0.5", "9.5", 15, 15, 0),  # 4.5 of 9 ng/ml lie below 5
            ("7", "13", 0, 15, 15),  # 3 of 6 lie above 10
            ("13", "7", 0, 15, 15),
            ("2.5", "12.5", 7.5, 15, 7.5),
            ("3", "3", 30, 0, 0),
            ("12", "12", 0, 0, 30),
            ("10", "10", 0, 30, 0),
        ],
    )
    def test_thirty_days(self, first: str, second: str, below: float, inside: float, above: float) -> None:
        found = time_in_range([morning(40, first), morning(10, second)], BAND)
        assert (found.below_days, found.in_range_days, found.above_days) == pytest.approx(
            (below, inside, above)
        )

    def test_one_level_tells_nothing(self) -> None:
        assert time_in_range([morning(10, "7")], BAND).in_range_percent is None

    def test_a_gap_longer_than_levels_are_ever_due_is_unknown(self) -> None:
        found = time_in_range([morning(184, "7"), morning(84, "7"), morning(0, "7")], BAND)
        assert (found.known_days, found.unknown_days) == (84, 100)
        assert found.in_range_percent == 100

    def test_twice_measured_on_a_day_counts_once(self) -> None:
        first = morning(30, "20", time="T08:00")
        twice = [first, replace(first, id=5, ng_ml=Decimal(7), time="T09:00")]
        assert time_in_range([*twice, morning(0, "7")], BAND).in_range_percent == 100

    @pytest.mark.parametrize("bound", ["<1.5", "<0.5"])
    def test_a_level_below_the_measuring_range_is_its_bound_on_the_way(self, bound: str) -> None:
        """6, "<1.5" and 6, 30 days apart, range 5–10: 46.7 of 60 days, at least (decision case 33)."""
        rows = [morning(60, "6"), replace(morning(30, bound[1:]), comparator="<"), morning(0, "6")]
        found = time_in_range(rows, BAND)
        expected = 60 * (5 - float(bound[1:])) / (6 - float(bound[1:]))
        assert found.below_days == pytest.approx(expected)
        assert (found.below_is_least, found.is_most, found.unknown_days) == (True, True, 0)

    def test_a_level_above_the_measuring_range_likewise(self) -> None:
        """From 6 to ">30" and back: 20 of 24 parts of the way lie above 10."""
        rows = [morning(60, "6"), replace(morning(30, "30"), comparator=">"), morning(0, "6")]
        found = time_in_range(rows, BAND)
        assert found.above_days == pytest.approx(50)
        assert (found.above_is_least, found.below_is_least) == (True, False)

    def test_days_beside_a_bound_that_tells_no_side_are_unknown(self) -> None:
        rows = [morning(60, "6"), replace(morning(30, "8"), comparator="<"), morning(0, "6")]
        found = time_in_range(rows, BAND)
        assert (found.known_days, found.unknown_days, found.is_most) == (0, 60, False)

    @given(st.lists(st.decimals("0.5", "30", places=1), min_size=2, max_size=8))
    def test_the_parts_make_up_the_whole(self, values: list[Decimal]) -> None:
        rows = [morning(10 * number, str(value)) for number, value in enumerate(values)]
        found = time_in_range(rows, BAND)
        assert found.known_days == pytest.approx(10 * (len(values) - 1))
        assert min(found.below_days, found.in_range_days, found.above_days) >= -1e-9


def on_tacrolimus(*levels: Level, since: int = 60, record: Record | None = None) -> Case:
    base = record or eligible_record()
    taken = with_episodes(base, Episode(70, "tacrolimus", before(ON, since), Decimal(3)))
    return case_of(taken, Treatment(levels=levels), ON)


def told(case: Case, level: Level) -> str:
    return " | ".join(note.text for note in context(case, level))


class TestContext:
    def test_an_ordinary_level_needs_no_note(self) -> None:
        level = morning(0, "7")
        assert context(on_tacrolimus(level), level) == ()

    @pytest.mark.parametrize(("days", "steady"), [(4, False), (5, True), (60, True)])
    def test_steady_state_after_five_days(self, days: int, steady: bool) -> None:
        level = morning(0, "7")
        case = on_tacrolimus(level, since=days)
        assert is_steady(case, ON) is steady
        assert ("steady" in told(case, level)) is not steady

    @pytest.mark.parametrize("drug", ["clarithromycin", "diltiazem", "omeprazole", "rifampicin"])
    def test_an_interacting_drug_starts_the_clock_anew(self, drug: str) -> None:
        record = with_episodes(eligible_record(), Episode(80, drug, before(ON, 3), Decimal(200)))
        level = morning(0, "7")
        case = on_tacrolimus(level, record=record)
        assert not is_steady(case, ON)
        assert "started or stopped" in told(case, level)

    def test_so_does_its_end(self) -> None:
        ended = Episode(80, "clarithromycin", before(ON, 40), Decimal(400), before(ON, 2))
        level = morning(0, "7")
        assert not is_steady(on_tacrolimus(level, record=with_episodes(eligible_record(), ended)), ON)

    @pytest.mark.parametrize(
        ("before_ng_ml", "now", "odd"),
        [("6", "9", False), ("6", "9.1", True), ("8", "4", False), ("8", "3.9", True)],
    )
    def test_a_change_of_more_than_half_at_an_equal_dose(
        self, before_ng_ml: str, now: str, odd: bool
    ) -> None:
        """Specification 4.1: "a change of >50 % at an equal dose → confirm patient, last dose, draw time"."""
        level = morning(0, now)
        assert ("confirm patient" in told(on_tacrolimus(morning(20, before_ng_ml), level), level)) is odd

    def test_levels_of_another_dose_or_timing_are_no_comparison(self) -> None:
        level = morning(0, "9.5")
        other_dose = morning(20, "3", mg="1")
        peak = morning(10, "30", hours_after_dose=Decimal(3))
        assert context(on_tacrolimus(other_dose, peak, level), level) == ()

    @pytest.mark.parametrize(
        ("analyte", "value", "noted"),
        [
            ("haematocrit", "29.9", True),
            ("haematocrit", "30", False),
            ("albumin", "2.4", True),
            ("albumin", "2.5", False),
        ],
    )
    def test_thin_blood_understates_the_free_drug(self, analyte: str, value: str, noted: bool) -> None:
        level = morning(0, "4")
        record = with_laboratory(eligible_record(), analyte, (before(ON, 10), value))
        assert ("free drug" in told(on_tacrolimus(level, record=record), level)) is noted

    @pytest.mark.parametrize(("days", "noted"), [(28, False), (29, True)])
    def test_a_drug_list_older_than_28_days_is_unconfirmed(self, days: int, noted: bool) -> None:
        level = morning(0, "7")
        record = replace(eligible_record(), drug_histories=(DrugHistory(1, before(ON, days), 365),))
        assert ("unconfirmed" in told(on_tacrolimus(level, record=record), level)) is noted

    def test_a_dose_other_than_the_listed_one_is_told(self) -> None:
        level = morning(0, "7", mg="2")
        assert "drug list" in told(on_tacrolimus(level), level)

    def test_not_on_tacrolimus_on_that_day(self) -> None:
        level = morning(0, "7")
        assert "no tacrolimus" in told(case_of(eligible_record(), Treatment(levels=(level,)), ON), level)


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_later_day_of_the_same_dose_is_never_less_steady(days: int, more: int) -> None:
    case = on_tacrolimus(since=400)
    start = before(ON, 400)
    assert is_steady(case, start + timedelta(days=days)) <= is_steady(
        case, start + timedelta(days=min(days + more, 400))
    )


def test_the_level_before_is_the_last_exact_one() -> None:
    """5.5, then "<1.5", then 9: the change is from 5.5, since nobody knows how far below 1.5 it was."""
    rows = (morning(20, "5.5"), morning(10, "1.5", comparator="<"), morning(0, "9"))
    case = case_of(eligible_record(), Treatment(levels=rows), ON)
    before = previous_of_its_kind(case, rows[-1])
    assert before is not None
    assert before.ng_ml == Decimal("5.5")
