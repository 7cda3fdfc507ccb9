"""A dangerous result without an hour, through the sheets of a nurse, to the alert; and what closes it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dosing.models import Alert
from patients.models import LaboratoryResult
from tests.dosing.courses import NOW, TODAY, on_3_mg
from tests.hazards import Place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return on_3_mg()


@pytest.fixture
def nurse(place: Place) -> Client:
    return place.client(place.nurse)


def enter(nurse: Client, place: Place, potassium: str, hour: str = "", **sample: str) -> None:
    form = {
        "collected_on": TODAY.isoformat(), "collected_time": hour, "laboratory": "Central",
        "potassium_value": potassium, "potassium_confirm": "on", **sample,
    }  # fmt: skip
    answer = nurse.post(reverse("patients:new_laboratory", args=[place.patient.pk]), form)
    assert answer.status_code == 302, answer.context["form"].errors


def severities(place: Place) -> list[int]:
    alerts = Alert.objects.unresolved().filter(patient=place.patient, rule="potassium")
    return [alert.severity for alert in alerts]


@pytest.mark.parametrize("sheets", [(("4.2", "08:00"), ("6.4", "")), (("6.4", ""), ("4.2", "08:00"))])
def test_it_is_an_alert_in_either_order(
    nurse: Client, place: Place, sheets: tuple[tuple[str, str], ...]
) -> None:
    for potassium, hour in sheets:
        enter(nurse, place, potassium, hour)
    assert LaboratoryResult.objects.filter(patient=place.patient, analyte="potassium", value="6.4").exists()
    assert severities(place) == [3]


def test_a_later_hour_of_the_day_closes_as_usual(nurse: Client, place: Place) -> None:
    enter(nurse, place, "6.4", "08:00")
    assert severities(place) == [3]
    enter(nurse, place, "4.2", "09:00")
    assert severities(place) == []


def test_a_haemolysed_one_opens_and_never_closes(nurse: Client, place: Place) -> None:
    enter(nurse, place, "6.4", "07:00", haemolysed="on")
    assert severities(place) == [3]
    enter(nurse, place, "4.2", "08:00", haemolysed="on")
    assert severities(place) == [3]
    enter(nurse, place, "4.2", "09:00")
    assert severities(place) == []


def test_no_page_invents_an_hour(nurse: Client, place: Place) -> None:
    enter(nurse, place, "4.2")
    result = LaboratoryResult.objects.get(patient=place.patient, analyte="potassium", value="4.2")
    page = nurse.get(
        reverse("patients:fact", args=[place.patient.pk, "laboratory", result.pk])
    ).content.decode()
    assert "hour not written" in page
    assert "00:00" not in page
