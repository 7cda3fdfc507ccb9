"""The invented patients of the demonstration: each is there, some with levels and an adverse event."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from demo.samples.load import load_samples
from demo.samples.scenarios import SCENARIOS
from dosing.models import AdverseEvent, Alert, TaperPlan
from dosing.rules.findings import Severity
from dosing.rules.taper.decision import StepAction
from dosing.taper.queries import taper_status
from patients.models import Patient

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def said() -> Any:
    with time_machine.travel(MORNING, tick=False):
        lines: list[str] = []
        load_samples(lines.append)
        yield lines


def test_every_scenario_is_loaded_once(said: list[str]) -> None:
    first_clinic = Patient.objects.filter(clinic__name="Demonstration clinic")
    assert sorted(first_clinic.values_list("number", flat=True)) == [row.number for row in SCENARIOS]
    assert load_samples(said.append) == 0


def test_one_event_is_confirmed_and_one_waits_for_a_doctor(said: list[str]) -> None:
    confirmed = AdverseEvent.objects.get(patient__number="1027")
    reported = AdverseEvent.objects.get(patient__number="1029")
    assert (confirmed.term, confirmed.is_confirmed, str(confirmed.resolved)) == ("tremor", True, "2026-10-09")
    assert (reported.term, reported.is_confirmed, reported.serious) == ("muscle_pain", False, None)
    waiting = Alert.objects.unresolved().filter(rule="adverse_event")
    assert [(row.patient.number, row.severity) for row in waiting] == [("1029", Severity.THIS_VISIT)]


def test_the_time_of_each_event_is_filled_in(said: list[str]) -> None:
    days = {
        row.patient.number: row.circumstances["day_of_tacrolimus"]
        for row in AdverseEvent.objects.select_related("patient")
    }
    # Tacrolimus began 98 and 7 days ago; the events 66 and 2 days ago.
    assert days == {"1027": 32, "1029": 5}


def test_one_taper_runs_and_its_next_step_may_be_taken(said: list[str]) -> None:
    plan = TaperPlan.objects.get()
    step = taper_status(plan.patient).step
    assert plan.patient.number == "1027"
    assert step is not None
    assert (step.action, step.from_mg, step.to_mg) == (StepAction.GO, 9, 8)
