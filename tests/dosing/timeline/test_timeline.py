"""The time axis of a stored patient: what is loaded, what the browser gets, its table, and paper."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import local_today
from accounts.models import Clinic
from dosing.models import TacrolimusLevel
from dosing.rules.timeline import Timeline
from dosing.timeline import chart_data, entries, latest_entries, load_timeline
from patients.models import LaboratoryResult, Visit
from patients.rules.dates import PartialDate
from patients.services import registration, visits
from patients.services.writing import void
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.sharing import made_once
from tests.timelines import WEEKS_ON_TACROLIMUS, add_decision, add_levels, full_record

pytestmark = pytest.mark.django_db


@made_once
def place() -> Place:
    """A patient with something in every lane."""
    made = make_place(record=full_record(local_today(Clinic())))
    on = local_today(made.clinic)
    add_levels(made.patient, made.doctor, on)
    add_decision(made.patient, made.doctor, on)
    return made


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def loaded(place: Place) -> Timeline:
    found = load_timeline(place.patient)
    assert found is not None
    return found


def panel(client: Client, place: Place, name: str = "timeline") -> str:
    answer = client.get(reverse(f"dosing:{name}", args=[place.patient.pk]))
    assert answer.status_code == 200
    return on_one_line(answer.content.decode())


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    read: dict[str, Any] = json.loads(found[1])
    return read


def lane(data: dict[str, Any], key: str) -> dict[str, Any]:
    return next(row for row in data["lanes"] if row["key"] == key)


def test_every_lane_of_the_plan_is_there(doctor: Client, place: Place) -> None:
    """The issue: doses, levels, SLEDAI, C3, anti-dsDNA by method, creatinine, eGFR, visits, events."""
    assert [row["title"] for row in data_of(panel(doctor, place))["lanes"]] == [
        "Prednisolone, or what equals it, mg/day",
        "Tacrolimus, mg/day",
        "Tacrolimus level, ng/ml · shaded: 5–10, for morning levels",
        "Other immunosuppressants and hydroxychloroquine",
        "SLEDAI-2K",
        "C3, mg/dl · dashed: lower limit",
        "Anti-dsDNA, ELISA, IU/ml · dashed: upper limit",
        "Anti-dsDNA, Farr, IU/ml · dashed: upper limit",
        "Creatinine, mg/dl",
        "eGFR, ml/min/1.73 m² · by Japanese Society of Nephrology 2009 (Matsuo)",
        "Visits and events",
    ]


def test_levels_come_from_their_own_table_with_the_time_after_the_dose(place: Place, today: date) -> None:
    points = lane(chart_data(loaded(place)), "levels")["series"][0]["points"]
    assert [(row["value"], row.get("apart", False), row.get("label")) for row in points] == [
        (6.2, False, None), (11.8, True, None), (7.0, True, None), (1.5, False, "<1.5"),
    ]  # fmt: skip
    assert points[0]["said"] == "tacrolimus level 6.2 ng/ml"
    assert points[0]["more"].startswith("morning level, 12 h after the dose, City laboratory")
    assert points[1]["more"].startswith("24-hour level, 25 h after the dose")
    assert points[2]["more"].startswith("time of the last dose unknown")


def test_a_measurement_says_value_unit_limit_and_laboratory(place: Place) -> None:
    first = lane(chart_data(loaded(place)), "c3")["series"][0]["points"][0]
    assert first["said"] == "C3 96 mg/dl"
    assert first["more"] == "lower limit 86 mg/dl, City laboratory (invented)"
    below = lane(chart_data(loaded(place)), "dsdna_0")["series"][0]["points"][0]
    assert (below["said"], below["label"], below["value"]) == ("Anti-dsDNA, ELISA <2 IU/ml", "<2", 2)


def test_an_interval_of_sledai_has_both_ends(place: Place) -> None:
    """Rash (2) with fever and leukopenia (1 each) not assessed lies between 2 and 4."""
    points = lane(chart_data(loaded(place)), "sledai")["series"][0]["points"]
    assert {(row["value"], row["high"]) for row in points if "high" in row} == {(2, 4), (0, 2)}
    assert any(row["said"] == "SLEDAI-2K 2–4" for row in points)


def test_days_have_their_week_of_tacrolimus(place: Place, today: date) -> None:
    data = chart_data(loaded(place))
    assert data["days"][today.isoformat()].endswith(f", week {WEEKS_ON_TACROLIMUS} of tacrolimus")
    assert "week" not in data["days"][data["first"]]
    assert data["courses"] == [
        [(today - timedelta(weeks=WEEKS_ON_TACROLIMUS)).isoformat(), today.isoformat()]
    ]


def test_the_last_day_of_a_drug_is_a_day_on_the_axis(place: Place, today: date) -> None:
    """Mizoribine ended 300 days ago; prednisolone only changed its dose."""
    data = chart_data(loaded(place))
    ended = [
        row for series in lane(data, "other_drugs")["series"] for row in series["stretches"] if row["ended"]
    ]
    assert (today - timedelta(days=300)).isoformat() in {row["last"] for row in ended}
    assert {row["last"] for row in ended} <= set(data["days"])
    assert not any(row["ended"] for row in lane(data, "prednisolone")["series"][0]["stretches"])


def test_every_day_on_the_axis_has_its_words(place: Place) -> None:
    data = chart_data(loaded(place))
    shown = {
        row.get("day", row.get("first"))
        for found in data["lanes"]
        for series in found["series"]
        for row in (*series["points"], *series["marks"], *series["stretches"])
    }
    assert shown <= set(data["days"])
    assert list(data["days"]) == sorted(data["days"])


def test_what_was_entered_in_error_or_not_signed_is_not_on_the_axis(place: Place, today: date) -> None:
    before = len(entries(loaded(place), place.patient.pk))
    level = TacrolimusLevel.objects.filter(patient=place.patient).earliest("drawn_at")
    result = LaboratoryResult.objects.filter(patient=place.patient, analyte="dsdna").earliest("collected_at")
    for row in (level, result):
        void(row, by=place.doctor, reason="wrong patient")
    visits.open_visit(patient=place.patient, on=today - timedelta(days=1), values={}, by=place.doctor)
    assert len(entries(loaded(place), place.patient.pk)) == before - 2


def test_the_table_has_every_fact_with_its_link(doctor: Client, place: Place) -> None:
    page = panel(doctor, place, "timeline_table")
    rows = entries(loaded(place), place.patient.pk)
    assert page.count("<tr>") == len(rows) + 1
    result = LaboratoryResult.objects.filter(patient=place.patient, analyte="c3").latest("collected_at")
    assert (
        f'<a href="{reverse("patients:fact", args=[place.patient.pk, "laboratory", result.pk])}">C3</a>'
        in page
    )
    decision = rows[[row.name for row in rows].index("decision: tacrolimus not now")]
    assert doctor.get(decision.url).status_code == 200
    assert [row.on for row in rows] == sorted((row.on for row in rows), reverse=True)


def test_every_link_of_the_table_leads_somewhere(doctor: Client, place: Place) -> None:
    urls = {row.url.rsplit("/", 2)[0]: row.url for row in entries(loaded(place), place.patient.pk) if row.url}
    assert len(urls) == 6
    assert {doctor.get(url).status_code for url in urls.values()} == {200}


def test_the_last_values_are_the_doses_of_today_and_the_last_measurements(place: Place) -> None:
    found = {row.title: row.value for row in latest_entries(loaded(place))}
    assert found == {
        "Prednisolone equivalent": "7.5 mg/day",
        "Tacrolimus": "3 mg/day",
        "Tacrolimus level": "<1.5 ng/ml",
        "Hydroxychloroquine": "200 mg every day",
        "SLEDAI-2K": "0",
        "C3": "94 mg/dl",
        "Anti-dsDNA, ELISA": "16 IU/ml",
        "Anti-dsDNA, Farr": "22 IU/ml",
        "Creatinine": "0.72 mg/dl",
        "eGFR": found["eGFR"],
    }
    assert found["eGFR"].endswith(" ml/min/1.73 m²")


def test_a_patient_of_whom_nothing_is_known(place: Place) -> None:
    empty = registration.register_patient(
        clinic=place.clinic, by=place.nurse, number="77", family_name="New", given_name="Person", sex="F",
        birth=PartialDate.parse("1990"),
    )  # fmt: skip
    client = place.client(place.nurse)
    for name in ("timeline", "timeline_table"):
        page = client.get(reverse(f"dosing:{name}", args=[empty.pk])).content.decode()
        assert "No results, doses or visits yet." in page
        assert "<script" not in page and "<svg" not in page


def test_the_panel_has_no_style_and_no_script_that_runs(doctor: Client, place: Place) -> None:
    """The Content-Security-Policy refuses both; the data are of a type that no browser runs."""
    page = panel(doctor, place)
    assert re.findall(r"<script[^>]*>", page) == ['<script type="application/json">']
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_names_cannot_break_out_of_the_data(place: Place, doctor: Client) -> None:
    row = LaboratoryResult.objects.filter(patient=place.patient, analyte="c3").earliest("pk")
    place_of_test = row.laboratory
    place_of_test.name = "</script><b>x"
    place_of_test.save()
    page = panel(doctor, place)
    assert "</script><b>" not in page
    assert "<b>" not in page
    assert "</script><b>x" in lane(data_of(page), "c3")["series"][0]["points"][0]["more"]


def test_the_library_is_only_on_the_page_of_a_patient(doctor: Client, place: Place) -> None:
    page = doctor.get(reverse("patients:page", args=[place.patient.pk])).content.decode()
    assert "js/timeline.js" in page
    assert "echarts" not in page
    assert "echarts.common.min.js" in panel(doctor, place)
    assert "timeline" not in doctor.get(reverse("patients:list")).content.decode()


def test_ten_years_take_as_many_queries_as_one(place: Place) -> None:
    """A patient of ten years has 130 visits and nearly 400 results; a panel asks the same questions."""
    long = make_place("Long", record=full_record(local_today(Clinic()), visits=130))
    add_levels(long.patient, long.doctor, local_today(long.clinic))
    assert Visit.objects.filter(patient=long.patient).count() == 130
    for name in ("timeline", "timeline_table"):
        asked = []
        for where in (place, long):
            client, address = where.client(where.doctor), reverse(f"dosing:{name}", args=[where.patient.pk])
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            asked.append(len(seen))
        assert asked[0] == asked[1] <= 27


def test_units_of_doses_are_never_guessed(place: Place) -> None:
    """Alternate days and weekly doses are told as they are taken, the steps as a mean of the day."""
    said = {row.value for row in entries(loaded(place), place.patient.pk) if row.until}
    assert {"10 mg/day", "7.5 mg/day", "2 mg/day", "3 mg/day", "150 mg every day"} <= said
    assert all("mg" in value for value in said)
    assert Decimal("7.5") in {
        Decimal(str(row["value"]))
        for row in lane(chart_data(loaded(place)), "prednisolone")["series"][0]["stretches"]
    }
