"""The page of alert burden and its file: the numbers of a clinic worked out by hand."""

import csv
import re
from datetime import date, datetime, time
from html import unescape
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demo.samples import base
from dosing.alerts import services as alerts
from dosing.alerts.rule_labels import rule_in_words, work_in_words
from dosing.models import Alert, Task
from patients.models import Patient
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 10, 31, 12, tzinfo=TOKYO)
OCTOBER = {"since": "2026-10-01", "until": "2026-10-31"}


def at(day: int, hour: int = 9) -> time_machine.travel:
    return time_machine.travel(datetime.combine(date(2026, 10, day), time(hour), TOKYO), tick=False)


def raise_alert(place: Place, day: int, severity: int, rule: str = "potassium") -> Alert:
    with at(day):
        return Alert.objects.create(
            patient=place.patient, clinic=place.clinic, rule=rule, subject=str(day), severity=severity,
            raised_on=date(2026, 10, day), raised_verdict={}, current_verdict={},
        )  # fmt: skip


@made_once
def place() -> Place:
    """One patient for 28 days of October 2026, and four alerts.

    Two about potassium at a visit (one overridden after 4 hours, one settled by the facts after 30), one of
    potassium to act on now, acknowledged after 5 hours, and one to know that waits.
    """
    place = make_place("October", base.base_record(date(2026, 10, 31)))
    Alert.objects.all().delete()
    Alert.history.all().delete()
    Patient.objects.update(created_at=datetime(2026, 10, 4, tzinfo=TOKYO))
    overridden, settled = raise_alert(place, 5, 2), raise_alert(place, 6, 2)
    urgent = raise_alert(place, 7, 3)
    raise_alert(place, 8, 1, "something_unknown")
    with at(5, 13):
        alerts.override(alert=overridden, code="value_wrong", comment="", by=place.doctor)
    with at(7, 15):
        settled.state = "resolved"
        settled.save()
    with at(7, 14):
        alerts.acknowledge(alert=urgent, by=place.doctor)
    Task.objects.all().delete()
    with at(9):
        Task.objects.create(
            patient=place.patient, clinic=place.clinic, by_rules=True, kind="control", sentence={},
            due_on=date(2026, 10, 20), overdue_from=date(2026, 11, 3),
        )  # fmt: skip
    return place


def page(client: Client, **asked: str) -> HttpResponse:
    with time_machine.travel(NOON, tick=False):
        return client.get(reverse("dosing:alert_burden"), asked)


def words(answer: HttpResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def cells(answer: HttpResponse, table: str) -> dict[tuple[str, int], tuple[str, ...]]:
    return {(row.label, row.severity): row.cells for row in answer.context[table]}


def test_the_denominator_is_stated(place: Place) -> None:
    shown = words(page(place.client(place.doctor), **OCTOBER))
    assert "1 patient under watch for 4.0 patient-weeks, 0.0 of them on tacrolimus." in shown


def test_by_severity(place: Place) -> None:
    """Four alerts in four patient-weeks are a hundred in a hundred."""
    found = cells(page(place.client(place.doctor), **OCTOBER), "by_severity")
    assert found["All", 0][:4] == ("4", "100.0", "0", "–")
    assert found["", 3] == (
        "1", "25.0", "0", "–", "0", "1 (100 %)", "0", "0", "0", "0", "1", "5.0",
    )  # fmt: skip
    assert found["", 2] == (
        "2", "50.0", "0", "–", "1 (50 %)", "0", "0", "1 (50 %)", "0", "0", "0", "17.0",
    )  # fmt: skip
    assert found["", 1][9] == "1 (100 %)"


def test_by_rule_with_the_reasons(place: Place) -> None:
    shown = page(place.client(place.doctor), **OCTOBER)
    assert [(row.label, row.severity) for row in shown.context["by_rule"]] == [
        ("Potassium", 3),
        ("Potassium", 2),
        ("Something unknown", 1),
    ]
    assert "overridden: The value is wrong; it is corrected elsewhere 1" in words(shown)


def test_by_month_and_planned_work_apart(place: Place) -> None:
    shown = page(place.client(place.doctor), **OCTOBER)
    assert shown.context["by_month"] == [
        {"month": date(2026, 10, 1), "raised": 4, "overridden": 1, "rate": "25.0"}
    ]
    assert shown.context["work"] == [{"label": "Controls of a visit", "planned": 1, "rate": "25.0"}]


def test_the_last_twelve_weeks_without_a_period(place: Place) -> None:
    shown = page(place.client(place.doctor))
    assert shown.context["found"].since == date(2026, 8, 9)
    assert shown.context["found"].until == date(2026, 11, 1)


def test_nothing_raised(place: Place) -> None:
    shown = words(page(place.client(place.doctor), since="2026-10-20", until="2026-10-21"))
    assert "No alert was raised in this period." in shown


def test_a_day_that_is_still_to_come_counts_for_nobody(place: Place) -> None:
    shown = page(place.client(place.doctor), since="2026-10-01", until="2026-12-31")
    assert shown.context["found"].patient_weeks == 4


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-10-02", "until": "2026-10-01"},
        {"since": "2024-10-02", "until": "2026-10-01"},
        {"since": "yesterday"},
        {"clinic": "999999"},
        {"clinic": "x"},
    ],
)
def test_what_cannot_be_read_is_said(place: Place, asked: dict[str, str]) -> None:
    shown = page(place.client(place.doctor), **asked)
    assert shown.status_code == 200 and shown.context["form"].errors
    assert "By rule" not in words(shown)


def test_another_clinic_is_not_shown(place: Place) -> None:
    stranger = make_place("Stranger")
    asked = {"clinic": str(place.clinic.pk), **OCTOBER}
    shown = page(stranger.client(stranger.doctor), **asked)
    assert "clinic" in shown.context["form"].errors
    assert "October" not in words(shown)


def test_the_administrator_reads_it_and_the_nurse_does_not(place: Place) -> None:
    assert page(place.client(place.administrator), **OCTOBER).status_code == 200
    assert page(place.client(place.nurse), **OCTOBER).status_code == 403


def test_the_file_says_the_same(place: Place) -> None:
    address = f"{reverse('dosing:alert_burden_file')}?since=2026-10-01&until=2026-10-31"
    with time_machine.travel(NOON, tick=False):
        answer = place.client(place.administrator).post(address)
    assert answer["Content-Disposition"] == 'attachment; filename="tacsle-alerts-2026-10-01-2026-11-01.csv"'
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["rule"], row["severity"], row["Raised"]) for row in rows] == [
        ("potassium", "act_now", "1"),
        ("potassium", "this_visit", "2"),
        ("something_unknown", "know", "1"),
    ]
    visit = rows[1]
    assert (visit["patient_weeks"], visit["per 100 patient-weeks"]) == ("4.0", "50")
    assert (visit["Overridden"], visit["Overridden, %"], visit["reasons"]) == ("1", "50.0", "value_wrong 1")
    assert visit["per 100 patient-weeks on tacrolimus"] == ""
    assert "Person" not in answer.content.decode()


def test_a_file_that_cannot_be_made_says_why(place: Place) -> None:
    answer = place.client(place.doctor).post(f"{reverse('dosing:alert_burden_file')}?since=x")
    assert answer.context["form"].errors["since"]


def test_the_number_of_queries_does_not_grow(place: Place) -> None:
    client = place.client(place.doctor)
    page(client, **OCTOBER)
    with CaptureQueriesContext(connection) as few:
        page(client, **OCTOBER)
    for number in range(10, 30):
        raise_alert(place, number, 2)
    with CaptureQueriesContext(connection) as many:
        assert page(client, **OCTOBER).context["found"].total.tally.raised == 24
    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("code", "name"),
    [("criteria_cannot_tell", "Criteria cannot be told yet"), ("creatinine_rise", "Creatinine rise")],
)
def test_names_of_rules(code: str, name: str) -> None:
    assert rule_in_words(code) == name


@pytest.mark.parametrize(("code", "name"), [("taper_step", "Taper step"), ("hbv_dna", "Hbv dna")])
def test_names_of_work(code: str, name: str) -> None:
    assert work_in_words(code) == name
