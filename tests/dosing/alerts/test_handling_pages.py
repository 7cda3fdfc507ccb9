"""Handling alerts and planned work: in place with HTMX, and by pages without JavaScript."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from dosing.alerts.services import acknowledge, display_fingerprint
from dosing.models import Alert, Task
from patients.models import RecordView
from patients.rules.verdict import say
from patients.rules.verdict_json import message_to_json
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ACT_NOW = 3


@made_once
def place() -> Place:
    return make_place("Handling")


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def alert(place: Place) -> Alert:
    return Alert.objects.get(patient=place.patient)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


@pytest.fixture
def task(place: Place, today: date) -> Task:
    return planned(place, today, by_rules=False)


def planned(place: Place, day: date, *, by_rules: bool, kind: str = "control") -> Task:
    return Task.objects.create(
        patient=place.patient,
        clinic=place.clinic,
        by_rules=by_rules,
        kind=kind,
        sentence=message_to_json(say("Week 4 control: creatinine")),
        due_on=day,
        overdue_from=day + timedelta(days=14),
    )


def address(name: str, row: Alert | Task) -> str:
    return reverse(f"dosing:{name}", args=[row.patient_id, row.pk])


def send(client: Client, name: str, alert: Alert, *, htmx: bool = True, **typed: str) -> HttpResponse:
    data = {"seen": display_fingerprint(Alert.objects.get(pk=alert.pk)), **typed}
    return client.post(address(name, alert), data, headers=HTMX if htmx else {})


def words(answer: HttpResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


class TestInPlace:
    def test_acknowledged_in_its_row_with_the_counts_of_the_lists(self, doctor: Client, alert: Alert) -> None:
        answer = send(doctor, "acknowledge", alert, place="worklist", show="now")
        assert Alert.objects.get().state == "acknowledged"
        assert "It stays on the patient's page until it is settled" in words(answer)
        assert "Take back" in words(answer)
        assert 'hx-swap-oob="true"' in answer.content.decode()
        assert "Needs you now (0)" in words(answer) and "Acknowledged (1)" in words(answer)
        assert '<a href="?show=now" aria-current="page">' in on_one_line(answer.content.decode())
        assert answer["HX-Trigger"] == "matter-handled"

    def test_on_the_patients_page_without_the_lists(self, doctor: Client, alert: Alert) -> None:
        answer = send(doctor, "acknowledge", alert, place="patient")
        assert "hx-swap-oob" not in answer.content.decode()

    def test_the_forms_open_in_the_row_and_close_again(self, doctor: Client, alert: Alert) -> None:
        opened = doctor.get(address("alert", alert), {"place": "worklist"}, headers=HTMX)
        assert opened.content.decode().lstrip().startswith("<li")
        assert f'id="id_worklist_{alert.pk}_until"' in opened.content.decode()
        closed = doctor.get(address("alert", alert), {"place": "worklist", "closed": "1"}, headers=HTMX)
        assert "_until" not in closed.content.decode()

    def test_nothing_is_preselected(self, doctor: Client, alert: Alert) -> None:
        opened = doctor.get(address("alert", alert), headers=HTMX)
        assert opened.context["override_form"]["code"].value() is None
        assert opened.context["snooze_form"]["until"].value() is None

    def test_act_now_offers_no_day(self, doctor: Client, alert: Alert) -> None:
        Alert.objects.update(severity=ACT_NOW)
        opened = doctor.get(address("alert", alert), headers=HTMX)
        assert "snooze_form" not in opened.context
        refused = send(doctor, "snooze", alert, until="2099-01-01")
        assert "cannot be snoozed" in words(refused)
        assert Alert.objects.get().state == "open"

    def test_snoozed_until_its_day(self, doctor: Client, alert: Alert, today: date) -> None:
        until = today + timedelta(days=9)
        answer = send(doctor, "snooze", alert, until=until.isoformat())
        assert f"put aside until {until.day} {until:%b %Y}" in words(answer)
        assert Alert.objects.get().snoozed_until == until

    @pytest.mark.parametrize("typed", ["", "tomorrow", "2020-01-01", "2099-01-01"])
    def test_a_day_that_cannot_be_stays_in_the_row(self, doctor: Client, alert: Alert, typed: str) -> None:
        answer = send(doctor, "snooze", alert, until=typed)
        assert answer.context["snooze_form"].errors["until"]
        assert f'value="{typed}"' in answer.content.decode() or not typed
        assert Alert.objects.get().state == "open"

    def test_overridden_with_a_reason(self, doctor: Client, alert: Alert) -> None:
        answer = send(doctor, "override", alert, code="not_relevant", comment="lives abroad")
        assert "Not relevant for this patient: lives abroad" in words(answer)
        assert Alert.objects.get().override_code == "not_relevant"

    def test_another_reason_says_which_and_nothing_typed_is_lost(
        self, doctor: Client, alert: Alert, today: date
    ) -> None:
        answer = send(doctor, "override", alert, code="other", comment="")
        assert answer.context["override_form"].errors["comment"] == ["Say which reason."]
        assert answer.context["override_form"]["code"].value() == "other"

    def test_taken_back(self, doctor: Client, alert: Alert, place: Place) -> None:
        acknowledge(alert=alert, by=place.doctor)
        answer = send(doctor, "reopen", alert)
        assert "open again" in words(answer)
        assert Alert.objects.get().state == "open"

    def test_a_closed_alert_says_that_it_is(self, doctor: Client, alert: Alert) -> None:
        Alert.objects.update(state="resolved")
        answer = send(doctor, "acknowledge", alert)
        assert "closed already: the facts settled it" in words(answer)
        assert "button" not in answer.content.decode()

    def test_what_changed_meanwhile_is_shown_and_can_then_be_handled(
        self, doctor: Client, alert: Alert
    ) -> None:
        before = display_fingerprint(alert)
        Alert.objects.update(severity=ACT_NOW)
        refused = send(doctor, "override", alert, seen=before, code="known_and_accepted", comment="seen")
        assert "changed since you opened the page" in words(refused)
        assert Alert.objects.get().state == "open"
        carried = refused.context["override_form"]["seen"].value()
        send(doctor, "override", alert, seen=carried, code="known_and_accepted", comment="seen")
        assert Alert.objects.get().state == "overridden"

    def test_what_does_not_say_what_was_seen_does_nothing(self, doctor: Client, alert: Alert) -> None:
        answer = doctor.post(address("acknowledge", alert), headers=HTMX)
        assert "Nothing was done; try again" in words(answer)
        assert Alert.objects.get().state == "open"


class TestWithoutJavaScript:
    def test_back_to_the_list_with_a_message(self, doctor: Client, alert: Alert) -> None:
        back = reverse("dosing:worklist") + "?show=this_visit"
        answer = send(doctor, "acknowledge", alert, htmx=False, back=back)
        assert (answer.status_code, answer["Location"]) == (302, back)
        assert "Acknowledged. It stays" in words(doctor.get(back))

    @pytest.mark.parametrize("back", ["", "https://elsewhere.example/", "//elsewhere.example/"])
    def test_never_to_another_site(self, doctor: Client, alert: Alert, place: Place, back: str) -> None:
        answer = send(doctor, "acknowledge", alert, htmx=False, back=back)
        assert answer["Location"] == reverse("patients:page", args=[place.patient.pk])

    def test_the_forms_are_a_page(self, doctor: Client, alert: Alert, place: Place) -> None:
        answer = doctor.get(address("alert", alert))
        assert "<h1>" in answer.content.decode() and "Test Person" in words(answer)
        assert "Override because" in words(answer)

    def test_an_error_stands_on_that_page(self, doctor: Client, alert: Alert) -> None:
        answer = send(doctor, "override", alert, htmx=False, code="")
        assert answer.status_code == 200 and "<h1>" in answer.content.decode()
        assert answer.context["override_form"].errors["code"]

    def test_the_view_of_the_record_is_logged(self, doctor: Client, alert: Alert) -> None:
        doctor.get(address("alert", alert))
        assert RecordView.objects.get().page == "dosing:alert"


class TestWho:
    @pytest.mark.parametrize("verb", ["acknowledge", "snooze", "override", "reopen"])
    def test_a_nurse_handles_no_alert(self, place: Place, alert: Alert, verb: str) -> None:
        answer = send(place.client(place.nurse), verb, alert)
        assert answer.status_code == 403
        assert Alert.objects.get().state == "open"

    def test_an_alert_of_another_patient_is_not_there(self, place: Place, doctor: Client) -> None:
        other = Alert.objects.get(patient=make_place("Other").patient)
        mixed = reverse("dosing:acknowledge", args=[place.patient.pk, other.pk])
        assert doctor.post(mixed).status_code == 404

    def test_a_form_typed_by_another_is_not_taken(self, place: Place, doctor: Client, alert: Alert) -> None:
        answer = send(doctor, "acknowledge", alert, typed_by=str(place.nurse.pk))
        assert answer.status_code == 409
        assert Alert.objects.get().state == "open"


class TestPlannedWork:
    def test_what_a_decision_planned_is_ticked_off(self, place: Place, task: Task) -> None:
        nurse = place.client(place.nurse)
        answer = nurse.post(address("complete_task", task), {"place": "worklist"}, headers=HTMX)
        assert "Done." in words(answer) and "Planned work (0)" in words(answer)
        assert Task.objects.get(pk=task.pk).state == "done"

    def test_twice_is_said(self, doctor: Client, task: Task) -> None:
        for _twice in range(2):
            answer = doctor.post(address("complete_task", task), headers=HTMX)
        assert "already closed" in words(answer)

    def test_what_the_rules_planned_has_no_done_but_the_form(
        self, place: Place, doctor: Client, today: date
    ) -> None:
        work = planned(place, today, by_rules=True)
        row = doctor.get(address("task", work), {"closed": "1"}, headers=HTMX)
        assert "Enter the results" in words(row) and "Done" not in words(row)
        assert reverse("patients:new_laboratory", args=[place.patient.pk]) in row.content.decode()
        refused = doctor.post(address("complete_task", work), headers=HTMX)
        assert "done by recording it" in words(refused)
        assert Task.objects.get(pk=work.pk).state == "open"

    @pytest.mark.parametrize(
        ("why", "state"), [("", "open"), ("  ", "open"), ("drawn elsewhere", "cancelled")]
    )
    def test_not_needed_asks_why(self, place: Place, task: Task, why: str, state: str) -> None:
        nurse = place.client(place.nurse)
        answer = nurse.post(address("cancel_task", task), {"comment": why}, headers=HTMX)
        found = Task.objects.get(pk=task.pk)
        assert (found.state, found.comment) == (state, why.strip())
        assert ("It comes back with its next due day" in words(answer)) is (state == "cancelled")

    def test_without_javascript(self, doctor: Client, task: Task, place: Place) -> None:
        page = doctor.get(address("task", task))
        assert "Why is it not needed?" in words(page)
        answer = doctor.post(address("cancel_task", task), {"comment": "moved away"})
        assert answer["Location"] == reverse("patients:page", args=[place.patient.pk])


class TestPanel:
    def test_what_is_open_comes_first_and_says_who_did_what(
        self, place: Place, doctor: Client, alert: Alert, today: date
    ) -> None:
        acknowledge(alert=alert, by=place.doctor)
        says = {**alert.current_verdict, "sentence": message_to_json(say("Potassium"))}
        Alert.objects.create(
            patient=place.patient, clinic=place.clinic, rule="potassium", severity=1, raised_on=today,
            raised_verdict=says, current_verdict=says,
        )  # fmt: skip
        panel = doctor.get(reverse("dosing:matters", args=[place.patient.pk]))
        assert [row.rule for row in panel.context["alerts"]] == ["potassium", alert.rule]
        assert f"acknowledged by {place.doctor.username}" in words(panel)

    def test_a_nurse_reads_and_is_offered_nothing(self, place: Place, alert: Alert) -> None:
        panel = place.client(place.nurse).get(reverse("dosing:matters", args=[place.patient.pk]))
        assert "Criteria for adding tacrolimus are met" in words(panel)
        assert "Acknowledge" not in words(panel) and "Override" not in words(panel)
