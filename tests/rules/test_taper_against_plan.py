"""Actual doses against the plan: clinical specification 6.4."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dosing.rules.case import Case, case_of
from dosing.rules.taper.against_plan import AgainstPlan, against_plan, earliest_step, planned_of
from dosing.rules.taper.plan import TaperPlan
from dosing.rules.taper.present import present_dose
from dosing.rules.treatment import Treatment
from patients.rules.record import Episode, Purpose
from patients.rules.schedules import Schedule
from tests.rules.records import eligible_record, with_episodes, with_steroid

D = Decimal
START = date(2025, 4, 3)
PLAN = TaperPlan(1, START)


def day(number: int) -> date:
    return START + timedelta(days=number)


def taken(first: int, last: int | None, mg: str | None, **changes: object) -> Episode:
    dose = None if mg is None else D(mg)
    return Episode(
        first + 900, "prednisolone", day(first), dose, None if last is None else day(last), **changes
    )  # type: ignore[arg-type]


def case(*episodes: Episode, on: int = 60, plan: TaperPlan = PLAN, tacrolimus: int = -100) -> Case:
    record = with_steroid(eligible_record(START), *episodes)
    record = with_episodes(record, Episode(50, "tacrolimus", day(tacrolimus), D(3)))
    return case_of(record, Treatment(tapers=(plan,)), day(on))


def compared(*episodes: Episode, on: int = 60, plan: TaperPlan = PLAN) -> AgainstPlan:
    found = against_plan(case(*episodes, on=on, plan=plan), plan)
    assert found is not None
    return found


class TestPresentDose:
    def test_since_when_and_from_what(self) -> None:
        record = case(taken(-200, -29, "12.5"), taken(-28, None, "10")).record
        found = present_dose(record, day(0))
        assert (found.mg, found.since, found.before_cut_mg) == (10, day(-28), D("12.5"))

    def test_the_same_dose_in_two_episodes_is_one(self) -> None:
        record = case(taken(-100, -29, "10"), taken(-28, None, "10")).record
        assert present_dose(record, day(0)).since == day(-28 - 72)

    def test_after_a_gap_it_is_known_since_the_gap(self) -> None:
        record = case(taken(-100, -40, "10"), taken(-28, None, "10")).record
        assert present_dose(record, day(0)).since == day(-28)

    def test_alternate_days_and_other_steroids(self) -> None:
        """10 mg every other day is 5 mg; methylprednisolone 8 mg is 10 mg."""
        record = case(taken(-100, None, "10", schedule=Schedule.ALTERNATE_DAYS)).record
        assert present_dose(record, day(0)).mg == 5
        record = case(Episode(1, "methylprednisolone", day(-100), D(8))).record
        assert present_dose(record, day(0)).mg == 10

    def test_short_stress_cover_is_not_the_dose(self) -> None:
        cover = Episode(5, "hydrocortisone", day(-1), D(100), day(1), purpose=Purpose.STRESS_COVER)
        found = present_dose(case(taken(-100, None, "10"), cover).record, day(0))
        assert (found.mg, found.since) == (10, day(-100))

    @pytest.mark.parametrize(
        ("episode", "item"),
        [
            (taken(-100, -2, "10"), "steroid_history"),
            (taken(-100, None, None), "steroid_history"),
            (Episode(1, "", day(-100), D(5), drug_text="white tablets"), "steroid_history"),
        ],
    )
    def test_not_known(self, episode: Episode, item: str) -> None:
        found = present_dose(case(episode).record, day(0))
        assert found.mg is None
        assert found.missing is not None

    def test_a_drug_in_free_text_could_be_another_steroid(self) -> None:
        free = Episode(1, "", day(-100), D(5), drug_text="white tablets")
        found = present_dose(case(taken(-100, None, "10"), free).record, day(0))
        assert found.missing is not None
        assert found.missing.item == "unmapped_drug"


class TestEarliestStep:
    def test_the_interval_since_the_last_change(self) -> None:
        """10 mg since 3 April, 28 days: from 1 May (6.3)."""
        found = case(taken(0, None, "10"))
        assert earliest_step(found, PLAN, D(10), START) == date(2025, 5, 1)

    def test_not_before_day_28_of_tacrolimus_unless_the_doctor_says_so(self) -> None:
        """The study tapered from one month after tacrolimus."""
        found = case(taken(-100, None, "10"), tacrolimus=-10)
        assert earliest_step(found, PLAN, D(10), day(-100)) == day(18)
        early = replace(PLAN, early_start=True)
        assert earliest_step(found, early, D(10), day(-100)) == START

    def test_not_before_the_plan(self) -> None:
        assert earliest_step(case(taken(-100, None, "10")), PLAN, D(10), day(-100)) == START


class TestAgainstPlan:
    """The plan from 10 mg since day 0: 9 mg on day 28, 8 mg on day 56, 7 mg on day 84."""

    def test_on_plan(self) -> None:
        found = compared(taken(0, 27, "10"), taken(28, 55, "9"), taken(56, None, "8"))
        assert (found.days_on_plan, found.known_days, found.on_plan_percent) == (61, 61, 100)
        assert (found.ahead_mg_days, found.behind_mg_days) == (0, 0)
        assert [step.lag_days for step in found.steps] == [0, 0, None, None, None]

    def test_half_a_milligram_is_on_plan_and_more_is_not(self) -> None:
        half = compared(taken(0, 27, "10"), taken(28, None, "9.5"), on=55)
        assert half.days_on_plan == 56
        more = compared(taken(0, 27, "10"), taken(28, None, "9.6"), on=55)
        assert more.days_on_plan == 28

    def test_a_late_step_is_behind(self) -> None:
        """Ten days late at 1 mg more: 10 mg·days."""
        found = compared(taken(0, 37, "10"), taken(38, None, "9"), on=55)
        assert found.steps[0].reached_on == day(38)
        assert found.steps[0].lag_days == 10
        assert (found.ahead_mg_days, found.behind_mg_days) == (0, 10)
        assert found.on_plan_percent == D(4600) / 56

    def test_a_step_not_taken_yet_lags_more_each_day(self) -> None:
        found = compared(taken(0, None, "10"), on=40)
        assert found.steps[0].reached_on is None
        assert found.steps[0].lag_days == 12

    def test_an_early_step_is_ahead(self) -> None:
        """8 mg from day 28: 28 days at 1 mg less, and the second step 28 days early."""
        found = compared(taken(0, 27, "10"), taken(28, None, "8"), on=55)
        assert [step.lag_days for step in found.steps[:2]] == [0, -28]
        assert (found.ahead_mg_days, found.behind_mg_days) == (28, 0)

    def test_unknown_days_are_counted_apart(self) -> None:
        found = compared(taken(0, 9, "10"), taken(20, None, "10"), on=27)
        assert (found.known_days, found.unknown_days, found.on_plan_percent) == (18, 10, 100)

    def test_an_ended_plan_is_judged_to_its_end(self) -> None:
        ended = replace(PLAN, ended_on=day(27))
        found = compared(taken(0, None, "10"), on=100, plan=ended)
        assert found.known_days == 28
        assert found.behind_mg_days == 0

    def test_without_a_known_dose_on_its_first_day_nothing_is_planned(self) -> None:
        found = case(taken(5, None, "10"))
        assert planned_of(found, PLAN) == ()
        assert against_plan(found, PLAN) is None
