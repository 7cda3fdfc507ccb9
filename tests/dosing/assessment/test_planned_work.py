"""The work that the rules plan: stored, moved, settled by the facts, cancelled by a person."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.clock import local_today
from demo.samples import base
from dosing.alerts.task_services import cancel_task, complete_task
from dosing.assessment.nightly import differences
from dosing.assessment.planned_work import planned, reconcile_tasks, tasks_of_the_rules
from dosing.models import Task
from dosing.rules import watching
from dosing.rules.findings import TaskFinding
from patients.models import Patient
from patients.rules.verdict import say
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@made_once
def place() -> Place:
    return make_place("Planned", base.base_record(datetime.now(ZoneInfo("Asia/Tokyo")).date()))


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def work(day: date, kind: str = "level_due", subject: str = "", words: str = "A level") -> TaskFinding:
    return TaskFinding(kind, say(words), day, day + timedelta(days=14), subject)


def settle_now(patient: Patient, due: list[TaskFinding]) -> None:
    reconcile_tasks(patient, due, list(tasks_of_the_rules().filter(patient=patient)))


def stored(place: Place) -> list[tuple[str, str, date, str]]:
    rows = Task.objects.filter(patient=place.patient, by_rules=True).order_by("pk")
    return [(task.kind, task.subject, task.due_on, task.state) for task in rows]


class TestSettling:
    def test_what_is_due_is_planned_once(self, place: Place, today: date) -> None:
        for _again in range(2):
            settle_now(place.patient, [work(today), work(today, "control", "week 4")])
        assert stored(place) == [
            ("level_due", "", today, "open"),
            ("control", "week 4", today, "open"),
        ]

    def test_it_moves_with_the_facts_and_keeps_its_row(self, place: Place, today: date) -> None:
        settle_now(place.patient, [work(today)])
        later = today + timedelta(days=7)
        settle_now(place.patient, [work(later, words="A level, and creatinine")])
        task = Task.objects.get(patient=place.patient, by_rules=True)
        assert (task.due_on, task.overdue_from) == (later, later + timedelta(days=14))
        assert task.sentence["text"] == "A level, and creatinine"

    def test_nothing_is_written_when_nothing_changed(self, place: Place, today: date) -> None:
        settle_now(place.patient, [work(today)])
        settle_now(place.patient, [work(today)])
        assert Task.history.filter(patient=place.patient).count() == 1

    def test_it_is_settled_when_the_facts_no_longer_ask(self, place: Place, today: date) -> None:
        settle_now(place.patient, [work(today)])
        settle_now(place.patient, [])
        task = Task.objects.get(patient=place.patient)
        assert (task.state, task.closed_by) == ("settled", None)
        assert task.closed_at is not None

    def test_a_settled_matter_that_comes_back_is_a_new_task(self, place: Place, today: date) -> None:
        for due in ([work(today)], [], [work(today)]):
            settle_now(place.patient, due)
        assert [row[3] for row in stored(place)] == ["settled", "open"]

    def test_two_open_tasks_of_one_matter_are_impossible(self, place: Place, today: date) -> None:
        planned(place.patient, work(today)).save()
        with pytest.raises(IntegrityError, match=r"(?i)unique"):
            planned(place.patient, work(today + timedelta(days=1))).save()


class TestCancelling:
    def test_what_is_not_needed_does_not_come_back_for_the_same_day(self, place: Place, today: date) -> None:
        settle_now(place.patient, [work(today)])
        cancel_task(task=Task.objects.get(), by=place.doctor, comment="drawn elsewhere")
        settle_now(place.patient, [work(today)])
        assert [row[3] for row in stored(place)] == ["cancelled"]

    def test_the_next_one_comes(self, place: Place, today: date) -> None:
        settle_now(place.patient, [work(today)])
        cancel_task(task=Task.objects.get(), by=place.doctor, comment="drawn elsewhere")
        settle_now(place.patient, [work(today + timedelta(days=28))])
        assert [row[3] for row in stored(place)] == ["cancelled", "open"]

    def test_the_work_of_the_rules_is_not_ticked_off(self, place: Place, today: date) -> None:
        """Recording the fact does that; a tick without a level would hide that there is none."""
        settle_now(place.patient, [work(today)])
        with pytest.raises(ValidationError, match="record"):
            complete_task(task=Task.objects.get(), by=place.doctor)


class TestCheck:
    def test_a_lost_task_and_a_wrong_day_are_found(
        self, place: Place, today: date, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watching, "PLANNERS", (lambda _case: (work(today),),))
        assert differences() == [f"patient {place.patient.pk}: task level_due is not what the facts say"]
        settle_now(place.patient, [work(today + timedelta(days=1))])
        assert differences() == [f"patient {place.patient.pk}: task level_due is not what the facts say"]
        settle_now(place.patient, [work(today)])
        assert differences() == []

    def test_what_was_cancelled_is_not_missed(
        self, place: Place, today: date, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watching, "PLANNERS", (lambda _case: (work(today),),))
        settle_now(place.patient, [work(today)])
        cancel_task(task=Task.objects.get(), by=place.doctor, comment="drawn elsewhere")
        assert differences() == []


def test_two_matters_of_one_rule_and_subject_are_an_error(
    place: Place, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PLANNERS", (lambda _case: (work(today), work(today)),))
    with pytest.raises(ValueError, match="level_due"):
        differences()
