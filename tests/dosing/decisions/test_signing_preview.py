"""The verdict if a visit that is being typed were signed: the same as signing it, with nothing stored."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.clock import local_today
from demo.samples import base
from dosing.assessment.assess import assess_patient
from dosing.decisions.signing_preview import if_signed
from dosing.models import PatientStatus
from patients.forms.visit import VisitForm, initial_of, visit_as_typed
from patients.models import DoseEpisode, Visit
from patients.rules.answers import Answer
from patients.services.drugs import start_episode
from patients.services.visits import open_visit, sign_visit
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@made_once
def place() -> Place:
    return make_place(record=base.base_record(date.today()))


def answers(place: Place, **typed: str) -> dict[str, str]:
    """A visit of today: nothing wrong anywhere, but for what is given."""
    last = Visit.objects.signed().filter(patient=place.patient).latest("on")
    fields = VisitForm(None).fields
    sent = {name: fields[name].prepare_value(value) for name, value in initial_of(last, VisitForm).items()}
    all_sent = {**sent, "on": local_today(place.clinic).isoformat(), **typed}
    return {name: str(value) for name, value in all_sent.items() if value not in (None, False)}


def typed_visit(place: Place, sent: dict[str, str]) -> Visit:
    return visit_as_typed(place.patient, VisitForm(None, sent))


RASH = {"rash_severity": "2", "rash_attribution": "yes", "sledai_rash": "yes"}


def test_says_what_signing_then_says(place: Place) -> None:
    sent = answers(place, **RASH)
    found = if_signed(place.patient, typed_visit(place, sent))
    assert found.now.assessment.criteria["C6"].answer is Answer.NOT_MET
    assert [change.criterion for change in found.changes] == ["C6"]
    form = VisitForm(None, sent)
    assert form.is_valid(), form.errors
    values = form.values()
    visit = open_visit(patient=place.patient, on=values.pop("on"), values=values, by=place.doctor)
    sign_visit(visit=visit, by=place.doctor, expected_version=1)
    signed = assess_patient(place.patient).assessment
    assert {key: verdict.answer for key, verdict in signed.criteria.items()} == {
        key: verdict.answer for key, verdict in found.then.assessment.criteria.items()
    }


def test_what_stands_against_either_way_is_said_beside_what_changes(place: Place) -> None:
    """Methotrexate goes on with or without the visit; its rash changes C6 only."""
    start = local_today(place.clinic) - timedelta(days=200)
    taken = DoseEpisode(patient=place.patient, drug="methotrexate", dose_mg=8, schedule="weekly", start=start)
    start_episode(episode=taken, by=place.doctor)
    found = if_signed(place.patient, typed_visit(place, answers(place, **RASH)))
    assert [change.criterion for change in found.changes] == ["C6"]
    assert [row.id for row in found.still_against] == ["C4c"]


def test_nothing_is_stored(place: Place) -> None:
    before = (Visit.objects.count(), PatientStatus.objects.get(patient=place.patient).judged_at)
    if_signed(place.patient, typed_visit(place, answers(place, **RASH)))
    assert (Visit.objects.count(), PatientStatus.objects.get(patient=place.patient).judged_at) == before


def test_the_visit_that_is_amended_does_not_count_beside_itself(place: Place) -> None:
    visit = Visit.objects.signed().filter(patient=place.patient).latest("on")
    typed = typed_visit(place, {**answers(place, **RASH), "on": visit.on.isoformat()})
    found = if_signed(place.patient, typed, replaced=visit.pk)
    assert len(found.then.record.visits) == len(found.now.record.visits)
    assert [change.criterion for change in found.changes] == ["C6"]


@pytest.mark.parametrize("unreadable", [{"on": "soon"}, {"weight_kg": "5o"}, {"rash_severity": "9"}, {}])
def test_what_cannot_be_read_is_not_assessed_and_named(place: Place, unreadable: dict[str, str]) -> None:
    address = reverse("dosing:if_signed", args=[place.patient.pk])
    answer = place.client(place.doctor).post(address, {**answers(place), **unreadable})
    assert answer.status_code == 200
    labels = [str(VisitForm(None).fields[name].label) for name in unreadable]
    assert answer.context["unreadable"] == labels
    for label in labels:
        assert label in answer.content.decode()


def test_a_nurse_does_not_sign_and_is_not_asked(place: Place) -> None:
    address = reverse("dosing:if_signed", args=[place.patient.pk])
    assert place.client(place.nurse).post(address, answers(place)).status_code == 403
    assert place.client(place.doctor).get(address).status_code == 405


def test_a_day_in_the_future_does_not_count(place: Place) -> None:
    later = (local_today(place.clinic) + timedelta(days=3)).isoformat()
    found = if_signed(place.patient, typed_visit(place, answers(place, on=later, **RASH)))
    assert found.changes == []
