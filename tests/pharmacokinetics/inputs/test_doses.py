"""Which doses were taken when: the drug list, and what was said of the last dose at each draw."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from dosing.pharmacokinetics.inputs.doses import next_intake, regimen_of
from dosing.pharmacokinetics.inputs.reported_doses import drawn_at, last_dose_at
from dosing.pharmacokinetics.regimen import Regimen, runs_of
from dosing.rules.case import Case
from patients.rules.schedules import Schedule
from tests.pharmacokinetics.inputs.patients import DOSES, dose, level, moment, patient, tonight

HOUR = timedelta(hours=1)


def regimen(case: Case) -> Regimen:
    assert case.dose is not None
    return regimen_of(case, case.dose)


def intakes(case: Case, days: int = 7) -> list[tuple[datetime, float]]:
    """Of the last days up to tonight's, as moments and milligrams."""
    found = regimen(case)
    assert found.origin is not None
    last = (tonight() - found.origin) / HOUR
    rows = [
        (found.origin + (run.first + number * run.interval) * HOUR, run.mg)
        for run in runs_of(found, found.origin, last + 0.1)
        for number in range(run.count)
    ]
    return [(at.replace(microsecond=0), mg) for at, mg in rows if at > tonight() - timedelta(days=days)]


def evenings(*days: int, at: time = time(20), mg: float = 3.0) -> list[tuple[datetime, float]]:
    return [(moment(day, at), mg) for day in days]


class TestTaken:
    def test_as_the_drug_list_says(self) -> None:
        assert intakes(patient(levels=())) == evenings(6, 5, 4, 3, 2, 1, 0)

    def test_at_eight_in_the_evening_where_the_list_has_no_time(self) -> None:
        assert intakes(patient(doses=(dose(usual_time=None),), levels=()))[-1] == (tonight(), 3.0)

    def test_the_last_dose_before_a_draw_was_taken_when_the_nurse_was_told(self) -> None:
        found = intakes(patient(levels=(level(2, "6", hours="11.5"),)))
        assert found == sorted([*evenings(6, 5, 4, 2, 1, 0), (moment(3, time(21, 30)), 3.0)])

    def test_what_was_planned_between_it_and_the_draw_was_not_taken(self) -> None:
        """37 hours after the dose: the evening before was missed."""
        assert intakes(patient(levels=(level(2, "3", hours="37"),))) == evenings(6, 5, 4, 2, 1, 0)

    def test_a_last_dose_far_from_any_planned_one_moves_none(self) -> None:
        """In a pause the drug list has none; and nobody remembers one of 120 days ago to the hour."""
        doses = (dose(100, last=5), dose(1))
        assert intakes(patient(doses=doses, levels=(level(2, "3"),))) == evenings(6, 5, 1, 0)
        long_before = level(2, "3", hours=str(24 * 120))
        assert intakes(patient(levels=(long_before,))) == evenings(6, 5, 4, 3, 2, 1, 0)

    @pytest.mark.parametrize("planned", [time(8), time(1), time(9)])
    def test_a_dose_that_waited_for_the_draw_is_taken_after_it(self, planned: time) -> None:
        """Drawn at nine, the last dose the day before: what was due that morning was not missed."""
        hours = str(24 + 9 - planned.hour)
        case = patient(doses=(dose(usual_time=planned),), levels=(level(2, "4", hours=hours),))
        expected = [(moment(day, planned), 3.0) for day in (4, 3, 1, 0)]
        expected += [(moment(2, time(9)), 3.0)]
        found = [row for row in intakes(case, 5) if moment(5, time()) < row[0] < moment(0, time(12))]
        assert found == sorted(expected)

    @pytest.mark.parametrize(("hours", "of_evening"), [("24.9", 3), ("11.9", 3), ("0.9", 2)])
    def test_it_is_the_nearest_planned_dose(self, hours: str, of_evening: int) -> None:
        """None is added and none lost: the planned one stands at another time."""
        found = intakes(patient(levels=(level(2, "6", hours=hours),)))
        assert len(found) == 7
        assert [day for day in range(7) if evenings(day)[0] not in found] == [of_evening]

    def test_a_change_of_dose_and_a_pause(self) -> None:
        doses = (dose(100, "3", last=5), dose(2, "2"))
        assert intakes(patient(doses=doses, levels=())) == [*evenings(6, 5), *evenings(2, 1, 0, mg=2.0)]

    def test_days_apart_the_last_draw_says_which_days(self) -> None:
        """By the list days 100, 98, … 2, 0; at the draw of day 4 the dose was said to be that of day 5."""
        doses = (dose(100, schedule=Schedule.ALTERNATE_DAYS),)
        case = patient(doses=doses, levels=(level(4, "5"),))
        assert intakes(case) == evenings(5, 3, 1)
        assert regimen(case).segments[-1].start == tonight() + timedelta(days=1)

    def test_from_that_draw_on_and_not_before_it(self) -> None:
        """On days 10, 8, 6 by the list; from day 3 on as said: the dose of day 4 was that of day 3."""
        doses = (dose(10, schedule=Schedule.ALTERNATE_DAYS),)
        case = patient(doses=doses, levels=(level(9, "5"), level(2, "5")))
        assert intakes(case, 11) == evenings(10, 8, 6, 3, 1)

    def test_every_other_day(self) -> None:
        doses = (dose(100, schedule=Schedule.ALTERNATE_DAYS),)
        assert intakes(patient(doses=doses, levels=())) == evenings(6, 4, 2, 0)

    def test_the_present_dose_ends_on_its_last_day(self) -> None:
        case = patient(doses=(dose(100, last=-3),))
        ahead = regimen(case).segments[-1]
        assert (ahead.start, ahead.end) == (tonight(), moment(-4, time()))

    def test_equal_doses_a_day_apart_are_one_segment(self) -> None:
        assert len(regimen(patient(levels=())).segments) == 2


class TestNext:
    def test_tonight(self) -> None:
        case = patient()
        assert next_intake(case, DOSES[0]) == tonight()

    @pytest.mark.parametrize(("begun", "ahead"), [(3, 4), (6, 1), (7, 0), (8, 6)])
    def test_a_weekly_dose_comes_a_week_after_the_last(self, begun: int, ahead: int) -> None:
        row = dose(begun, schedule=Schedule.WEEKLY)
        case = patient(doses=(row,), levels=())
        assert next_intake(case, row) == tonight() + timedelta(days=ahead)

    def test_tomorrow_where_todays_is_taken_already(self) -> None:
        case = patient(levels=(level(0, "7", hours="1", at=time(20, 30)),))
        assert next_intake(case, DOSES[0]) == tonight() + timedelta(days=1)

    @pytest.mark.parametrize(
        ("usual", "drawn", "hours"), [(time(23, 30), time(12), "11.8"), (time(20), time(9), "4")]
    )
    def test_a_dose_after_midnight_is_that_of_the_evening_before(
        self, usual: time, drawn: time, hours: str
    ) -> None:
        """At 00:12 for 23:30, at 05:00 for 20:00: tonight's is still to come."""
        row = dose(usual_time=usual)
        case = patient(doses=(row,), levels=(level(0, "6", hours=hours, at=drawn),))
        assert next_intake(case, row) == datetime.combine(tonight().date(), usual)

    def test_a_morning_dose_is_taken_by_the_time_anybody_looks(self) -> None:
        row = dose(usual_time=time(8))
        assert next_intake(patient(doses=(row,)), row) == moment(-1, time(8))

    @pytest.mark.parametrize(("drawn", "days"), [(time(19, 59), 0), (time(20), 1), (time(23, 30), 1)])
    def test_one_that_waits_for_a_draw_of_today_is_as_good_as_taken(self, drawn: time, days: int) -> None:
        hours = str(24 + drawn.hour - 20 + drawn.minute / 60)
        case = patient(levels=(level(0, "4", hours=hours, at=drawn),))
        assert next_intake(case, DOSES[0]) == tonight() + timedelta(days=days)

    @pytest.mark.parametrize(("started", "days"), [(100, 0), (99, 1)])
    def test_every_other_day_it_keeps_its_days(self, started: int, days: int) -> None:
        row = dose(started, schedule=Schedule.ALTERNATE_DAYS)
        assert next_intake(patient(doses=(row,), levels=()), row) == tonight() + timedelta(days=days)


class TestTimes:
    def test_a_draw_without_a_time_is_one_of_the_morning(self) -> None:
        assert drawn_at(replace(level(3, "6"), time="")) == moment(3, time(9))

    def test_with_a_zone_it_is_the_clinics_clock_that_counts(self) -> None:
        written = f"{moment(3, time(9, 15)).isoformat()}+09:00"
        assert drawn_at(replace(level(3, "6"), time=written)) == moment(3, time(9, 15))

    def test_the_last_dose(self) -> None:
        assert last_dose_at(level(3, "6", hours="13.5")) == moment(4, time(19, 30))
        assert last_dose_at(level(3, "6", hours=None)) is None
