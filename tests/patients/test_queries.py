"""The forms and pages of a record ask as many queries for a long record as for a short one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import local_today
from patients import changes
from patients.models import (
    Administration,
    Classification,
    DoseEpisode,
    LaboratoryResult,
    Patient,
    PriorUse,
    RecordView,
    Statement,
    Visit,
)
from patients.rules.dates import PartialDate
from patients.services import drugs, laboratory, registration, statements, visits
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
NEITHER_PAGE_NOR_RECORD = ("django_session", "accounts_user", RecordView._meta.db_table)


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def count(client: Client, address: str, form: dict[str, str] | None = None, status: int = 200) -> int:
    """Queries of the page itself: without session, user and the log of views."""

    def ask() -> int:
        answer = client.get(address) if form is None else client.post(address, form)
        return answer.status_code

    ask()
    with CaptureQueriesContext(connection) as seen:
        assert ask() == status
    asked = [query["sql"] for query in seen]
    return sum(not any(f'"{table}"' in sql for table in NEITHER_PAGE_NOR_RECORD) for sql in asked)


def lengthen(place: Place, today: date) -> None:
    """Twenty more facts of each kind."""
    with changes.held():
        for number in range(1, 21):
            add_facts(place, today, number)


def add_facts(place: Place, today: date, number: int) -> None:
    patient, by = place.patient, place.doctor
    day = today - timedelta(days=400 + number)
    visit = visits.open_visit(patient=patient, on=day, values={"note": "x"}, by=by)
    visits.sign_visit(visit=visit, by=by, expected_version=1)
    place_of_test = laboratory.laboratory_named(clinic=place.clinic, name=f"L{number}", by=by)
    taken = LaboratoryResult.objects.filter(patient=patient).earliest("collected_at").collected_at
    row = LaboratoryResult(
        patient=patient, analyte="c3", value=Decimal(90), entered="90", laboratory=place_of_test,
        collected_at=taken - timedelta(days=number),
    )  # fmt: skip
    laboratory.record_result(result=row, by=by)
    episode = DoseEpisode(patient=patient, drug_text="tea", dose_mg=1, start=day, last_day=day)
    drugs.start_episode(episode=episode, by=by)
    given = Administration(patient=patient, drug="rituximab", dose_mg=500, on=day)
    drugs.record_administration(administration=given, by=by)
    drugs.record_prior_use(use=PriorUse(patient=patient, drug="mizoribine", stated_on=today), by=by)
    said = Statement(patient=patient, kind="diabetes", stated_on=day, answer=False)
    statements.state(statement=said, by=by)
    result = Classification(patient=patient, system="acr_1997", on=day, score=5)
    statements.classify(classification=result, by=by)


PAGES = (
    "page", "visits", "laboratory", "drugs", "statements", "change", "new_visit", "new_laboratory",
    "new_episode", "new_administration", "new_prior_use", "confirm_history", "new_statement",
    "new_classification",
)  # fmt: skip


def test_pages_and_forms(doctor: Client, place: Place, today: date) -> None:
    addresses = {name: reverse(f"patients:{name}", args=[place.patient.pk]) for name in PAGES}
    little = {name: count(doctor, address) for name, address in addresses.items()}
    lengthen(place, today)
    assert {name: count(doctor, address) for name, address in addresses.items()} == little
    assert max(little.values()) <= 20


def test_forms_of_one_fact(doctor: Client, place: Place, today: date) -> None:
    opened = visits.open_visit(patient=place.patient, on=today, values={}, by=place.doctor)
    signed = Visit.objects.signed().filter(patient=place.patient).latest("on")
    psl = DoseEpisode.objects.get(patient=place.patient, drug="prednisolone")
    c3 = LaboratoryResult.objects.filter(patient=place.patient, analyte="c3").latest("pk")
    addresses = [
        reverse("patients:correct_result", args=[place.patient.pk, c3.pk]),
        reverse("patients:visit", args=[place.patient.pk, opened.pk]),
        reverse("patients:amend_visit", args=[place.patient.pk, signed.pk]),
        reverse("patients:change_episode", args=[place.patient.pk, psl.pk]),
        reverse("patients:fact", args=[place.patient.pk, "episode", psl.pk]),
    ]
    little = [count(doctor, address) for address in addresses]
    lengthen(place, today)
    assert [count(doctor, address) for address in addresses] == little
    assert max(little) <= 21


REFUSED = (
    ("new_visit", {"on": "{today}", "weight_kg": "abc"}),
    ("new_laboratory", {"collected_on": "{today}", "laboratory": "A", "c3_value": "abc"}),
    ("new_episode", {"drug_name": "prednisolone", "start": "{today}"}),
    ("new_statement", {"kind": "diabetes"}),
)


def test_refused_forms(doctor: Client, place: Place, today: date) -> None:
    def counts() -> dict[str, int]:
        return {name: count(doctor, address, sent) for name, (address, sent) in refused.items()}

    refused = {
        name: (
            reverse(f"patients:{name}", args=[place.patient.pk]),
            {key: value.replace("{today}", today.isoformat()) for key, value in form.items()},
        )
        for name, form in REFUSED
    }
    little = counts()
    lengthen(place, today)
    assert counts() == little


def test_the_list_and_its_search(doctor: Client, place: Place) -> None:
    address = reverse("patients:list")
    little = [count(doctor, address), count(doctor, f"{address}?q=per")]
    for number in range(2, 54):
        registration.register_patient(
            clinic=place.clinic, by=place.nurse, number=str(number), family_name="Many", given_name="Persons",
            sex="F", birth=PartialDate.parse("1980"),
        )  # fmt: skip
    assert Patient.objects.count() > 50
    assert [count(doctor, address), count(doctor, f"{address}?q=per")] == little
