"""The taper's steps: table and reference runs of clinical specification 6.2, and what never happens."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.taper.plan import LIMITS, DoseBand, Method, TaperPlan
from dosing.rules.taper.steps import (
    interval_days,
    is_on_grid,
    next_dose,
    planned_doses,
    planned_on,
    step_mg,
    up_to_grid,
)

D = Decimal
START = date(2025, 4, 3)
PLAN = TaperPlan(1, START)
NO_CLAMP = replace(PLAN, clamp_to_band=False)
LOW = replace(PLAN, goal_mg=D(1), below_5_agreed=True)


class TestReferenceRuns:
    """6.2 [C]: 2.5 mg above 10, else 1 mg, every 28 days, goal 5; days to the goal, milligrams until then."""

    @pytest.mark.parametrize(
        ("doses", "days", "mg"),
        [
            ("20 17.5 15 12.5 10 9 8 7 6 5", 252, 2940),
            ("15 12.5 10 9 8 7 6 5", 196, 1890),
            ("11.5 9 8 7 6 5", 140, 1162),
            ("10 9 8 7 6 5", 140, 1120),
            ("7.5 6.5 5.5 5", 84, 546),
        ],
    )
    def test_without_the_clamp(self, doses: str, days: int, mg: int) -> None:
        self.check(NO_CLAMP, doses, days, mg)

    def test_with_the_clamp(self) -> None:
        self.check(PLAN, "11.5 10 9 8 7 6 5", 168, 1442)

    def check(self, plan: TaperPlan, doses: str, days: int, mg: int) -> None:
        expected = [D(dose) for dose in doses.split()]
        planned = planned_doses(plan, expected[0], START, START + timedelta(days=28))
        assert [row.mg for row in planned] == expected
        assert (planned[-1].on - START).days == days
        assert sum(planned_on(planned, START + timedelta(days=day)) for day in range(days)) == mg


class TestTable:
    @pytest.mark.parametrize(
        ("mg", "step", "days"),
        [
            ("40", "5", 14),
            ("25", "5", 14),
            ("22.5", "4.5", 14),
            ("20", "2.5", 28),
            ("10.5", "2.5", 28),
            ("10", "1", 28),
            ("5.5", "1", 28),
            ("5", "0.5", 28),
            ("1", "0.5", 28),
        ],
    )
    def test_step_and_interval_by_band(self, mg: str, step: str, days: int) -> None:
        """Above 20: 5 mg, at most 20 %; an edge belongs to the band below it."""
        assert step_mg(LOW, D(mg)) == D(step)
        assert interval_days(LOW, D(mg)) == days

    @pytest.mark.parametrize(
        ("mg", "clamped", "free"),
        [
            ("22", "20", "18"),
            ("21", "20", "17"),
            ("24", "20", "19.5"),
            ("12", "10", "9.5"),
            ("11.5", "10", "9"),
            ("9.25", "8.5", "8.5"),
            ("9.3", "8.5", "8.5"),
            ("5.75", "5", "5"),
            ("5.1", "5", "5"),
        ],
    )
    def test_the_next_dose_is_rounded_up_to_tablets(self, mg: str, clamped: str, free: str) -> None:
        assert next_dose(PLAN, D(mg)) == D(clamped)
        assert next_dose(NO_CLAMP, D(mg)) == D(free)

    @pytest.mark.parametrize("mg", ["5", "4", "0.5", "0"])
    def test_at_5_mg_it_ends_without_the_doctor_s_agreement(self, mg: str) -> None:
        assert next_dose(replace(PLAN, goal_mg=D(1)), D(mg)) is None

    @pytest.mark.parametrize(
        ("mg", "following"),
        [("6", "5"), ("5.5", "5"), ("5", "4.5"), ("1.5", "1"), ("1", None), ("0.5", None)],
    )
    def test_below_5_mg_it_goes_on_by_half_milligrams(self, mg: str, following: str | None) -> None:
        assert next_dose(LOW, D(mg)) == (None if following is None else D(following))
        assert next_dose(replace(LOW, clamp_to_band=False), D(mg)) == (
            None if following is None else D(following)
        )

    def test_0_mg_is_never_proposed_even_with_the_lowest_goal(self) -> None:
        to_the_end = replace(LOW, goal_mg=D("0.5"), up_to_5=DoseBand(D(1), 28))
        planned = planned_doses(to_the_end, D(3), START, START)
        assert [row.mg for row in planned] == [3, 2, 1, D("0.5")]

    @pytest.mark.parametrize(
        ("value", "rounded"), [("9.01", "9.5"), ("9.5", "9.5"), ("9", "9"), ("0.1", "0.5")]
    )
    def test_the_grid(self, value: str, rounded: str) -> None:
        assert up_to_grid(D(value)) == D(rounded)


class TestTenPercent:
    """step = max(0.5, a tenth rounded to 0.5), at least four weeks."""

    plan = replace(PLAN, method=Method.TEN_PERCENT, clamp_to_band=False)

    @pytest.mark.parametrize(
        ("mg", "step"),
        [
            ("40", "4"),
            ("20", "2"),
            ("17", "1.5"),
            ("12.5", "1"),
            ("11.5", "1"),
            ("10", "1"),
            ("7.5", "0.5"),
            ("3", "0.5"),
        ],
    )
    def test_step(self, mg: str, step: str) -> None:
        """A tenth just between two tablets goes to the smaller step [D]: 12.5 mg by 1 mg."""
        assert step_mg(self.plan, D(mg)) == D(step)

    def test_a_run(self) -> None:
        planned = planned_doses(self.plan, D(15), START, START + timedelta(days=28))
        assert [str(row.mg.normalize()) for row in planned[:5]] == ["15", "13.5", "12", "11", "1E+1"]
        assert {(after.on - before.on).days for before, after in pairwise(planned)} == {28}

    def test_a_slower_pace_at_5_mg_holds_here_too(self) -> None:
        plan = replace(self.plan, below_5_agreed=True, up_to_5=DoseBand(D("0.5"), 56))
        assert interval_days(plan, D(5)) == 56
        assert interval_days(plan, D(6)) == 28


def test_the_plan_on_a_day() -> None:
    planned = planned_doses(PLAN, D(10), START, date(2025, 5, 1))
    assert planned_on(planned, date(2025, 4, 30)) == 10
    assert planned_on(planned, date(2025, 5, 1)) == 9
    assert planned_on(planned, date(2030, 1, 1)) == 5


def bands(name: str) -> st.SearchStrategy[DoseBand]:
    limits = LIMITS[name]
    steps = st.integers(1, int(limits.largest_step_mg * 2)).map(lambda halves: D(halves) / 2)
    return st.builds(DoseBand, steps, st.integers(limits.shortest_days, limits.longest_days))


PLANS = st.builds(
    TaperPlan,
    id=st.just(1),
    start_on=st.just(START),
    goal_mg=st.integers(1, 40).map(lambda halves: D(halves) / 2),
    method=st.sampled_from(Method),
    above_20=bands("above_20"),
    above_10=bands("above_10"),
    above_5=bands("above_5"),
    up_to_5=bands("up_to_5"),
    clamp_to_band=st.booleans(),
    below_5_agreed=st.booleans(),
)
DOSES = st.decimals(D("0"), D("80"), places=2)


class TestWhatNeverHappens:
    """Never an increase, 0 or a step across it, a dose off the grid, below the goal or, unagreed, 5 mg."""

    @given(plan=PLANS, mg=DOSES)
    def test_one_step(self, plan: TaperPlan, mg: Decimal) -> None:
        following = next_dose(plan, mg)
        if following is None:
            assert mg <= max(plan.goal_mg, D(5))
            return
        assert 0 < following < mg
        assert is_on_grid(following)
        assert following >= plan.goal_mg
        assert plan.below_5_agreed or following >= 5
        assert mg - following <= max(step_mg(plan, mg), D("0.5"))

    @given(plan=PLANS, mg=DOSES)
    def test_the_step_is_never_larger_than_the_table_s(self, plan: TaperPlan, mg: Decimal) -> None:
        following = next_dose(plan, mg)
        if following is None or plan.method is Method.TEN_PERCENT:
            return
        largest = 5 if mg > 20 else D("2.5") if mg > 10 else 1
        assert mg - following <= largest
        assert mg <= 20 or mg - following <= mg / 5

    @given(plan=PLANS, mg=DOSES)
    def test_5_mg_is_never_passed_without_stopping_on_it(self, plan: TaperPlan, mg: Decimal) -> None:
        following = next_dose(plan, mg)
        if mg > 5 and following is not None:
            assert following >= 5

    @given(plan=PLANS, mg=DOSES)
    def test_the_clamp_stops_on_each_edge(self, plan: TaperPlan, mg: Decimal) -> None:
        following = next_dose(replace(plan, clamp_to_band=True), mg)
        if following is not None:
            assert not [edge for edge in (20, 10, 5) if following < edge < mg]

    @given(plan=PLANS, mg=DOSES)
    def test_the_whole_plan_goes_down_and_ends(self, plan: TaperPlan, mg: Decimal) -> None:
        planned = planned_doses(plan, mg, START, START + timedelta(days=28))
        assert all(after.mg < before.mg and after.on > before.on for before, after in pairwise(planned))
        assert next_dose(plan, planned[-1].mg) is None
        assert len(planned) < 200
