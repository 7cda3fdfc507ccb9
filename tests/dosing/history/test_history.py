"""Decisions, alerts and planned work as sentences of the history."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import local_today
from dosing.alerts.services import acknowledge, override, reopen
from dosing.alerts.task_services import cancel_task, complete_task
from dosing.decisions.services import decide_not_now, decide_not_suitable
from dosing.history.kinds import KINDS
from dosing.models import Alert, Decision, Task
from patients.history import HistoryEntry, Wanted, history_page
from patients.models import Visit
from patients.rules.verdict import say
from patients.rules.verdict_json import message_to_json
from patients.services import visits, writing
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def told(place: Place, kind: str) -> list[HistoryEntry]:
    return list(history_page(place.patient, KINDS.values(), Wanted(kind=kind), None).object_list)


def plan(place: Place, today: date, words: str) -> Task:
    task = Task(
        patient=place.patient,
        clinic=place.clinic,
        kind="control",
        sentence=message_to_json(say(words)),
        due_on=today,
        overdue_from=today + timedelta(days=1),
    )
    task._history_user = place.doctor
    task.save()
    return task


def put_off(place: Place, today: date) -> Decision:
    return decide_not_now(
        patient=place.patient,
        by=place.doctor,
        reason_code="other",
        reason_text="moving house",
        snooze_until=today + timedelta(days=60),
        fingerprint=None,
    )


def day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


class TestAlerts:
    def test_raised_by_the_rules_whoever_wrote_the_facts(self, place: Place) -> None:
        (raised,) = told(place, "alert")
        assert raised.sentence.startswith(
            "The rules raised the alert “Criteria for adding tacrolimus are met: Rash"
        )

    def test_acknowledged_by_a_person(self, place: Place) -> None:
        acknowledge(alert=Alert.objects.get(patient=place.patient), by=place.doctor)
        seen = told(place, "alert")[0]
        assert seen.by == place.doctor.username and seen.pattern == "{who} acknowledged the alert {what}"
        assert seen.changes == ()

    def test_taken_back_by_a_person(self, place: Place) -> None:
        acknowledge(alert=Alert.objects.get(patient=place.patient), by=place.doctor)
        reopen(alert=Alert.objects.get(patient=place.patient), by=place.doctor)
        back = told(place, "alert")[0]
        assert (back.by, back.pattern) == (place.doctor.username, "{who} reopened the alert {what}")

    def test_overridden_with_a_reason_of_its_own(self, place: Place) -> None:
        alert = Alert.objects.get(patient=place.patient)
        override(alert=alert, code="known_and_accepted", comment="seen in March", by=place.doctor)
        changes = {row.label: row.new for row in told(place, "alert")[0].changes}
        assert changes == {"reason": "Known and accepted", "comment": "seen in March"}

    def test_put_aside_by_a_decision_until_its_day(self, place: Place, today: date) -> None:
        put_off(place, today)
        aside = told(place, "alert")[0]
        assert aside.by == place.doctor.username and "put aside" in aside.sentence
        assert [(row.label, row.new) for row in aside.changes] == [
            ("snoozed until", day(today + timedelta(days=60))),
            ("comment", "moving house"),
        ]

    def test_overridden_with_the_reason_in_words(self, place: Place) -> None:
        decide_not_suitable(
            patient=place.patient,
            by=place.doctor,
            reason_code="patient_declines",
            reason_text="",
            fingerprint=None,
        )
        overridden = told(place, "alert")[0]
        assert "overrode the alert" in overridden.sentence
        assert [(row.label, row.old, row.new) for row in overridden.changes] == [
            ("reason", "none", "The patient declines tacrolimus")
        ]

    def test_settled_by_the_rules(self, place: Place) -> None:
        visit = Visit.objects.filter(patient=place.patient).latest("on")
        values = {"sledai_rash": False, "rash_severity": 0, "rash_worse": False}
        visits.amend_visit(
            visit=visit, values=values, reason="misread", by=place.doctor, expected_version=visit.version
        )
        settled = next(entry for entry in told(place, "alert") if "settled" in entry.sentence)
        assert settled.by == "The rules"


class TestDecisions:
    def test_the_decision_with_its_reason_and_day(self, place: Place, today: date) -> None:
        put_off(place, today)
        (entry,) = told(place, "decision")
        assert entry.sentence == f"{place.doctor.username} entered the decision “Not now” of {day(today)}"
        assert {line.label: line.value for line in entry.first} == {
            "reason": "Another reason (say which)",
            "reason in words": "moving house",
            "ask again on": day(today + timedelta(days=60)),
        }

    def test_entered_in_error_stays_to_be_read(self, place: Place, today: date) -> None:
        writing.void(put_off(place, today), by=place.doctor, reason="wrong patient")
        voided, first = told(place, "decision")
        assert voided.sentence.endswith("as entered in error") and voided.reason == "wrong patient"
        assert first.voided_because == "wrong patient"


class TestTasks:
    def test_planned_done_and_cancelled(self, place: Place, today: date) -> None:
        complete_task(task=plan(place, today, "Measure the level"), by=place.nurse)
        cancel_task(task=plan(place, today, "Repeat C3"), by=place.doctor, comment="done elsewhere")
        doctor, nurse = place.doctor.username, place.nurse.username
        assert [entry.sentence for entry in told(place, "task")] == [
            f"{doctor} cancelled, because no longer needed: “Repeat C3”",
            f"{doctor} planned “Repeat C3”",
            f"{nurse} marked as done “Measure the level”",
            f"{doctor} planned “Measure the level”",
        ]


class TestFragment:
    def text(self, client: Client, place: Place, **asked: object) -> str:
        address = reverse("dosing:history", args=[place.patient.pk])
        answer = client.get(address, {key: str(value) for key, value in asked.items()})
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))

    def test_it_tells_all_kinds_the_newest_first(self, doctor: Client, place: Place, today: date) -> None:
        put_off(place, today)
        plan(place, today, "Measure the level")
        page = self.text(doctor, place)
        assert page.index("planned") < page.index("put aside") < page.index("raised the alert")

    def test_it_takes_the_filters_of_the_page_around_it(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        put_off(place, today)
        assert "Nothing was decided or raised" in self.text(doctor, place, person=place.nurse.pk)
        assert "Nothing was decided or raised" in self.text(doctor, place, until=today - timedelta(days=1))
        assert "decision “Not now”" in self.text(doctor, place, since=today, person=place.doctor.pk)

    def test_pages_are_loaded_in_place(self, doctor: Client, place: Place, today: date) -> None:
        for number in range(45):
            plan(place, today, f"Work {number}.")
        answer = doctor.get(reverse("dosing:history", args=[place.patient.pk])).content.decode()
        assert "Page 1 of 2" in answer and 'hx-target="closest section"' in answer
        assert "Work 0." in self.text(doctor, place, page=2)

    def test_a_long_history_costs_no_more_queries(self, doctor: Client, place: Place, today: date) -> None:
        put_off(place, today)
        plan(place, today, "Measure the level")

        def count() -> int:
            self.text(doctor, place)
            with CaptureQueriesContext(connection) as seen:
                self.text(doctor, place)
            return len(seen)

        few = count()
        for number in range(20):
            complete_task(task=plan(place, today, f"Work {number}."), by=place.nurse)
        assert count() <= few
