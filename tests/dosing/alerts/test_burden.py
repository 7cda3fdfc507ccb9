"""The burden of alerts of a clinic, from what is stored."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.clock import local_today
from demo.samples import base
from dosing.alerts import services as alerts
from dosing.alerts.burden.queries import Burden, burden
from dosing.models import Alert, Task
from patients.models import DoseEpisode, Patient
from patients.services import writing
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TOKYO = ZoneInfo("Asia/Tokyo")


@made_once
def place() -> Place:
    """One patient, entered today, whom the rules ask nothing about."""
    place = make_place("Burden", base.base_record(datetime.now(TOKYO).date()))
    Alert.objects.all().delete()
    Alert.history.all().delete()
    return place


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def moment(day: date, hour: int = 9) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(hour), TOKYO), tick=False)


def raise_alert(place: Place, rule: str = "potassium", severity: int = 2, subject: str = "") -> Alert:
    return Alert.objects.create(
        patient=place.patient,
        clinic=place.clinic,
        rule=rule,
        subject=subject,
        severity=severity,
        raised_on=local_today(place.clinic),
        raised_verdict={},
        current_verdict={},
    )


def under_watch_since(place: Place, day: date) -> None:
    Patient.objects.filter(pk=place.patient.pk).update(created_at=datetime.combine(day, time(9), TOKYO))


def weeks(place: Place, today: date, count: int = 4) -> Burden:
    return burden(place.clinic, today - timedelta(weeks=count) + timedelta(days=1), today + timedelta(days=1))


def test_a_clinic_without_alerts(place: Place, today: date) -> None:
    found = weeks(place, today)
    assert (found.total.tally.raised, found.lines, found.months, dict(found.tasks)) == (0, (), (), {})
    assert [line.severity for line in found.severities] == [3, 2, 1]


def test_patient_weeks_count_from_the_day_of_entry(place: Place, today: date) -> None:
    assert weeks(place, today).patient_weeks == pytest.approx(1 / 7)
    under_watch_since(place, today - timedelta(days=13))
    assert weeks(place, today).patient_weeks == 2
    under_watch_since(place, today - timedelta(days=400))
    found = weeks(place, today)
    assert (found.patients, found.patient_weeks, found.tacrolimus_weeks) == (1, 4, 0)


def test_two_alerts_in_four_patient_weeks_are_fifty_in_a_hundred(place: Place, today: date) -> None:
    under_watch_since(place, today - timedelta(days=400))
    for subject in ("a", "b"):
        raise_alert(place, subject=subject)
    (line,) = weeks(place, today).lines
    assert (line.rule, line.severity, line.tally.raised, line.per_100) == ("potassium", 2, 2, 50)
    assert line.per_100_on_tacrolimus is None


def test_those_on_tacrolimus_apart(place: Place, today: date) -> None:
    """14 days of the 28 on tacrolimus, the last of them 7 days ago; one alert then, one after."""
    under_watch_since(place, today - timedelta(days=400))
    taken = DoseEpisode(
        patient=place.patient,
        drug="tacrolimus",
        dose_mg=3,
        start=today - timedelta(days=20),
        last_day=today - timedelta(days=7),
    )
    writing.insert(taken, by=place.doctor)
    Alert.objects.all().delete()
    Alert.history.all().delete()
    with moment(today - timedelta(days=7)):
        raise_alert(place)
    with moment(today - timedelta(days=6)):
        raise_alert(place, subject="later")
    found = weeks(place, today)
    (line,) = found.lines
    assert found.tacrolimus_weeks == 2
    assert (line.tally.raised, line.on_tacrolimus) == (2, 1)
    assert (line.per_100, line.per_100_on_tacrolimus) == (50, 50)


def test_a_stated_dose_of_nothing_is_not_taking_it(place: Place, today: date) -> None:
    under_watch_since(place, today - timedelta(days=400))
    writing.insert(
        DoseEpisode(patient=place.patient, drug="tacrolimus", dose_mg=0, start=today - timedelta(days=20)),
        by=place.doctor,
    )
    assert weeks(place, today).tacrolimus_weeks == 0


def test_only_what_was_raised_in_the_period_counts_whatever_came_later(place: Place, today: date) -> None:
    first, last = today - timedelta(days=30), today - timedelta(days=10)
    with moment(first - timedelta(days=1)):
        raise_alert(place, subject="before")
    with moment(first):
        within = raise_alert(place, subject="first day")
    with moment(last):
        raise_alert(place, subject="after")
    Alert.objects.filter(subject="before").get().save()
    alerts.acknowledge(alert=within, by=place.doctor)
    found = burden(place.clinic, first, last)
    assert (found.total.tally.raised, found.total.tally.acknowledged) == (1, 1)


def test_what_people_did_by_month(place: Place) -> None:
    """Two alerts in September, one of them overridden; one in October."""
    for day, rule in ((3, "potassium"), (4, "glucose")):
        with moment(date(2026, 9, day)):
            raised = raise_alert(place, rule)
        if rule == "glucose":
            with moment(date(2026, 9, day), hour=15):
                alerts.override(alert=raised, code="known_and_accepted", comment="", by=place.doctor)
    with moment(date(2026, 10, 1)):
        raise_alert(place, "creatinine", severity=3)
    found = burden(place.clinic, date(2026, 9, 1), date(2026, 11, 1))
    assert [(month, each.raised, each.override_rate) for month, each in found.months] == [
        (date(2026, 9, 1), 2, 50.0),
        (date(2026, 10, 1), 1, 0.0),
    ]
    by_rule = {line.rule: line for line in found.lines}
    assert [line.rule for line in found.lines] == ["creatinine", "glucose", "potassium"]
    assert by_rule["glucose"].tally.reasons == (("known_and_accepted", 1),)
    assert by_rule["glucose"].tally.median_hours == 6
    assert by_rule["creatinine"].tally.late == 1
    assert [(line.severity, line.tally.raised) for line in found.severities] == [(3, 1), (2, 2), (1, 0)]


def test_a_day_is_the_clinics_own(place: Place) -> None:
    """1 October, 0:30 in Tokyo is still September in UTC."""
    with time_machine.travel(datetime(2026, 10, 1, 0, 30, tzinfo=TOKYO), tick=False):
        raise_alert(place)
    assert burden(place.clinic, date(2026, 10, 1), date(2026, 10, 2)).total.tally.raised == 1
    assert burden(place.clinic, date(2026, 9, 30), date(2026, 10, 1)).total.tally.raised == 0


def test_another_clinic_counts_for_nothing(place: Place, today: date) -> None:
    other = make_place("Other")
    assert Alert.objects.filter(clinic=other.clinic).exists()
    found = weeks(place, today)
    assert (found.total.tally.raised, found.patients) == (0, 1)


def test_planned_work_is_counted_apart(place: Place, today: date) -> None:
    for kind, subject in (("level_due", ""), ("control", "a"), ("control", "b")):
        Task.objects.create(
            patient=place.patient,
            clinic=place.clinic,
            by_rules=True,
            kind=kind,
            subject=subject,
            sentence={},
            due_on=today,
            overdue_from=today,
        )
    found = weeks(place, today)
    assert dict(found.tasks) == {"level_due": 1, "control": 2}
    assert found.total.tally.raised == 0


def test_the_number_of_queries_does_not_grow(place: Place, today: date) -> None:
    raise_alert(place)
    with CaptureQueriesContext(connection) as few:
        weeks(place, today)
    for number in range(20):
        raise_alert(place, subject=str(number))
    with CaptureQueriesContext(connection) as many:
        assert weeks(place, today).total.tally.raised == 21
    assert len(few) == len(many) <= 4
