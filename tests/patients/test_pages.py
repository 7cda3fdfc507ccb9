"""A page with a form is declared once: its label, its right and its words are found by name and by path."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.rights import Right
from patients.drafts import label_of
from patients.models import Visit
from patients.pages import form_named, page_in_words, place_of
from tests.hazards import Place, make_place

pytestmark = pytest.mark.django_db
# URL name → label, right, and the page in words.
FORMS = {
    "patients:new_visit": ("Visit", Right.ENTER_VISIT_OBSERVATIONS, "form of a new visit"),
    "patients:amend_visit": ("Amendment of a signed visit", Right.AMEND_VISIT, "amendment of a visit"),
    "patients:change_episode": ("Change of a dose", Right.ENTER_DRUG_HISTORY, "form of a dose change"),
    "patients:change": ("Details of a person", Right.REGISTER_PATIENT, "person's details"),
    "patients:register": (
        "Registration of a patient", Right.REGISTER_PATIENT, "another page of the record",
    ),
    "dosing:levels": ("Tacrolimus levels", Right.ENTER_LABORATORY, "another page of the record"),
    "dosing:start": ("Start tacrolimus", Right.DECIDE, "form to start tacrolimus"),
    "dosing:end_taper": ("End of a taper", Right.DECIDE, "form to end a taper"),
    "dosing:change_adverse_event": (
        "Adverse event", Right.REPORT_ADVERSE_EVENT, "form of an adverse event",
    ),
}  # fmt: skip


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_found_by_the_name_of_its_url(name: str) -> None:
    form = form_named(name)
    assert form is not None
    assert (str(form.label), form.right, page_in_words(name)) == FORMS[name]
    assert label_of(name) == FORMS[name][0]


@pytest.mark.parametrize("name", ["patients:page", "dosing:forecast", "patients:list", "later:form", ""])
def test_what_keeps_no_drafts_is_no_form(name: str) -> None:
    assert form_named(name) is None
    assert label_of(name) == ""


def test_a_path_leads_to_the_form_and_its_patient() -> None:
    found = place_of(reverse("patients:new_visit", args=[7]))
    assert (found.view_name, found.patient_id) == ("patients:new_visit", 7)
    assert place_of(reverse("patients:register")).patient_id is None


@pytest.mark.parametrize("path", ["/patients/7/", "/nowhere/", "", "https://elsewhere.example/"])
def test_no_other_path_does(path: str) -> None:
    with pytest.raises(ValueError):
        place_of(path)


def test_the_page_of_a_form_shows_its_label(place: Place) -> None:
    client: Client = place.client(place.nurse)
    answer = client.get(reverse("patients:new_prior_use", args=[place.patient.pk]))
    assert answer.context["title"] == "A drug used before"


@pytest.mark.parametrize("name", ["patients:register", "dosing:levels"])
def test_a_form_without_a_patient_has_the_same_gate(place: Place, name: str) -> None:
    assert place.client(place.nurse).get(reverse(name)).status_code == 200
    assert place.client(place.administrator).get(reverse(name)).status_code == 403
    assert place.client(place.nurse).put(reverse(name)).status_code == 405


def test_the_visit_before_is_the_latest_one_whenever_it_was_entered(place: Place) -> None:
    """A visit of long ago that is entered last is not "the visit before" of a new one."""
    newest = Visit.objects.signed().filter(patient=place.patient).order_by("-on").first()
    assert newest is not None
    oldest = Visit.objects.signed().filter(patient=place.patient).order_by("on").first()
    assert oldest is not None
    Visit.objects.create(
        patient=place.patient, on=oldest.on - timedelta(days=400), created_by=place.doctor,
        signed_at=timezone.now(), signed_by=place.doctor,
    )  # fmt: skip
    page = place.client(place.doctor).get(reverse("patients:new_visit", args=[place.patient.pk]))
    assert page.context["form"].previous == newest
