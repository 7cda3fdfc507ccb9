"""The order of a clinic's laboratory sheet: kept by its rheumatologists, seen by who enters results."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from accounts.services.checks import StaleError, version_of
from patients.models import LaboratoryResult, SheetOrder
from patients.services.sheet_order import set_sheet_order
from patients.sheet_order import ON_THE_SHEET, SELDOM, sheet_of
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


@pytest.fixture
def nurse(place: Place) -> Client:
    return place.client(place.nurse)


def form_of(client: Client, place: Place, query: str = "") -> Any:
    address = reverse("patients:new_laboratory", args=[place.patient.pk])
    return client.get(address + query).context["form"]


def keys(groups: Any) -> list[str]:
    return [row.analyte.key for _name, rows in groups for row in rows]


def order(client: Client, place: Place, version: str = "", **places: str) -> Any:
    sent = {f"place_{key}": number for key, number in places.items()}
    address = reverse("patients:sheet_order", args=[place.clinic.pk])
    return client.post(address, {**sent, "version": version})


def test_without_an_order_what_is_seldom_asked_for_folds_away(nurse: Client, place: Place) -> None:
    form = form_of(nurse, place)
    assert set(keys(form.more_groups())) == SELDOM
    assert set(keys(form.groups())) | SELDOM == set(ON_THE_SHEET)
    assert not form.is_more_open


def test_the_clinics_order_stands_first_and_nothing_is_lost(
    doctor: Client, nurse: Client, place: Place
) -> None:
    assert order(doctor, place, creatinine="2", potassium="1", ldl="10").status_code == 302
    form = form_of(nurse, place)
    assert keys(form.groups()) == ["potassium", "creatinine", "ldl"]
    assert set(keys(form.more_groups())) == set(ON_THE_SHEET) - {"potassium", "creatinine", "ldl"}


def test_it_is_changed_and_its_versions_are_kept(doctor: Client, place: Place) -> None:
    order(doctor, place, creatinine="1")
    page = doctor.get(reverse("patients:sheet_order", args=[place.clinic.pk]))
    version = str(page.context["form"]["version"].value())
    assert order(doctor, place, version, potassium="1").status_code == 302
    kept = SheetOrder.objects.get(clinic=place.clinic)
    assert [row.analytes for row in kept.history.order_by("history_id")] == [["creatinine"], ["potassium"]]
    assert {row.history_user for row in kept.history.all()} == {place.doctor}


def test_the_second_of_two_editors_is_told(doctor: Client, place: Place) -> None:
    order(doctor, place, creatinine="1")
    answer = order(doctor, place, potassium="1")
    assert answer.status_code == 409
    assert "Someone changed this" in answer.content.decode()
    assert SheetOrder.objects.get(clinic=place.clinic).analytes == ["creatinine"]


@pytest.mark.parametrize("places", [{}, {"creatinine": "0"}, {"creatinine": "first"}, {"creatinine": "1000"}])
def test_bad_places_are_refused(doctor: Client, place: Place, places: dict[str, str]) -> None:
    answer = order(doctor, place, **places)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not SheetOrder.objects.exists()


@pytest.mark.parametrize("places", [[], ["tacrolimus_trough"], ["nothing"]])
def test_the_service_takes_only_analytes_of_the_sheet(place: Place, places: list[str]) -> None:
    with pytest.raises(ValidationError):
        set_sheet_order(clinic=place.clinic, analytes=places, by=place.doctor, expected_version=None)


def test_a_nurse_and_a_stranger_may_not(place: Place) -> None:
    with pytest.raises(PermissionDenied):
        set_sheet_order(clinic=place.clinic, analytes=["ck"], by=place.nurse, expected_version=None)
    stranger = make_place("Elsewhere").doctor
    with pytest.raises(ValidationError):
        set_sheet_order(clinic=place.clinic, analytes=["ck"], by=stranger, expected_version=None)


def test_the_same_twice_is_one_version(place: Place) -> None:
    for _ in range(2):
        kept = set_sheet_order(clinic=place.clinic, analytes=["ck"], by=place.doctor, expected_version=None)
    assert kept.history.count() == 1
    with pytest.raises(StaleError):
        set_sheet_order(
            clinic=place.clinic, analytes=["ast"], by=place.doctor, expected_version=version_of(kept) - 1
        )


def test_an_analyte_that_the_catalogue_lost_is_left_out(place: Place) -> None:
    set_sheet_order(clinic=place.clinic, analytes=["ck", "ast"], by=place.doctor, expected_version=None)
    row = SheetOrder.objects.get(clinic=place.clinic)
    row.analytes = ["gone", "ast"]
    row.save()
    assert sheet_of(place.clinic.pk).first == ("ast",)


class TestFolded:
    def test_a_link_to_a_folded_analyte_opens_it(self, nurse: Client, place: Place) -> None:
        assert form_of(nurse, place, "?analyte=cystatin_c").is_more_open

    def test_what_was_refused_there_is_seen(self, nurse: Client, place: Place) -> None:
        address = reverse("patients:new_laboratory", args=[place.patient.pk])
        sent = {"collected_on": local_today(place.clinic).isoformat(), "laboratory": "A", "ldl_value": "x"}
        answer = nurse.post(address, sent)
        assert answer.context["form"].is_more_open
        assert '<details class="more" open>' in answer.content.decode()

    def test_it_is_saved_from_there(self, nurse: Client, place: Place) -> None:
        address = reverse("patients:new_laboratory", args=[place.patient.pk])
        day = local_today(place.clinic).isoformat()
        nurse.post(address, {"collected_on": day, "laboratory": "A", "ldl_value": "3.0 mmol/L"})
        assert LaboratoryResult.objects.filter(patient=place.patient, analyte="ldl").count() == 1
