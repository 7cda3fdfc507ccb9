"""What holds of every form of a record: one row a submission, and nothing that was typed is lost."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from patients.models import (
    Administration,
    Classification,
    DoseEpisode,
    DrugHistory,
    Fact,
    LaboratoryResult,
    PriorUse,
    Statement,
    Visit,
)
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
TODAY = "{today}"


@dataclass(frozen=True)
class Form:
    """A form, what it writes, and entries that it accepts; {today} is the clinic's day."""

    name: str
    model: type[Fact]
    good: dict[str, str]


EPISODE = {
    "drug_name": "losartan", "dose_mg": "25", "schedule": "daily", "start": TODAY, "route": "oral",
    "purpose": "other",
}  # fmt: skip
GIVEN = {"drug_name": "rituximab", "dose_mg": "500", "on": TODAY, "route": "intravenous", "purpose": "sle"}
FORMS = (
    Form("new_visit", Visit, {"on": TODAY, "weight_kg": "55.5", "note": "well"}),
    Form("new_laboratory", LaboratoryResult, {"collected_on": TODAY, "laboratory": "A", "c3_value": "85"}),
    Form("new_episode", DoseEpisode, EPISODE),
    Form("new_administration", Administration, GIVEN),
    Form("new_prior_use", PriorUse, {"drug_name": "rituximab", "last_dose": "2019-04", "reason": "rash"}),
    Form("confirm_history", DrugHistory, {"complete_days": "90", "informant": "drug book"}),
    Form("new_statement", Statement, {"kind": "diabetes", "answer": "no", "note": "HbA1c 5.4"}),
    Form("new_classification", Classification, {"system": "acr_1997", "on": TODAY, "score": "5"}),
)
BY_NAME = {form.name: form for form in FORMS}
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def entries(form: Form, today: date, **changed: str) -> dict[str, str]:
    return {name: value.replace(TODAY, today.isoformat()) for name, value in {**form.good, **changed}.items()}


def send(client: Client, place: Place, form: Form, typed: dict[str, str]) -> HttpResponse:
    return client.post(reverse(f"patients:{form.name}", args=[place.patient.pk]), typed)


@each_form
def test_good_entries_are_one_row_by_who_sent_them(
    doctor: Client, place: Place, today: date, form: Form
) -> None:
    before = form.model.objects.count()
    answer = send(doctor, place, form, entries(form, today))
    assert answer.status_code == 302
    assert form.model.objects.count() == before + 1
    row = form.model.objects.latest("pk")
    assert (row.patient, row.created_by, row.version) == (place.patient, place.doctor, 1)
    assert [entry.history_user for entry in row.history.all()] == [place.doctor]


@each_form
def test_a_double_click_is_one_row(doctor: Client, place: Place, today: date, form: Form) -> None:
    before = form.model.objects.count()
    typed = entries(form, today, submission=str(uuid4()))
    assert [send(doctor, place, form, typed).status_code for _ in range(2)] == [302, 302]
    assert form.model.objects.count() == before + 1


@each_form
def test_each_opened_form_has_a_key_of_its_own(doctor: Client, place: Place, form: Form) -> None:
    address = reverse(f"patients:{form.name}", args=[place.patient.pk])
    keys = {str(doctor.get(address).context["form"]["submission"].value()) for _ in range(2)}
    assert len(keys) == 2


@each_form
def test_a_key_of_another_patients_form_gives_nothing_away(
    doctor: Client, place: Place, today: date, form: Form
) -> None:
    """Refused without showing or changing the other row."""
    other = make_place("Other")
    typed = entries(form, today, submission=str(uuid4()))
    assert send(other.client(other.doctor), other, form, typed).status_code == 302
    before = form.model.objects.count()
    assert send(doctor, place, form, typed).status_code == 200
    assert form.model.objects.count() == before


BAD = (
    ("new_visit", "on", "22 Nov 2026"),
    ("new_visit", "temperature_c", "37,2"),
    ("new_visit", "physician_global", "3.1"),
    ("new_visit", "weight_kg", "<50"),
    ("new_visit", "inflamed_joints", "69"),
    ("new_laboratory", "collected_on", "yesterday"),
    ("new_laboratory", "collected_time", "25:00"),
    ("new_laboratory", "c3_value", "abc"),
    ("new_laboratory", "c3_low", "7,4"),
    ("new_laboratory", "creatinine_value", "1e2"),
    ("new_laboratory", "laboratory", "L" * 81),
    ("new_episode", "drug_name", "d" * 121),
    ("new_episode", "dose_mg", "2,5"),
    ("new_episode", "dose_mg", "0.0001"),
    ("new_episode", "start", "2190-01-01"),
    ("new_episode", "start", "1900-01-01"),
    ("new_episode", "reason", "r" * 301),
    ("new_administration", "dose_mg", "0"),
    ("new_administration", "on", "2190-01-01"),
    ("new_prior_use", "last_dose", "2019-13"),
    ("new_prior_use", "last_dose", "2190"),
    ("new_prior_use", "last_dose", "1900"),
    ("confirm_history", "complete_days", "0"),
    ("confirm_history", "complete_days", "ninety"),
    ("confirm_history", "informant", "i" * 121),
    ("new_statement", "event", "last year"),
    ("new_statement", "note", "n" * 301),
    ("new_classification", "score", "-1"),
    ("new_classification", "score", "61"),
    ("new_classification", "on", "2190-01-01"),
    ("new_classification", "note", "n" * 301),
)


@pytest.mark.parametrize(("name", "field", "typed"), BAD)
def test_a_bad_entry_is_said_beside_its_field_and_nothing_is_lost(
    doctor: Client, place: Place, today: date, name: str, field: str, typed: str
) -> None:
    form = BY_NAME[name]
    before = form.model.objects.count()
    sent = entries(form, today, **{field: typed})
    answer = send(doctor, place, form, sent)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {field}
    assert "Nothing was saved yet" in answer.content.decode()
    bound = answer.context["form"]
    kept = {entry: bound[entry].value() for entry in sent}
    assert kept == sent
    page = answer.content.decode().replace("&lt;", "<")
    assert all(value in page for value in sent.values())
    assert form.model.objects.count() == before


UNCHOSEN = (
    ("new_visit", "rash_severity", "4"),
    ("new_visit", "sledai_rash", "maybe"),
    ("new_visit", "rash_attribution", "perhaps"),
    ("new_laboratory", "hbsag_value", "maybe"),
    ("new_episode", "schedule", "hourly"),
    ("new_episode", "route", "by air"),
    ("new_administration", "purpose", "fun"),
    ("new_statement", "kind", "shoe_size"),
    ("new_statement", "answer", "maybe"),
    ("new_statement", "answer", ""),
    ("new_classification", "system", "slicc"),
)


@pytest.mark.parametrize(("name", "field", "typed"), UNCHOSEN)
def test_a_choice_that_is_not_offered_is_refused(
    doctor: Client, place: Place, today: date, name: str, field: str, typed: str
) -> None:
    form = BY_NAME[name]
    before = form.model.objects.count()
    answer = send(doctor, place, form, entries(form, today, **{field: typed}))
    assert field in answer.context["form"].errors
    assert form.model.objects.count() == before


@pytest.mark.parametrize(("typed", "stored"), [("yes", True), ("no", False), ("unknown", None)])
def test_no_and_unknown_are_two_answers(
    doctor: Client, place: Place, today: date, typed: str, stored: bool | None
) -> None:
    send(doctor, place, BY_NAME["new_statement"], {"kind": "diabetes", "answer": typed})
    assert Statement.objects.latest("pk").answer is stored


@pytest.mark.parametrize(("typed", "stored"), [("", None), ("0", 0), ("０", 0), ("2.5", 2.5)])
def test_an_empty_dose_is_unknown_and_zero_is_zero(
    doctor: Client, place: Place, today: date, typed: str, stored: float | None
) -> None:
    form = BY_NAME["new_episode"]
    assert send(doctor, place, form, entries(form, today, dose_mg=typed)).status_code == 302
    assert DoseEpisode.objects.latest("pk").dose_mg == stored
