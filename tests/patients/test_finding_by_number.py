"""The search on top: the whole number of one patient opens them; everything else is a list."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LIST = reverse("patients:list")


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


@pytest.mark.parametrize("typed", ["1", "#1", " 1 "])
def test_a_whole_number_opens_the_patient(doctor: Client, place: Place, typed: str) -> None:
    answer = doctor.get(LIST, {"q": typed, "open": "yes"})
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("patients:page", args=[place.patient.pk]),
    )


@pytest.mark.parametrize("typed", ["Test", "Person", "2", "#", "", "1 2"])
def test_anything_else_is_a_list(doctor: Client, typed: str) -> None:
    assert doctor.get(LIST, {"q": typed, "open": "yes"}).status_code == 200


def test_a_list_that_was_left_is_found_again(doctor: Client) -> None:
    """The address of a list as one types has no ?open: the browser's way back must not lead forward."""
    assert doctor.get(LIST, {"q": "1"}).status_code == 200


def test_only_in_ones_own_clinics(place: Place) -> None:
    elsewhere = make_place("Elsewhere")
    answer = elsewhere.client(elsewhere.doctor).get(LIST, {"q": "1", "open": "yes"})
    assert answer["Location"] == reverse("patients:page", args=[elsewhere.patient.pk])
    elsewhere.patient.number = "9"
    elsewhere.patient.save()
    assert elsewhere.client(elsewhere.doctor).get(LIST, {"q": "1", "open": "yes"}).status_code == 200


def test_a_number_given_in_two_clinics_is_a_choice(place: Place, doctor: Client) -> None:
    elsewhere = make_place("Elsewhere")
    place.doctor.clinics.add(elsewhere.clinic)
    answer = doctor.get(LIST, {"q": "1", "open": "yes"})
    assert set(answer.context["rows"]) == {place.patient, elsewhere.patient}
