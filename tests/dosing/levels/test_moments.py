"""Days and times of a level as nurses type them, through the sheet."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import DateOrder
from dosing.models import TacrolimusLevel
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def nurse(place: Place) -> Client:
    return place.client(place.nurse)


def send(nurse: Client, drawn: str, last_dose: str = ""):
    return nurse.post(
        reverse("dosing:level_row"),
        {
            "laboratory": "A", "row-0-patient": "1", "row-0-value": "6.1", "row-0-confirmed": "on",
            "row-0-drawn_at": drawn, "row-0-last_dose_at": last_dose,
        },
    )  # fmt: skip


def errors(answer, name: str) -> str:
    assert answer.status_code == 422
    assert not TacrolimusLevel.objects.exists()
    return " ".join(answer.context["row"].errors[name])


def test_typed_in_few_keys(nurse: Client) -> None:
    assert send(nurse, "11/20/2026 830", "2100").status_code == 200
    level = TacrolimusLevel.objects.get()
    assert level.drawn_at == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert level.last_dose_at == datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["11/19/2026", "y", "evening", "2026-11-19T", "T20:00x"])
def test_a_half_typed_last_dose_is_never_unknown(nurse: Client, typed: str) -> None:
    assert errors(send(nurse, "11/20/2026 830", typed), "last_dose_at")


@pytest.mark.parametrize("typed", ["", "11/20/2026", "31/2 9", "12026-11-20 8:00", "5" * 41, "\0"])
def test_a_draw_that_cannot_be_read_is_said_beside_its_field(nurse: Client, typed: str) -> None:
    assert errors(send(nurse, typed), "drawn_at")


def test_in_the_order_and_zone_of_the_clinic(place: Place, nurse: Client) -> None:
    place.clinic.date_order, place.clinic.time_zone = DateOrder.DAY_FIRST, "Europe/Berlin"
    place.clinic.save()
    assert "did not exist" in errors(send(nurse, "29/3/2026 0230"), "drawn_at")
    assert "came twice" in errors(send(nurse, "25/10/2026 0230"), "drawn_at")
    assert send(nurse, "25/10/2026 0230 2nd", "24/10/2026 2030").status_code == 200
    level = TacrolimusLevel.objects.get()
    assert level.drawn_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert level.last_dose_at == datetime(2026, 10, 24, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            {"text": "11/20/2026 830", "patient": "1"},
            {"words": "Fri 20 Nov 2026, 08:30", "clock": "2026-11-20T08:30"},
        ),
        (
            {"text": "2100", "before": "11/20/2026 830"},
            {"words": "Thu 19 Nov 2026, 21:00", "clock": "2026-11-19T21:00"},
        ),
        ({"text": "11/20/2026", "patient": "nobody"}, {"error": "Give the time too, like 9:00."}),
    ],
)
def test_what_is_understood_is_said_before_it_is_saved(
    nurse: Client, question: dict[str, str], answer: dict[str, str]
) -> None:
    assert nurse.get(reverse("dosing:level_moment"), question).json() == answer
