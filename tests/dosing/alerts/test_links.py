"""Where a matter is settled: the form that fills what is missing, else the fact that the alert rests on."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts.clock import local_today
from accounts.models import User
from dosing.alerts.links import way_of_alert, way_of_task
from dosing.models import Alert, Task
from patients.rules.answers import Answer
from patients.rules.verdict import Evidence, FactReference, Missing, Source, Verdict, say
from patients.rules.verdict_json import verdict_to_json
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
SOURCE = Source("test", published=False)


@made_once
def place() -> Place:
    return make_place("Ways")


def alert(place: Place, missing: tuple[Missing, ...] = (), evidence: tuple[Evidence, ...] = ()) -> Alert:
    answer = Answer.CANNOT_TELL if missing else Answer.MET
    verdict = verdict_to_json(Verdict(answer, say("x"), SOURCE, evidence=evidence, missing=missing))
    return Alert(patient=place.patient, current_verdict=verdict)


def url(found: Any) -> str | None:
    return None if found is None else found.url


def lacks(item: str, fill: str) -> Missing:
    return Missing(item, say("x"), fill)


def page(place: Place, name: str, query: str = "") -> str:
    return reverse(f"patients:{name}", args=[place.patient.pk]) + query


# What is missing, and where the doctor and the nurse of the clinic are sent.
FORMS = {
    "ck": ("laboratory", "new_laboratory", "?analyte=ck", True),
    "vital_signs": ("visit", "new_visit", "", True),
    "complete_list": ("drug_history", "confirm_history", "", True),
    "dose": ("drug", "new_episode", "", True),
    "diabetes": ("statement", "new_statement", "?kind=diabetes", True),
    "classification": ("classification", "new_classification", "", False),
    "renal_involvement": ("patient", "change", "", True),
}


@pytest.mark.parametrize("item", FORMS)
def test_the_form_that_fills_what_is_missing(place: Place, item: str) -> None:
    fill, name, query, by_nurse = FORMS[item]
    found = alert(place, missing=(lacks(item, fill),))
    expected = page(place, name, query)
    assert url(way_of_alert(found, place.doctor)) == expected
    assert url(way_of_alert(found, place.nurse)) == (expected if by_nurse else None)


def test_the_first_that_she_may_fill(place: Place) -> None:
    several = (lacks("recheck", "wait"), lacks("classification", "classification"), lacks("ck", "laboratory"))
    found = alert(place, missing=several)
    assert url(way_of_alert(found, place.doctor)) == page(place, "new_classification")
    assert url(way_of_alert(found, place.nurse)) == page(place, "new_laboratory", "?analyte=ck")


def test_else_the_first_fact(place: Place) -> None:
    evidence = (Evidence(say("a rule's own")), Evidence(say("CK"), fact=FactReference("laboratory", 7)))
    expected = reverse("patients:fact", args=[place.patient.pk, "laboratory", 7])
    assert url(way_of_alert(alert(place, evidence=evidence), place.nurse)) == expected
    waiting = alert(place, missing=(lacks("recheck", "wait"),), evidence=evidence)
    assert url(way_of_alert(waiting, place.doctor)) == expected


def test_or_nowhere(place: Place) -> None:
    assert way_of_alert(alert(place), place.doctor) is None


@pytest.mark.parametrize(
    ("kind", "expected"), [("control", "new_laboratory"), ("effect", "new_visit"), ("odd", None)]
)
def test_planned_work(place: Place, kind: str, expected: str | None) -> None:
    today: date = local_today(place.clinic)
    task = Task(patient=place.patient, kind=kind, due_on=today, overdue_from=today)
    people: list[User] = [place.doctor, place.nurse]
    wanted = None if expected is None else page(place, expected)
    assert [url(way_of_task(task, person)) for person in people] == [wanted, wanted]
    assert way_of_task(task, place.administrator) is None


def test_a_level_is_logged_in_the_sheet_of_levels(place: Place) -> None:
    today: date = local_today(place.clinic)
    task = Task(patient=place.patient, kind="level_due", due_on=today, overdue_from=today)
    assert url(way_of_task(task, place.nurse)) == f"{reverse('dosing:levels')}?patient={place.patient.number}"
    assert way_of_task(task, place.administrator) is None
