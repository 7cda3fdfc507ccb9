"""How long tacrolimus was kept, and whether its end is a stop."""

from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.outcomes import PatientOutcome
from dosing.rules.treatment import Course, Treatment
from patients.rules.answers import Answer
from patients.rules.record import Episode
from tests.outcomes.people import FIRST, day, of, start, tacrolimus, visit, with_visits


def ended(last: int, code: str = "side_effect") -> Treatment:
    return Treatment(courses=(Course(1, FIRST, day(last), code),))


def staying(
    *doses: Episode, seen: int = 0, cut_off: int = 1000, treatment: Treatment | None = None
) -> PatientOutcome:
    record = start(*doses)
    if seen:
        record = with_visits(record, seen)
    return of(record, day(cut_off), treatment)


@pytest.mark.parametrize("last", [0, 3, 363])
def test_a_stop_ends_it(last: int) -> None:
    found = staying(tacrolimus(0, last), treatment=ended(last)).staying
    assert (found.days, found.stopped, found.left, found.reason) == (last, True, False, "side_effect")


def test_a_stop_on_day_3_is_no_responder_although_nobody_came_at_week_52() -> None:
    found = staying(tacrolimus(0, 3), treatment=ended(3))
    assert found.efficacy.responder.answer is Answer.NOT_MET
    assert found.week_52.visit is None


def test_treatment_elsewhere_is_no_stop() -> None:
    found = staying(tacrolimus(0, 100), treatment=ended(100, "care_elsewhere")).staying
    assert (found.days, found.stopped, found.left) == (100, False, True)


def test_who_still_takes_it_is_counted_up_to_where_she_was_seen() -> None:
    found = staying(tacrolimus(), seen=200).staying
    assert (found.days, found.stopped) == (200, False)
    assert found.doses == ((0, 200, 3),)


def test_who_was_never_seen_again_counts_no_day() -> None:
    found = staying(tacrolimus()).staying
    assert (found.days, found.stopped) == (0, False)


@pytest.mark.parametrize(("days_since", "stopped"), [(1, False), (28, False), (29, True)])
def test_a_dose_that_ended_lately_may_be_a_pause(days_since: int, stopped: bool) -> None:
    found = staying(tacrolimus(0, 100), seen=100, cut_off=100 + days_since).staying
    assert found.stopped is stopped


def test_a_recorded_stop_is_one_at_once() -> None:
    assert staying(tacrolimus(0, 100), cut_off=101, treatment=ended(100)).staying.stopped


@pytest.mark.parametrize(("again", "days"), [(29, 128), (128, 128), (129, 100)])
def test_a_pause_of_up_to_28_days_is_one_treatment(again: int, days: int) -> None:
    """Specification 2.7: from the last dose on day 100 to the next on day 128 are 28 days."""
    later = max(again, 101)
    found = staying(tacrolimus(0, 100), tacrolimus(later), seen=128).staying
    assert found.days == days
    assert found.stopped is (days == 100)


def test_changes_of_dose_are_told_with_their_days() -> None:
    found = staying(tacrolimus(0, 99, "3"), tacrolimus(100, None, "2"), seen=300).staying
    assert found.doses == ((0, 99, 3), (100, 300, 2))


@pytest.mark.parametrize(("cut_off", "observed"), [(391, False), (392, False), (393, True)])
def test_week_52_can_be_asked_for_when_its_time_is_over(cut_off: int, observed: bool) -> None:
    assert staying(tacrolimus(), cut_off=cut_off).observed_52 is observed


def test_a_visit_of_week_52_can_be_judged_at_once() -> None:
    assert staying(tacrolimus(), seen=340, cut_off=340).observed_52


def test_facts_after_the_cut_off_change_nothing() -> None:
    record = with_visits(start(), 100)
    early = of(record, day(150))
    more = replace(record, visits=(*record.visits, visit(record, 364)))
    later = replace(more, episodes=(*more.episodes, Episode(999, "azathioprine", day(200), None)))
    assert of(later, day(150)) == early
    assert of(later, day(150) + timedelta(days=300)) != early
