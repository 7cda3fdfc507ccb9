"""The treatment with tacrolimus as a case sees it: the last one, its pauses, its end."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dosing.rules.case import Case, case_of
from dosing.rules.treatment import Course, Level, Target, Treatment
from patients.rules.record import Episode
from tests.rules.records import ON, eligible_record, with_episodes


def tacrolimus(first: int, last: int | None, mg: str = "3", number: int = 50) -> Episode:
    """A dose from `first` to `last` days before ON; None: still taken."""
    last_day = None if last is None else ON - timedelta(days=last)
    return Episode(number + first, "tacrolimus", ON - timedelta(days=first), Decimal(mg), last_day)


def case(*episodes: Episode, courses: tuple[Course, ...] = (), on: date = ON) -> Case:
    return case_of(with_episodes(eligible_record(), *episodes), Treatment(courses=courses), on)


class TestDoses:
    def test_never_on_tacrolimus(self) -> None:
        never = case()
        assert never.first_dose_on is None
        assert never.days_on_tacrolimus is None
        assert not never.is_on_tacrolimus
        assert not never.is_paused

    def test_the_first_dose_is_day_0(self) -> None:
        assert case(tacrolimus(0, None)).days_on_tacrolimus == 0
        assert case(tacrolimus(7, None)).days_on_tacrolimus == 7

    def test_a_changed_dose_goes_on_with_the_same_treatment(self) -> None:
        changed = case(tacrolimus(60, 31, "2"), tacrolimus(30, None, "3"))
        assert changed.days_on_tacrolimus == 60
        assert changed.dose_mg == 3

    def test_a_dose_planned_for_later_is_not_taken_yet(self) -> None:
        assert not case(tacrolimus(-1, None)).is_on_tacrolimus

    @pytest.mark.parametrize(
        ("away_days", "days_on"),
        [(27, 90), (28, 90), (29, 10)],
        ids=["27 days are a pause", "28 days are a pause (2.7)", "29 days end the treatment"],
    )
    def test_a_break(self, away_days: int, days_on: int) -> None:
        before = tacrolimus(90, 10 + away_days)
        assert case(before, tacrolimus(10, None)).days_on_tacrolimus == days_on

    def test_a_stated_0_mg_is_not_a_dose(self) -> None:
        paused = case(tacrolimus(60, 6), tacrolimus(5, None, "0"))
        assert not paused.is_on_tacrolimus
        assert paused.is_paused


class TestPause:
    def test_a_running_treatment_is_not_paused(self) -> None:
        assert not case(tacrolimus(60, None)).is_paused

    @pytest.mark.parametrize(("last", "paused"), [(1, True), (28, True), (29, False)])
    def test_not_taken_since(self, last: int, paused: bool) -> None:
        assert case(tacrolimus(90, last)).is_paused is paused

    def test_a_recorded_stop_is_no_pause(self) -> None:
        stopped = Course(1, ON - timedelta(days=90), ended_on=ON - timedelta(days=3))
        assert not case(tacrolimus(90, 3), courses=(stopped,)).is_paused


class TestAsOf:
    def test_nothing_dated_later_is_known(self) -> None:
        later = ON + timedelta(days=1)
        known = Treatment(
            levels=(Level(1, ON, Decimal(6)), Level(2, later, Decimal(7))),
            courses=(Course(1, ON, ended_on=later), Course(2, later)),
            targets=(Target(1, later, Decimal(4), Decimal(8)),),
        ).as_of(ON)
        assert known == Treatment(levels=(Level(1, ON, Decimal(6)),), courses=(Course(1, ON),))

    def test_levels_are_in_order_of_their_draw(self) -> None:
        first, second = Level(9, ON, Decimal(6), time="T08:00"), Level(3, ON, Decimal(7), time="T09:00")
        earlier = replace(second, on=ON - timedelta(days=1))
        assert Treatment(levels=(second, first, earlier)).levels_in_order == (earlier, first, second)
