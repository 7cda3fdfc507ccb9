"""Drafts: what is typed is kept for its writer alone, found again, and gone once the form is saved."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from accounts.models import User
from patients.models import Draft, Patient, RecordView, Visit
from patients.services.visits import open_visit
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

KEY = UUID("5f8e7b1c-2f3a-4c59-9d5e-0a1b2c3d4e5f")


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


@pytest.fixture
def path(place: Place) -> str:
    return reverse("patients:new_visit", args=[place.patient.pk])


def keep(
    client: Client, user: User, path: str, key: UUID = KEY, at: int = 1000, **typed: str
) -> HttpResponse:
    """What the browser sends, with each field's one value."""
    body = {
        "user": str(user.pk),
        "path": path,
        "typed_at_ms": at,
        "fields": {name: [value] for name, value in typed.items()},
    }
    return post_json(client, key, body)


def post_json(client: Client, key: UUID, body: Any) -> HttpResponse:
    address = reverse("patients:keep_draft", args=[key])
    return client.post(address, json.dumps(body), content_type="application/json")


def resumed(client: Client, path: str, key: UUID = KEY) -> Any:
    return client.get(path, {"draft": str(key)}).context["form"]


class TestKeeping:
    def test_is_found_again_in_its_form_as_it_was_typed(
        self, doctor: Client, place: Place, path: str
    ) -> None:
        answer = keep(doctor, place.doctor, path, weight_kg="5o,", sledai_rash="yes", note="first\nsecond")
        assert answer.json() == {"kept": True, "finished": False}
        form = resumed(doctor, path)
        assert form["weight_kg"].value() == "5o,"
        assert form["sledai_rash"].value() == "yes"
        assert form["note"].value() == "first\nsecond"
        assert form["submission"].value() == str(KEY)
        page = doctor.get(path, {"draft": str(KEY)}).content.decode()
        assert 'value="5o,"' in page and "error-summary" not in page

    def test_an_emptied_field_and_an_unticked_box_stay_so(
        self, doctor: Client, place: Place, today_visit: Visit
    ) -> None:
        edit = reverse("patients:visit", args=[place.patient.pk, today_visit.pk])
        keep(doctor, place.doctor, edit, version="1", weight_kg="")
        form = resumed(doctor, edit)
        assert form["weight_kg"].value() == ""
        assert form["rash_worse"].value() is False
        assert form["version"].value() == "1"

    @pytest.fixture
    def today_visit(self, place: Place) -> Visit:
        values = {"weight_kg": 55, "rash_worse": True, "rash_severity": 1, "worse_comment": "more"}
        return open_visit(patient=place.patient, on=local_today(place.clinic), values=values, by=place.doctor)

    def test_what_was_typed_earlier_never_replaces_what_was_typed_later(
        self, doctor: Client, place: Place, path: str
    ) -> None:
        keep(doctor, place.doctor, path, at=2000, note="later")
        keep(doctor, place.doctor, path, at=1999, note="earlier")
        assert resumed(doctor, path)["note"].value() == "later"

    def test_two_tabs_are_two_drafts(self, doctor: Client, place: Place, path: str) -> None:
        other = uuid4()
        keep(doctor, place.doctor, path, note="one")
        keep(doctor, place.doctor, path, key=other, note="two")
        assert resumed(doctor, path)["note"].value() == "one"
        assert resumed(doctor, path, other)["note"].value() == "two"

    def test_the_token_is_not_kept(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, csrfmiddlewaretoken="secret", note="x")
        assert Draft.objects.get().fields == {"note": ["x"]}

    def test_keeping_is_no_view_of_the_record(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, note="x")
        assert not RecordView.objects.exists()

    def test_no_rule_and_no_panel_sees_a_draft(self, doctor: Client, place: Place, path: str) -> None:
        before = Visit.objects.count()
        keep(doctor, place.doctor, path, note="only a draft")
        assert Visit.objects.count() == before
        panel = doctor.get(reverse("patients:visits", args=[place.patient.pk])).content.decode()
        assert "only a draft" not in panel


class TestWhoMay:
    def test_only_the_writer_reads_it(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, weight_kg="51.5")
        assert resumed(doctor, path)["weight_kg"].value() == "51.5"
        nurse = place.client(place.nurse)
        assert not resumed(nurse, path)["weight_kg"].value()
        assert "Go on" not in nurse.get(reverse("patients:drafts")).content.decode()

    def test_only_the_writer_discards_it(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, note="hers")
        address = reverse("patients:discard_draft", args=[KEY])
        assert place.client(place.nurse).post(address).status_code == 404
        assert doctor.get(address).status_code == 405
        assert Draft.objects.get().fields == {"note": ["hers"]}

    def test_the_patient_of_another_clinic_does_not_exist(self, place: Place, path: str) -> None:
        stranger = make_place("Stranger")
        answer = keep(stranger.client(stranger.doctor), stranger.doctor, path, note="x")
        assert answer.status_code == 404
        assert not Draft.objects.exists()

    def test_a_form_she_may_not_fill_keeps_nothing(self, place: Place) -> None:
        path = reverse("dosing:start", args=[place.patient.pk])
        assert keep(place.client(place.nurse), place.nurse, path, dose_mg="3").status_code == 403
        assert keep(place.client(place.doctor), place.doctor, path, dose_mg="3").status_code == 200
        administrator = place.client(place.administrator)
        assert keep(administrator, place.administrator, path, dose_mg="3").status_code == 403
        assert Draft.objects.get().user == place.doctor

    def test_typing_of_somebody_else_in_this_browser_is_refused(
        self, doctor: Client, place: Place, path: str
    ) -> None:
        assert keep(doctor, place.nurse, path, note="x").status_code == 409
        assert not Draft.objects.exists()

    def test_without_a_session_it_says_so(self, place: Place, path: str) -> None:
        assert keep(Client(), place.doctor, path, note="x").status_code == 401

    def test_a_draft_of_a_patient_no_longer_hers_is_not_listed(
        self, doctor: Client, place: Place, path: str
    ) -> None:
        keep(doctor, place.doctor, path, note="x")
        place.doctor.clinics.set([make_place("Elsewhere").clinic])
        assert "Go on" not in doctor.get(reverse("patients:drafts")).content.decode()


@pytest.mark.parametrize(
    "body",
    [
        "not an object",
        {},
        {"path": "/patients/1/visits/new/", "typed_at_ms": 1},
        {"path": "/health/live", "typed_at_ms": 1, "fields": {}},
        {"path": "/nowhere/", "typed_at_ms": 1, "fields": {}},
        {"path": 7, "typed_at_ms": 1, "fields": {}},
        {"path": "/patients/new/", "typed_at_ms": -1, "fields": {}},
        {"path": "/patients/new/", "typed_at_ms": "soon", "fields": {}},
        {"path": "/patients/new/", "typed_at_ms": 1, "fields": []},
        {"path": "/patients/new/", "typed_at_ms": 1, "fields": {"a": "text"}},
        {"path": "/patients/new/", "typed_at_ms": 1, "fields": {"a": [1]}},
        {"path": "/patients/new/", "typed_at_ms": 1, "fields": {"a": ["\0"]}},
        {"path": "/patients/new/", "typed_at_ms": 1, "fields": {"a": ["x" * 200_001]}},
        {"path": "/patients/new/", "typed_at_ms": 1, "fields": {str(n): [] for n in range(2001)}},
    ],
)
def test_what_no_form_sends_is_refused(doctor: Client, place: Place, body: Any) -> None:
    sent = {**body, "user": str(place.doctor.pk)} if isinstance(body, dict) else body
    assert post_json(doctor, KEY, sent).status_code == 400
    assert not Draft.objects.exists()


class TestFinishing:
    def test_a_saved_form_leaves_no_typing_and_does_not_open_again(
        self, doctor: Client, place: Place, path: str
    ) -> None:
        keep(doctor, place.doctor, path, note="typed")
        sent = {"on": local_today(place.clinic).isoformat(), "note": "typed", "submission": str(KEY)}
        assert doctor.post(f"{path}?draft={KEY}", sent).status_code == 302
        draft = Draft.objects.get()
        assert draft.fields == {} and draft.finished_at is not None
        again = doctor.get(path, {"draft": str(KEY)})
        assert again.status_code == 302
        assert again["Location"] == reverse("patients:page", args=[place.patient.pk])

    def test_a_late_message_does_not_bring_it_back(self, doctor: Client, place: Place, path: str) -> None:
        sent = {"on": local_today(place.clinic).isoformat(), "submission": str(KEY)}
        doctor.post(path, sent)
        answer = keep(doctor, place.doctor, path, note="late")
        assert answer.json() == {"kept": True, "finished": True}
        assert Draft.objects.get().fields == {}

    def test_a_refused_form_keeps_its_draft(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, weight_kg="abc")
        answer = doctor.post(f"{path}?draft={KEY}", {"weight_kg": "abc", "submission": str(KEY)})
        assert answer.status_code == 200
        assert Draft.objects.get().fields == {"weight_kg": ["abc"]}

    def test_discarding(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, note="x")
        answer = doctor.post(reverse("patients:discard_draft", args=[KEY]))
        assert answer["Location"] == reverse("patients:page", args=[place.patient.pk])
        assert Draft.objects.get().fields == {}
        assert doctor.post(reverse("patients:discard_draft", args=[KEY])).status_code == 404

    def test_discarding_on_the_worklist_stays_there(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, note="x")
        panel = reverse("patients:drafts")
        assert 'name="home"' in doctor.get(panel).content.decode()
        assert 'name="home"' not in doctor.get(panel, {"patient": place.patient.pk}).content.decode()
        answer = doctor.post(reverse("patients:discard_draft", args=[KEY]), {"home": "yes"})
        assert answer["Location"] == reverse("dosing:worklist")

    def test_a_finished_draft_with_typing_is_impossible(
        self, doctor: Client, place: Place, path: str
    ) -> None:
        keep(doctor, place.doctor, path, note="x")
        with pytest.raises(IntegrityError), transaction.atomic():
            Draft.objects.update(finished_at=timezone.now())

    def test_registration_has_no_patient_yet(self, doctor: Client, place: Place) -> None:
        path = reverse("patients:register")
        keep(doctor, place.doctor, path, family_name="Sato")
        assert resumed(doctor, path)["family_name"].value() == "Sato"
        sent = {
            "clinic": place.clinic.pk, "number": "77", "family_name": "Sato", "given_name": "Yuki",
            "sex": "F", "birth": "1980", "submission": str(KEY),
        }  # fmt: skip
        assert doctor.post(path, sent).status_code == 302
        assert Patient.objects.filter(number="77").exists()
        assert doctor.get(path, {"draft": str(KEY)})["Location"] == reverse("patients:list")


class TestList:
    def list_of(self, client: Client, **query: str) -> str:
        return client.get(reverse("patients:drafts"), query).content.decode()

    def test_names_form_patient_and_the_way_back(self, doctor: Client, place: Place, path: str) -> None:
        assert self.list_of(doctor).strip() == ""
        keep(doctor, place.doctor, path, note="x")
        shown = self.list_of(doctor)
        assert "Visit" in shown and str(place.patient) in shown
        assert f"{path}?draft={KEY}" in shown

    def test_of_one_patient(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, note="x")
        assert "Go on" in self.list_of(doctor, patient=str(place.patient.pk))
        assert "Go on" not in self.list_of(doctor, patient=str(place.patient.pk + 1))

    def test_the_open_form_does_not_offer_itself(self, doctor: Client, place: Place, path: str) -> None:
        keep(doctor, place.doctor, path, note="x")
        assert "Go on" not in self.list_of(doctor, path=path, key=str(KEY))
        assert "Go on" in self.list_of(doctor, path=path, key=str(uuid4()))

    def test_says_who_else_is_typing_but_not_what(self, doctor: Client, place: Place, path: str) -> None:
        keep(place.client(place.nurse), place.nurse, path, note="secret words")
        shown = self.list_of(doctor, path=path, key=str(KEY))
        assert place.nurse.username in shown and "secret words" not in shown
        Draft.objects.update(saved_at=timezone.now() - timedelta(minutes=31))
        assert place.nurse.username not in self.list_of(doctor, path=path, key=str(KEY))

    def test_does_not_say_who_types_about_a_stranger(self, place: Place, path: str) -> None:
        keep(place.client(place.nurse), place.nurse, path, note="x")
        stranger = make_place("Stranger")
        client = stranger.client(stranger.doctor)
        assert client.get(reverse("patients:drafts"), {"path": path}).status_code == 404


def test_a_form_typed_by_another_is_not_sent_in_ones_name(place: Place, path: str) -> None:
    sent = {"on": local_today(place.clinic).isoformat(), "typed_by": str(place.doctor.pk)}
    answer = place.client(place.nurse).post(path, sent)
    assert answer.status_code == 409
    assert "Nothing was saved" in answer.content.decode()
    assert not Visit.objects.filter(on=local_today(place.clinic)).exists()
    assert place.client(place.doctor).post(path, sent).status_code == 302
