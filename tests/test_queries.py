"""The number of queries of each page and fragment does not grow with what it shows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import local_today
from demo.samples import base
from demo.samples.scenarios import SCENARIOS
from patients.loading import load_records
from patients.models import Patient
from patients.services.importing import Identity, import_record
from patients.services.visits import open_visit
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db

PAGES = (
    "patients:page", "patients:visits", "patients:laboratory", "patients:drugs", "patients:statements",
    "patients:new_visit", "patients:new_laboratory", "patients:new_episode", "dosing:criteria",
    "dosing:matters", "dosing:worst_alert", "dosing:timeline", "dosing:timeline_table", "dosing:start",
    "dosing:not_now", "dosing:tacrolimus_panel", "dosing:change_dose", "dosing:pause", "dosing:resume",
    "dosing:stop", "dosing:adverse_events_panel", "dosing:new_adverse_event", "dosing:taper_panel",
    "dosing:plan_taper", "dosing:safety_panel",
    "dosing:chart", "dosing:forecast", "dosing:forecast_panel", "dosing:what_if",
)  # fmt: skip
PANEL, SHEET = 40, 48  # at most so many queries; a sheet shows several panels
LISTS = ("dosing:worklist", "patients:list")


@made_once
def place() -> Place:
    return make_place()


def count(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_patient(place: Place, name: str) -> None:
    today = local_today(place.clinic)
    full = import_record(
        record=base.falling_c3(base.with_rash(base.base_record(today)), today, confirmed=True),
        identity=Identity("2", "Full", "Record"),
        clinic=place.clinic,
        by=place.doctor,
    )
    for weeks in range(20, 40):
        open_visit(patient=full, on=today - timedelta(weeks=weeks), values={}, by=place.doctor)
    client = place.client(place.doctor)
    little = count(client, reverse(name, args=[place.patient.pk]))
    much = count(client, reverse(name, args=[full.pk]))
    assert little == much
    assert much <= (SHEET if name == "dosing:chart" else PANEL)


@pytest.mark.parametrize("name", LISTS)
def test_a_list(place: Place, name: str) -> None:
    client = place.client(place.doctor)
    few = count(client, reverse(name))
    today = local_today(place.clinic)
    for scenario in SCENARIOS:
        identity = Identity(scenario.number, scenario.family_name, scenario.given_name)
        import_record(record=scenario.build(today), identity=identity, clinic=place.clinic, by=place.doctor)
    assert count(client, reverse(name)) == few


def test_loading_many_records_takes_as_many_queries_as_one(place: Place) -> None:
    with CaptureQueriesContext(connection) as one:
        load_records(Patient.objects.filter(pk=place.patient.pk))
    today = local_today(place.clinic)
    for number in range(2, 12):
        import_record(
            record=base.base_record(today),
            identity=Identity(str(number), "P", "Q"),
            clinic=place.clinic,
            by=place.doctor,
        )
    with CaptureQueriesContext(connection) as many:
        assert len(load_records(Patient.objects.all())) == 11
    assert len(one) == len(many)
