"""Who viewed a record: one line a person and sitting, with the pages in words."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.models import User
from patients.models import RecordView
from patients.pages import page_in_words
from patients.viewings import Viewing, viewings_page
from tests.hazards import Place, make_place
from tests.sharing import made_once
from tests.test_access import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOON = datetime(2126, 11, 23, 3, 0, tzinfo=UTC)  # in Tokyo


@made_once
def place() -> Place:
    return make_place()


def view(place: Place, user: User, minute: float, page: str = "patients:page") -> None:
    with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
        RecordView.objects.create(patient=place.patient, user=user, page=page)


def shown(place: Place, page: str | None = None) -> list[tuple[str, float, float, int]]:
    """Who, begin and end in minutes after noon, and how many different pages."""
    rows: list[Viewing] = viewings_page(place.patient, page).object_list
    return [
        (
            row.who,
            (row.first - NOON).total_seconds() / 60,
            (row.last - NOON).total_seconds() / 60,
            len(row.pages),
        )
        for row in rows
    ]


class TestSittings:
    def test_a_pause_of_more_than_half_an_hour_begins_another(self, place: Place) -> None:
        who = place.doctor.username
        for minute in (0, 30, 60, 90.1, 91):
            view(place, place.doctor, minute)
        assert shown(place) == [(who, 90.1, 91, 1), (who, 0, 60, 1)]

    def test_two_people_at_once_are_two(self, place: Place) -> None:
        for minute in (0, 10, 20):
            view(place, place.doctor, minute)
            view(place, place.nurse, minute + 5)
        assert shown(place) == [(place.nurse.username, 5, 25, 1), (place.doctor.username, 0, 20, 1)]

    def test_each_page_is_named_once_in_the_order_it_was_opened(self, place: Place) -> None:
        for minute, page in enumerate(("patients:page", "dosing:start", "patients:page", "patients:fact")):
            view(place, place.doctor, minute, page)
        (row,) = viewings_page(place.patient, None).object_list
        assert row.pages == ("patient page", "form to start tacrolimus", "one fact with its history")
        assert row.role == "Rheumatologist"

    def test_another_patients_views_do_not_count(self, place: Place) -> None:
        other = make_place("Other")
        view(other, other.doctor, 0)
        assert shown(place) == []

    def test_a_long_list_has_pages_and_no_sitting_is_torn(self, place: Place) -> None:
        for number in range(45):
            view(place, place.doctor, number * 60)
            view(place, place.doctor, number * 60 + 20, "patients:history")
        first, second = shown(place), shown(place, "2")
        assert (len(first), len(second)) == (40, 5)
        assert {row[3] for row in first + second} == {2}
        assert [row[1] for row in first + second] == [number * 60 for number in reversed(range(45))]

    def test_the_number_of_queries_is_constant(self, place: Place) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                viewings_page(place.patient, None)
            return len(seen)

        view(place, place.doctor, 0)
        few = count()
        for number in range(1, 60):
            view(place, place.nurse if number % 2 else place.doctor, number * 20)
        assert count() == few == 4


class TestPage:
    @pytest.fixture
    def page(self, place: Place) -> Iterator[str]:
        client: Client = place.client(place.nurse)
        view(place, place.doctor, 0)
        view(place, place.doctor, 15, "patients:laboratory")
        answer = client.get(reverse("patients:viewers", args=[place.patient.pk])).content.decode()
        yield re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer))

    def test_it_says_who_when_and_what_in_the_clinics_time(self, place: Place, page: str) -> None:
        assert "23 Nov 2126, 12:00" in page and "to 23 Nov 2126, 12:15" in page
        assert place.doctor.username in page and "patient page, laboratory results" in page

    def test_reading_it_is_a_view_too(self, place: Place, page: str) -> None:
        assert (
            RecordView.objects.filter(user=place.nurse).values_list("page", flat=True).get()
            == "patients:viewers"
        )

    def test_nobody_yet(self, place: Place) -> None:
        answer = place.client(place.nurse).get(reverse("patients:viewers", args=[place.patient.pk]))
        assert "Nobody has viewed this record yet" in answer.content.decode()


def _is_of_a_patient(name: str) -> bool:
    """Whether the URL itself names a patient; settings and jobs belong to a clinic."""
    space, _, bare = name.partition(":")
    resolver = get_resolver().namespace_dict[space][1]
    return any(
        "patient_id" in parameters
        for possibilities, *_ in resolver.reverse_dict.getlist(bare)
        for _, parameters in possibilities
    )


class TestWords:
    def test_every_page_of_a_record_has_words(self) -> None:
        """A page that is about one patient, and that a stranger does not find, is logged under its name."""
        of_a_record = {row.name for row in TABLE if row.stranger == 404 and _is_of_a_patient(row.name)}
        assert len(of_a_record) > 20
        assert {name for name in of_a_record if page_in_words(name) == "another page of the record"} == set()

    def test_an_unknown_page_is_still_told(self) -> None:
        assert page_in_words("later:page") == "another page of the record"
