"""A decision about tacrolimus made in error: what it wrote is put back, and it stays in the history."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from demo.samples import base
from dosing.assessment.assess import assess_patient
from dosing.assessment.nightly import differences
from dosing.decisions.course import TreatmentPhase, treatment_status
from dosing.decisions.undo import take_back
from dosing.models import Decision, DecisionKind, TacrolimusCourse, Task
from patients.models import DoseEpisode
from patients.rules.record import Episode
from patients.services import writing
from patients.services.drugs import end_episode
from tests.dosing.courses import (
    BECAUSE,
    NOW,
    START,
    TODAY,
    change,
    day,
    doses,
    on_3_mg,
    paused,
    resumed,
    stopped,
)
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return on_3_mg()


def back(place: Place, decision: Decision, reason: str = "typed for another patient") -> Decision:
    decision.refresh_from_db()
    return take_back(decision=decision, reason=reason, by=place.doctor)


def courses(place: Place) -> list[tuple[object, object, str]]:
    rows = TacrolimusCourse.objects.active().filter(patient=place.patient).order_by("started_on", "pk")
    return [(row.started_on, row.ended_on, row.end_reason_code) for row in rows]


RUNS = [(START, None, "")]


def after_a_pause(decide: Callable[[Place], Decision]) -> Callable[[Place], Decision]:
    def made(place: Place) -> Decision:
        paused(place, day(8))
        return decide(place)

    return made


@pytest.mark.parametrize(
    ("decide", "phase", "left"),
    [
        (lambda p: change(p, "2", day(2)), TreatmentPhase.TAKEN, [("3", START, None)]),
        (lambda p: paused(p, day(2)), TreatmentPhase.TAKEN, [("3", START, None)]),
        (lambda p: stopped(p, day(2)), TreatmentPhase.TAKEN, [("3", START, None)]),
        (after_a_pause(lambda p: resumed(p, day(3), "2")), TreatmentPhase.PAUSED, [("3", START, day(8))]),
        (after_a_pause(lambda p: stopped(p, None)), TreatmentPhase.PAUSED, [("3", START, day(8))]),
        (after_a_pause(lambda p: stopped(p, None, BECAUSE)), TreatmentPhase.PAUSED, [("3", START, day(8))]),
    ],
    ids=["change", "pause", "stop", "resume", "stop in a pause", "stop in a pause for the same reason"],
)
def test_doses_and_course_are_as_before(
    place: Place, decide: Callable[[Place], Decision], phase: TreatmentPhase, left: list[tuple[object, ...]]
) -> None:
    decision = decide(place)
    voided = back(place, decision)
    assert (voided.is_voided, voided.void_reason) == (True, "typed for another patient")
    assert doses(place) == left
    assert courses(place) == RUNS
    assert treatment_status(place.patient).phase is phase
    assert list(differences()) == []


def test_the_dose_can_be_ordered_again_on_the_same_day(place: Place) -> None:
    """What brought this about: 2 mg typed for 1 mg, seen a minute later."""
    back(place, change(place, "2"))
    change(place, "1")
    assert doses(place) == [("3", START, day(1)), ("1", TODAY, None)]


def test_a_planned_stop_comes_back(place: Place) -> None:
    row = DoseEpisode.objects.get(patient=place.patient, drug="tacrolimus")
    planned = TODAY + timedelta(days=20)
    end_episode(episode=row, last_day=planned, reason="trial", by=place.doctor, expected_version=row.version)
    for decide in (lambda: change(place, "2"), lambda: paused(place, day(1)), lambda: stopped(place, day(1))):
        back(place, decide())
        assert doses(place) == [("3", START, planned)]


def test_a_start_in_error_leaves_no_treatment(place: Place) -> None:
    decision = Decision.objects.get(kind=DecisionKind.START)
    back(place, decision)
    assert (doses(place), courses(place)) == ([], [])
    assert assess_patient(place.patient).assessment.applicable
    assert not Task.objects.filter(patient=place.patient, state="open", kind__in=("obligation", "control"))


def test_work_of_nobody_s_decision_is_left(place: Place) -> None:
    """A control that the patient needs whatever was decided stays open."""
    task = Task.objects.filter(patient=place.patient, state="open").first()
    assert task is not None
    task.pk, task.decision, task.by_rules = None, None, False
    task.save()
    back(place, Decision.objects.get(kind=DecisionKind.START))
    task.refresh_from_db()
    assert task.state == "open"


@pytest.mark.parametrize("end", [paused, stopped])
def test_another_course_goes_and_the_one_before_is_as_it_was(
    place: Place, end: Callable[..., Decision]
) -> None:
    end(place, day(33))
    before = courses(place)
    again = resumed(place)
    assert len(courses(place)) == 2
    back(place, again)
    assert courses(place) == before
    assert doses(place) == [("3", START, day(33))]


def test_a_treatment_of_the_drug_list_is_one_again() -> None:
    taken = base.with_episodes(base.base_record(TODAY), Episode(0, "tacrolimus", START, Decimal(3)))
    listed = make_place("Shibuya", taken)
    for decide in (lambda: change(listed, "2"), lambda: stopped(listed, day(1))):
        back(listed, decide())
        assert (doses(listed), courses(listed)) == ([("3", START, None)], [])


def test_only_the_last_one(place: Place) -> None:
    first = change(place, "2", day(9))
    second = change(place, "1", day(2))
    with pytest.raises(ValidationError, match="Only the last decision"):
        back(place, first)
    back(place, second)
    back(place, first)
    assert doses(place) == [("3", START, None)]


def test_not_over_doses_that_somebody_changed_since(place: Place) -> None:
    decision = change(place, "2", day(5))
    row = DoseEpisode.objects.get(patient=place.patient, start=day(5))
    end_episode(episode=row, last_day=day(3), reason="x", by=place.doctor, expected_version=row.version)
    later = DoseEpisode(patient=place.patient, drug="tacrolimus", dose_mg=1, start=day(2))
    writing.insert(later, by=place.doctor)
    with pytest.raises(ValidationError, match="changed since"):
        back(place, decision)
    assert not Decision.objects.get(pk=decision.pk).is_voided


def test_not_without_a_reason_and_not_twice(place: Place) -> None:
    decision = change(place, "2")
    with pytest.raises(ValidationError, match="Say why"):
        back(place, decision, " ")
    back(place, decision)
    with pytest.raises(ValidationError):
        back(place, decision)


class TestPage:
    def test_from_the_page_of_the_decision(self, place: Place) -> None:
        decision = change(place, "2")
        client = place.client(place.doctor)
        page = reverse("dosing:decision", args=[place.patient.pk, decision.pk])
        address = reverse("dosing:take_back", args=[place.patient.pk, decision.pk])
        assert address in client.get(page).content.decode()
        client.post(address, {"reason": "typed 2 for 1"})
        assert doses(place) == [("3", START, None)]
        shown = client.get(page).content.decode()
        assert "typed 2 for 1" in shown
        assert address not in shown

    def test_only_the_last_decision_offers_it(self, place: Place) -> None:
        start = Decision.objects.get(kind=DecisionKind.START)
        change(place, "2")
        page = place.client(place.doctor).get(reverse("dosing:decision", args=[place.patient.pk, start.pk]))
        assert "take-back" not in page.content.decode()

    def test_a_nurse_may_not(self, place: Place) -> None:
        decision = change(place, "2")
        client = place.client(place.nurse)
        page = client.get(reverse("dosing:decision", args=[place.patient.pk, decision.pk]))
        assert "take-back" not in page.content.decode()
        address = reverse("dosing:take_back", args=[place.patient.pk, decision.pk])
        assert client.post(address, {"reason": "x"}).status_code == 403
        assert len(doses(place)) == 2

    def test_what_cannot_be_is_said(self, place: Place) -> None:
        decision = change(place, "2")
        address = reverse("dosing:take_back", args=[place.patient.pk, decision.pk])
        answer = place.client(place.doctor).post(address, {"reason": ""}, follow=True)
        assert "Say why this was entered in error." in answer.content.decode()
        assert len(doses(place)) == 2
