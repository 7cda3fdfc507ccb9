"""Died, moved, transferred, lost, no research: what follows for alerts, tasks, lists and exports."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from analytics.cohorts import CohortSelection, cohort_of
from analytics.exports.population import Population
from analytics.exports.subjects import Identified
from dosing.adverse_events.services import report_event
from dosing.models import AdverseEvent, Alert, Task
from patients.models import LaboratoryResult, PersonState
from patients.rules.dates import PartialDate
from patients.services.laboratory import laboratory_named, record_results
from patients.services.person_states import record_state
from patients.services.writing import void
from tests.dosing.courses import NOW, on_3_mg
from tests.hazards import Place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    """On tacrolimus, with potassium 6.4 of this morning (second specification, cases 37 and 38)."""
    made = on_3_mg()
    row = LaboratoryResult(
        patient=made.patient, analyte="potassium", value=Decimal("6.4"), entered="6.4 mmol/L",
        collected_at=timezone.now() - timedelta(hours=1),
        laboratory=laboratory_named(clinic=made.clinic, name="A", by=made.doctor),
    )  # fmt: skip
    record_results(results=[row], by=made.doctor)
    return made


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def rules_open(place: Place) -> set[str]:
    return set(Alert.objects.unresolved().filter(patient=place.patient).values_list("rule", flat=True))


def tasks_open(place: Place) -> int:
    return Task.objects.filter(patient=place.patient, state="open").count()


def became(place: Place, kind: str, since: date, **more: object) -> PersonState:
    state = PersonState(patient=place.patient, kind=kind, since=since, source="letter", **more)
    return record_state(state=state, by=place.doctor)


def test_the_patient_has_an_urgent_alert_and_work_to_do(place: Place) -> None:
    assert "potassium" in " ".join(rules_open(place))
    assert tasks_open(place) > 0


def test_who_died_has_no_alert_and_no_task(place: Place, today: date, doctor: Client) -> None:
    form = {"kind": "died", "since": today.isoformat(), "source": "the family"}
    answer = doctor.post(reverse("patients:new_state", args=[place.patient.pk]), form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert (rules_open(place), tasks_open(place)) == (set(), 0)
    page = doctor.get(reverse("patients:page", args=[place.patient.pk])).content.decode()
    assert "died" in page
    assert "died" in doctor.get(reverse("patients:list"), {"q": place.patient.number}).content.decode()
    call_command("reassess")
    call_command("reassess", "--check")
    assert (rules_open(place), tasks_open(place)) == (set(), 0)


def test_taken_back_everything_is_watched_again(place: Place, today: date) -> None:
    before = rules_open(place)
    state = became(place, "died", today)
    void(fact=state, reason="another person of this name", by=place.doctor)
    assert rules_open(place) == before
    call_command("reassess", "--check")


@pytest.mark.parametrize("kind", ["moved", "transferred"])
def test_what_is_urgent_stays_with_the_sender(place: Place, today: date, kind: str) -> None:
    became(place, kind, today, receiver="Dr B, Kyoto")
    assert {alert.severity for alert in Alert.objects.unresolved().filter(patient=place.patient)} == {3}
    assert not Task.objects.filter(patient=place.patient, state="open", by_rules=True).exists()


def test_until_the_transfer_is_accepted(place: Place, today: date, doctor: Client) -> None:
    state = became(place, "transferred", today, receiver="Dr B, Kyoto")
    address = reverse("patients:accept_transfer", args=[place.patient.pk, state.pk])
    answer = doctor.post(address, {"accepted_on": today.isoformat(), "version": state.version})
    assert answer.status_code == 302
    assert (rules_open(place), tasks_open(place)) == (set(), 0)


def test_who_is_lost_is_watched_as_before_and_who_returned_too(place: Place, today: date) -> None:
    before = rules_open(place)
    became(place, "lost", today - timedelta(days=2))
    assert rules_open(place) == before
    became(place, "moved", today - timedelta(days=1))
    became(place, "returned", today)
    assert rules_open(place) == before


def test_a_fatal_event_says_that_the_patient_died(place: Place, today: date) -> None:
    event = AdverseEvent(
        patient=place.patient, term_text="sepsis", grade=5, outcome="fatal", serious=True,
        serious_criterion="death", onset=PartialDate.on(today - timedelta(days=1)),
        resolved=PartialDate.on(today),
    )  # fmt: skip
    report_event(event=event, by=place.doctor)
    assert PersonState.objects.get(patient=place.patient).since == today
    assert (rules_open(place), tasks_open(place)) == (set(), 0)


def test_what_a_nurse_reports_waits_for_a_doctor(place: Place, today: date) -> None:
    event = AdverseEvent(
        patient=place.patient, term_text="sepsis", grade=5, outcome="fatal", serious=True,
        serious_criterion="death", onset=PartialDate.on(today),
    )  # fmt: skip
    report_event(event=event, by=place.nurse)
    assert not PersonState.objects.exists()
    assert rules_open(place)


def test_facts_after_the_death_are_refused_and_earlier_ones_taken(place: Place, today: date) -> None:
    became(place, "died", today - timedelta(days=3))
    zone, laboratory = (
        ZoneInfo(place.clinic.time_zone),
        laboratory_named(clinic=place.clinic, name="A", by=place.doctor),
    )

    def enter(day: date) -> None:
        row = LaboratoryResult(
            patient=place.patient, analyte="c3", value=Decimal(80), entered="80", laboratory=laboratory,
            collected_at=datetime(day.year, day.month, day.day, 8, tzinfo=zone),
        )  # fmt: skip
        record_results(results=[row], by=place.doctor)

    enter(today - timedelta(days=4))
    with pytest.raises(ValidationError, match="died on"):
        enter(today - timedelta(days=1))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"kind": "died", "since": "2099-01-01", "source": "x"}, "since"),
        ({"kind": "died", "since": "1900-01-01", "source": "x"}, "since"),
        ({"kind": "died", "since": "", "source": "x"}, "since"),
        ({"kind": "died", "since": "2020-02-31", "source": "x"}, "since"),
        ({"kind": "transferred", "since": "2020-02-01", "source": "x"}, "receiver"),
        ({"kind": "moved", "since": "2020-02-01", "source": "x", "accepted_on": "2020-03-01"}, "accepted_on"),
        ({"kind": "", "since": "2020-02-01", "source": "x"}, "kind"),
        ({"kind": "moved", "since": "2020-02-01", "source": ""}, "source"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    place: Place, doctor: Client, form: dict[str, str], field: str
) -> None:
    answer = doctor.post(reverse("patients:new_state", args=[place.patient.pk]), form)
    assert field in answer.context["form"].errors
    assert not PersonState.objects.exists()


def test_who_wants_no_research_is_in_no_report_and_no_export(place: Place, today: date) -> None:
    def reported() -> tuple[int, list[int]]:
        cohort = cohort_of(place.clinic, CohortSelection(today))
        return len(cohort.outcomes), Population(place.clinic, today, Identified()).keys()

    assert reported() == (1, [place.patient.pk])
    became(place, "no_research", today)
    assert reported() == (0, [])
    assert rules_open(place)


def test_the_page_of_the_dead_does_not_say_that_criteria_are_met(
    place: Place, today: date, doctor: Client
) -> None:
    became(place, "died", today)
    page = doctor.get(reverse("dosing:criteria", args=[place.patient.pk])).content.decode()
    assert "The patient died" in page
    assert "Criteria" not in page.replace("Criteria for adding tacrolimus", "")


def test_an_event_after_the_death_is_refused(place: Place, today: date) -> None:
    became(place, "died", today - timedelta(days=3))
    event = AdverseEvent(
        patient=place.patient, term_text="tremor", grade=1, outcome="unknown", serious=False,
        onset=PartialDate.on(today - timedelta(days=1)),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="died on"):
        report_event(event=event, by=place.doctor)
