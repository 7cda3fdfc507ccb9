"""The panel of safety on tacrolimus: signals, other drugs with the table's date, the calendar."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext

from dosing.models import Alert
from dosing.rules.interactions import TABLE
from dosing.safety.queries import safety_status
from patients.models import DoseEpisode, DrugHistory, LaboratoryResult
from patients.rules.drugs import DRUGS
from patients.services.drugs import confirm_drug_history, start_episode
from patients.services.laboratory import laboratory_named, record_result
from tests.dosing.courses import NOW, TODAY, TOKYO, day, level, on_3_mg
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return on_3_mg("Safety")


def panel(place: Place) -> str:
    address = reverse("dosing:safety_panel", args=[place.patient.pk])
    return " ".join(place.client(place.doctor).get(address).content.decode().split())


def drug(place: Place, key: str, start: date, text: str = "") -> None:
    row = DoseEpisode(
        patient=place.patient, drug=key, drug_text=text, dose_mg=Decimal(1), route="oral", start=start
    )
    start_episode(episode=row, by=place.doctor)


def test_who_takes_no_tacrolimus_is_sent_to_the_gate() -> None:
    assert "Not on tacrolimus" in panel(make_place("Without"))


def test_nothing_is_raised_where_nothing_is_wrong(place: Place) -> None:
    page = panel(place)
    assert "No signal by what is recorded." in page
    assert "Interaction table of 22 Nov 2026" in page


def test_a_signal_stands_with_its_evidence_like_the_stored_alert(place: Place) -> None:
    row = LaboratoryResult(
        patient=place.patient,
        analyte="potassium",
        value=Decimal("6.1"),
        entered="6.1",
        collected_at=datetime.combine(day(1), NOW.time(), tzinfo=TOKYO),
        laboratory=laboratory_named(clinic=place.clinic, name="Central", by=place.doctor),
    )
    record_result(result=row, by=place.nurse)
    page = panel(place)
    assert "6.1" in page
    assert "Act now" in page
    shown = {(found.rule, found.subject, found.severity) for found in safety_status(place.patient).signals}
    stored = Alert.objects.unresolved().filter(patient=place.patient)
    assert {(alert.rule, alert.subject, alert.severity) for alert in stored} == shown


def test_a_drug_that_interacts(place: Place) -> None:
    drug(place, "clarithromycin", day(2))
    page = panel(place)
    for words in ("clarithromycin", "since 18 Nov 2026", "tacrolimus rises strongly", "level, creatinine"):
        assert words.casefold() in page.casefold()
    alert = Alert.objects.unresolved().get(patient=place.patient, rule="interaction")
    assert (alert.severity, alert.subject) == (3, "clarithromycin")


def test_a_drug_that_nobody_recognises_leaves_the_check_open(place: Place) -> None:
    drug(place, "", day(2), "grandmother's tea")
    page = panel(place)
    assert "grandmother&#x27;s tea" in page
    assert "cannot be told" in page
    assert Alert.objects.unresolved().get(patient=place.patient, rule="interaction_unknown").undecided


@pytest.mark.parametrize(("age", "old"), [(28, False), (29, True)])
def test_an_old_drug_list_is_said(place: Place, age: int, old: bool) -> None:
    DrugHistory.objects.filter(patient=place.patient).delete()
    said = DrugHistory(patient=place.patient, stated_on=day(age), complete_days=90, informant="patient")
    confirm_drug_history(confirmation=said, by=place.nurse)
    assert ("Drugs unconfirmed" in panel(place)) is old


def test_the_present_control_with_what_is_done_and_open(place: Place) -> None:
    """The course began 40 days ago: the control of week 4 is the present one, due on day 28."""
    level(place, "6.1", before=2)
    page = panel(place)
    assert "Week 4" in page
    assert f"due {TODAY - timedelta(days=12):%-d %b %Y}" in page
    control = safety_status(place.patient).control
    assert control is not None
    assert "level" in control.known
    assert "blood count" in control.missing


def test_a_drug_goes_through_its_control(place: Place) -> None:
    drug(place, "diltiazem", day(4))
    assert Alert.objects.unresolved().filter(patient=place.patient, rule="interaction").exists()
    level(place, "6.1", before=1)
    assert not Alert.objects.unresolved().filter(patient=place.patient, rule="interaction").exists()


def test_many_drugs_cost_no_more_queries_than_one(place: Place) -> None:
    drug(place, "diltiazem", day(4))
    panel(place)
    with CaptureQueriesContext(connection) as one:
        panel(place)
    for key in ("clarithromycin", "loxoprofen", "atorvastatin"):
        drug(place, key, day(3))
    with CaptureQueriesContext(connection) as many:
        panel(place)
    assert len(many) == len(one)


def test_the_whole_table_can_be_read(place: Place) -> None:
    """Every class of 4.3 with its drugs, sources and the clearance factors."""
    answer = place.client(place.nurse).get(reverse("dosing:interaction_table"))
    page = " ".join(answer.content.decode().split())
    for row in TABLE:
        assert escape(gettext(row.action)) in page
        assert all(escape(DRUGS[key].label) in page for key in row.members)
    assert "(factor 0.69)" in page
    assert "of 22 Nov 2026" in page
