"""Writes the invented patients into the demonstration clinic, and one into a second clinic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.clock import local_today
from accounts.models import Clinic, User
from accounts.services import system_user
from demo.samples.base import LABORATORY
from demo.samples.scenarios import SCENARIOS, Happened, LevelDraw, Scenario
from dosing.adverse_events.services import import_event, report_event
from dosing.levels.services import record_level
from dosing.models import AdverseEvent, TacrolimusLevel, TaperPlan
from dosing.models.adverse_event import ActionTaken, EventOutcome
from dosing.taper.services import plan_taper
from patients import changes
from patients.models import Patient
from patients.rules.dates import PartialDate
from patients.services.bulk import insert_records
from patients.services.import_rows import Identity
from patients.services.laboratory import laboratory_named

CLINIC = "Demonstration clinic"
SECOND_CLINIC = "Second clinic"
IN_THE_SECOND_CLINIC = 1
LOADER = "demonstration-loader"
EVENING, MORNING = time(20), time(8, 30)


def load_samples(say: Callable[[str], None]) -> int:
    """Load what is not there yet, with dates relative to today; returns how many were loaded."""
    first = _load(CLINIC, len(SCENARIOS), say)
    return first + _load(SECOND_CLINIC, IN_THE_SECOND_CLINIC, say)


def _level(patient: Patient, drawn: LevelDraw, today: date, by: User) -> TacrolimusLevel:
    zone = ZoneInfo(patient.clinic.time_zone)
    day = today - timedelta(days=drawn.days_ago)
    evening = datetime.combine(day - timedelta(days=1), EVENING, tzinfo=zone)
    return TacrolimusLevel(
        patient=patient,
        drawn_at=datetime.combine(day, MORNING, tzinfo=zone),
        last_dose_at=evening if drawn.taken else None,
        dose_mg=3,
        value_ng_ml=Decimal(drawn.ng_ml),
        entered=drawn.ng_ml,
        assay="CLIA",
        laboratory=laboratory_named(clinic=patient.clinic, name=LABORATORY, by=by),
    )


def _event(patient: Patient, happened: Happened, today: date, by: User) -> AdverseEvent:
    """Saved as a doctor's, or as one that waits for a doctor; nobody has said then whether it is serious."""
    onset = today - timedelta(days=happened.days_ago)
    over = None if happened.over_after is None else onset + timedelta(days=happened.over_after)
    event = AdverseEvent(
        patient=patient,
        term=happened.term,
        onset=PartialDate.on(onset),
        grade=happened.grade,
        serious=False if happened.confirmed else None,
        action=ActionTaken.NONE,
        outcome=EventOutcome.NOT_RECOVERED if over is None else EventOutcome.RECOVERED,
        resolved=None if over is None else PartialDate.on(over),
        comment=happened.comment,
    )
    keep = import_event if happened.confirmed else report_event
    return keep(event=event, by=by)


def _load(name: str, count: int, say: Callable[[str], None]) -> int:
    clinic, _made = Clinic.objects.get_or_create(name=name)
    by = system_user(LOADER, clinic)
    present = set(Patient.objects.filter(clinic=clinic).values_list("number", flat=True))
    waiting = [scenario for scenario in SCENARIOS[:count] if scenario.number not in present]
    if waiting:
        _write(waiting, clinic, by)
    for scenario in waiting:
        say(f"  invented patient {scenario.number}: {scenario.shows}")
    return len(waiting)


@transaction.atomic
def _write(scenarios: Sequence[Scenario], clinic: Clinic, by: User) -> None:
    """The records in bulk, then what happened to each; each is assessed once, when all is written."""
    today = local_today(clinic)
    patients = insert_records(
        [(_identity(scenario), scenario.build(today)) for scenario in scenarios],
        clinic=clinic,
        places={LABORATORY: laboratory_named(clinic=clinic, name=LABORATORY, by=by)},
        by=by,
    )
    with changes.held():
        for scenario, patient in zip(scenarios, patients, strict=True):
            _happen(scenario, patient, today, by)
            changes.announce(patient)


def _identity(scenario: Scenario) -> Identity:
    return Identity(scenario.number, scenario.family_name, scenario.given_name)


def _happen(scenario: Scenario, patient: Patient, today: date, by: User) -> None:
    """Levels, a taper and adverse events, each as a person would have entered it."""
    for drawn in scenario.levels:
        record_level(level=_level(patient, drawn, today, by), by=by)
    if scenario.taper is not None:
        plan_taper(plan=TaperPlan(patient=patient, start_on=today - timedelta(days=scenario.taper)), by=by)
    for happened in scenario.events:
        _event(patient, happened, today, by)
