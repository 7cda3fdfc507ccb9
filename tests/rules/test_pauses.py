"""A pause that nobody ends is asked for; specification 2.7: a pause lasts 28 days at most."""

from datetime import timedelta

import pytest

from dosing.rules.case import case_of
from dosing.rules.findings import TaskFinding
from dosing.rules.pauses import due
from dosing.rules.treatment import Course, Treatment
from patients.rules.record import Record
from tests.rules.records import ON, before, eligible_record
from tests.rules.test_level_alerts import taken

RUNNING = Course(1, before(ON, 100))


def planned(record: Record, *courses: Course) -> list[TaskFinding]:
    return list(due(case_of(record, Treatment(courses=courses), ON)))


def test_who_takes_it_or_never_did_is_not_asked() -> None:
    assert planned(taken((100, None, "3")), RUNNING) == []
    assert planned(eligible_record()) == []


@pytest.mark.parametrize("away", [1, 14, 28, 29, 200])
def test_a_course_that_runs_without_a_dose_is_asked_for_until_somebody_decides(away: int) -> None:
    (work,) = planned(taken((300, away, "3")), RUNNING)
    assert (work.kind, work.due_on) == ("pause", before(ON, away) + timedelta(days=14))
    assert work.overdue_from == before(ON, away) + timedelta(days=28)
    assert work.sentence.values["day"] == before(ON, away)


def test_it_is_the_same_work_from_day_to_day() -> None:
    subjects = {
        work.subject
        for days in range(10)
        for work in due(case_of(taken((100, 12, "3")), Treatment(courses=(RUNNING,)), before(ON, days)))
    }
    assert len(subjects) == 1


def test_a_stop_settles_it() -> None:
    ended = Course(1, before(ON, 100), before(ON, 10))
    assert planned(taken((100, 10, "3")), ended) == []


@pytest.mark.parametrize(("away", "asked"), [(28, True), (29, False)])
def test_without_a_course_only_a_pause_by_the_drug_list_is(away: int, asked: bool) -> None:
    assert bool(planned(taken((300, away, "3")))) is asked


def test_the_evening_of_the_last_dose_asks_nothing_yet() -> None:
    assert planned(taken((100, 0, "3")), RUNNING) == []
