"""The pages of the taper: what they show, what they keep when refused, and that nothing is preselected."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dosing.models import StepKind, TaperPlan, TaperReason, TaperStep, Task
from dosing.taper.step_services import StepOrder
from tests.dosing.taper.test_taper import BECAUSE, NOW, TODAY, day, decide, doses, plan, record
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
TABLE = {
    "above_20_step_mg": "5", "above_20_days": "14", "above_10_step_mg": "2.5", "above_10_days": "28",
    "above_5_step_mg": "1", "above_5_days": "28", "up_to_5_step_mg": "0.5", "up_to_5_days": "28",
}  # fmt: skip
PLAN = {"start_on": day(30).isoformat(), "goal_mg": "5", "method": "bands", "clamp_to_band": "on", **TABLE}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return make_place("Taper", record())


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def text(answer: Any) -> str:
    return on_one_line(answer.content.decode())


def panel(place: Place, client: Client) -> str:
    return text(client.get(reverse("dosing:taper_panel", args=[place.patient.pk])))


def plan_page(place: Place) -> str:
    return reverse("dosing:plan_taper", args=[place.patient.pk])


def step_page(place: Place) -> str:
    return reverse("dosing:taper_step", args=[place.patient.pk, TaperPlan.objects.latest("pk").pk])


def send_step(client: Client, place: Place, **typed: str) -> Any:
    shown = client.get(step_page(place)).context["now"].fingerprint()
    return client.post(step_page(place), {"fingerprint": shown, "submission": str(uuid4()), **typed})


class TestPanel:
    def test_without_a_plan_it_says_the_dose_and_offers_one(self, place: Place, doctor: Client) -> None:
        page = panel(place, doctor)
        assert "10 <span" in page
        assert "No taper is planned" in page
        assert plan_page(place) in page

    def test_the_next_step_with_its_reasons(self, place: Place, doctor: Client) -> None:
        plan(place)
        page = panel(place, doctor)
        assert "Go: 9 mg" in page
        assert "Next step: 9 mg from 20 Nov 2026 (current 10 mg since 11 Oct 2026, 40 days)" in page
        assert "More than 12.5 mg, the dose before tacrolimus" in page
        assert step_page(place) in page

    def test_planned_against_taken_and_the_targets(self, place: Place, doctor: Client) -> None:
        """The step was possible on 8 Nov, twelve days ago: 28 days after 11 Oct."""
        plan(place)
        page = panel(place, doctor)
        assert "8 Nov 2026" in page
        assert "<td>not yet</td><td>12</td>" in page
        for word in ("LLDAS", "DORIS", "E1", "E2", "E3", "Responder", "of prednisolone in 100 days"):
            assert word in page

    def test_what_was_decided_stays_in_sight(self, place: Place, doctor: Client) -> None:
        plan(place)
        decide(place, StepOrder(StepKind.HOLD, why=BECAUSE))
        page = panel(place, doctor)
        assert "My clinical judgement (seen with the patient)" in page
        assert str(place.doctor) in page

    def test_a_nurse_sees_it_and_decides_nothing(self, place: Place) -> None:
        plan(place)
        page = panel(place, place.client(place.nurse))
        assert "Go: 9 mg" in page
        assert step_page(place) not in page
        assert plan_page(place) not in page

    def test_as_many_queries_with_a_long_course_as_with_none(self, place: Place, doctor: Client) -> None:
        panel(place, doctor)
        plan(place)
        decide(place, StepOrder(StepKind.DOWN, start=day(3)))
        with CaptureQueriesContext(connection) as few:
            panel(place, doctor)
        for _more in range(4):
            decide(place, StepOrder(StepKind.HOLD, why=BECAUSE))
        with CaptureQueriesContext(connection) as many:
            panel(place, doctor)
        assert len(many) == len(few) <= 35


class TestPlanning:
    def test_the_table_is_filled_in_and_the_day_is_not(self, place: Place, doctor: Client) -> None:
        form = doctor.get(plan_page(place)).context["form"]
        assert {name: str(form[name].value()) for name in TABLE} == TABLE
        assert form["start_on"].value() is None

    def test_it_is_saved(self, place: Place, doctor: Client) -> None:
        answer = doctor.post(plan_page(place), {**PLAN, "submission": str(uuid4())}, follow=True)
        assert "The taper is planned." in text(answer)
        made = TaperPlan.objects.get()
        assert (made.start_on, made.goal_mg, made.clamp_to_band) == (day(30), 5, True)

    def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
        self, place: Place, doctor: Client
    ) -> None:
        answer = doctor.post(plan_page(place), {**PLAN, "goal_mg": "4,5"})
        assert answer.context["form"].errors.keys() == {"goal_mg"}
        answer = doctor.post(plan_page(place), {**PLAN, "goal_mg": "4"})
        assert answer.context["form"].errors.keys() == {"below_5_agreed"}
        assert answer.context["form"]["goal_mg"].value() == "4"
        assert not TaperPlan.objects.exists()


class TestDeciding:
    def test_nothing_is_chosen_beforehand(self, place: Place, doctor: Client) -> None:
        plan(place)
        form = doctor.get(step_page(place)).context["form"]
        assert not any(form[name].value() for name in ("kind", "dose_mg", "start", "reason_code"))

    def test_the_step(self, place: Place, doctor: Client) -> None:
        plan(place)
        answer = send_step(doctor, place, kind="down", start=TODAY.isoformat())
        assert answer.status_code == 302
        assert doses(place)[-1] == (9, TODAY, None)

    def test_a_hold_without_a_reason_is_refused(self, place: Place, doctor: Client) -> None:
        plan(place)
        answer = send_step(doctor, place, kind="hold")
        assert "Choose a reason." in text(answer)
        assert not TaperStep.objects.exists()

    def test_what_changed_meanwhile_is_shown_and_can_be_decided_anew(
        self, place: Place, doctor: Client
    ) -> None:
        plan(place)
        shown = doctor.get(step_page(place)).context["now"].fingerprint()
        decide(place, StepOrder(StepKind.HOLD, why=BECAUSE))
        typed = {"fingerprint": shown, "kind": "down", "start": TODAY.isoformat(), "reason_code": "doctor"}
        answer = doctor.post(step_page(place), typed)
        assert answer.status_code == 409
        assert "The facts changed since you opened this page" in text(answer)
        again = answer.context["form"]["fingerprint"].value()
        assert again != shown
        assert doctor.post(step_page(place), {**typed, "fingerprint": again}).status_code == 302

    def test_the_work_leads_to_the_form(self, place: Place, doctor: Client) -> None:
        plan(place)
        task = Task.objects.get(kind="taper_step")
        page = text(doctor.get(reverse("dosing:task", args=[place.patient.pk, task.pk])))
        assert step_page(place) in page

    def test_another_patients_plan_is_not_found(self, place: Place, doctor: Client) -> None:
        plan(place)
        other = make_place("Another", record())
        address = reverse("dosing:taper_step", args=[other.patient.pk, TaperPlan.objects.get().pk])
        assert other.client(other.doctor).get(address).status_code == 404


class TestEnding:
    def test_it_ends_and_the_dose_stays(self, place: Place, doctor: Client) -> None:
        made = plan(place)
        address = reverse("dosing:end_taper", args=[place.patient.pk, made.pk])
        typed = {"ended_on": TODAY.isoformat(), "reason_code": TaperReason.GOAL, "version": "1"}
        assert "dose stays as it is" in text(doctor.post(address, typed, follow=True))
        assert "The last plan ended on 20 Nov 2026: The goal is reached." in panel(place, doctor)

    def test_twice_is_told(self, place: Place, doctor: Client) -> None:
        made = plan(place)
        address = reverse("dosing:end_taper", args=[place.patient.pk, made.pk])
        typed = {"ended_on": TODAY.isoformat(), "reason_code": TaperReason.GOAL, "version": "1"}
        doctor.post(address, typed)
        assert "Someone changed this since you opened it" in text(doctor.post(address, typed))
