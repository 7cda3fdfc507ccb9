"""Writes the invented year through the services, a day at a time, with the nightly check after each day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.clock import local_today, pretending
from accounts.models import Clinic, User
from accounts.services import system_user
from demo.samples import base
from demo.simulation import tapering
from demo.simulation.plan import TENTH, Course, Day, Rates, course
from dosing.alerts.services import acknowledge
from dosing.assessment import nightly
from dosing.levels.services import record_level
from dosing.models import Alert, AlertState, ReassessmentRun, RunState, TacrolimusLevel
from dosing.rules.findings import Severity
from patients import changes
from patients.models import DoseEpisode, DrugHistory, Laboratory, Patient
from patients.rules.findings import OBSERVATIONS, SYMPTOMS
from patients.rules.record import Attribution, Episode, Symptom, Visit
from patients.rules.sledai import ITEMS
from patients.services import import_rows, writing
from patients.services.drugs import correct_episode, start_episode
from patients.services.importing import Identity, import_record
from patients.services.laboratory import laboratory_named, record_many_results

SIMULATOR = "simulator"
EVENING, MORNING = time(20), time(8, 30)
START_MG = Decimal(3)
KILL_EVERY = 50


@dataclass
class Simulated:
    """The clinic after its year: people, what was planned, dangers without their alert, steps taken."""

    clinic: Clinic
    since: date
    days: int
    courses: dict[int, Course]
    dangers: int = 0
    missed: tuple[str, ...] = ()
    killed: int = 0
    steps: int = 0


def simulate(patients: int, days: int, seed: int, rates: Rates, say: Callable[[str], None]) -> Simulated:
    """Invent a clinic and let its days pass up to yesterday; now and then a night dies half-way."""
    clinic = Clinic.objects.create(
        name=f"Simulation {seed} of {datetime.now(ZoneInfo('UTC')):%Y-%m-%d %H:%M:%S}"
    )
    since = local_today(clinic) - timedelta(days=days + 1)
    by = system_user(SIMULATOR, clinic)
    place = laboratory_named(clinic=clinic, name=base.LABORATORY, by=by)
    random = Random(seed)  # noqa: S311 - invented patients, no secret
    people = _people(clinic, patients, since, by)
    result = Simulated(clinic, since, days, {person.pk: course(random, rates) for person in people})
    for number in range(days + 1):
        today = since + timedelta(days=number)
        with pretending(today):
            for person in people:
                happens = result.courses[person.pk].get(number)
                if happens is not None:
                    write_day(person, happens, today, place, by)
                    _look_for_dangers(result, person, happens, today)
                    result.steps += happens.visit and tapering.step(person, today, by)
            _see(clinic, today, by)
            result.killed += _night(clinic, today, killed=number % KILL_EVERY == KILL_EVERY - 1)
        if number % 28 == 0:
            say(f"  day {number} of {days}")
    return result


@transaction.atomic
def write_day(patient: Patient, happens: Day, today: date, place: Laboratory, by: User) -> None:
    """Record a patient's facts of a day in one transaction, with one assessment."""
    with changes.held():
        if happens.visit:
            writing.insert_many([import_rows.visit_row(patient, _visit(happens, today), by)], by=by)
            listed = DrugHistory(patient=patient, stated_on=today, complete_days=120, informant="invented")
            writing.insert(listed, by=by)
        _write_results(patient, happens, today, place, by)
        _write_drugs(patient, happens, today, by)
        if happens.level_ng_ml is not None:
            record_level(level=_level(patient, happens.level_ng_ml, today, place), by=by)


def _people(clinic: Clinic, count: int, since: date, by: User) -> list[Patient]:
    started = Episode(0, "tacrolimus", since, START_MG, formulation="capsule")
    with pretending(since):
        people = [
            import_record(
                record=base.with_episodes(base.with_rash(base.base_record(since)), started),
                identity=Identity(f"{number}", "Invented", f"Person {number}"),
                clinic=clinic,
                by=by,
            )
            for number in range(1, count + 1)
        ]
        for person in people:
            tapering.plan(person, since, by)
    return people


def _visit(happens: Day, today: date) -> Visit:
    symptoms = {code: Symptom(0) for code in SYMPTOMS}
    if happens.rash:
        symptoms["rash"] = Symptom(happens.rash, Attribution.YES)
    sledai: dict[str, bool | None] = {item.code: False for item in ITEMS}
    sledai["rash"] = bool(happens.rash)
    quiet = max(base.base_record(today).visits, key=lambda visit: visit.on)
    observed = {code: code in happens.observed for code in OBSERVATIONS}
    return replace(quiet, on=today, symptoms=symptoms, sledai=sledai, observations=observed)


def _write_results(patient: Patient, happens: Day, today: date, place: Laboratory, by: User) -> None:
    rows = [base.result(analyte, today, str(value)) for analyte, value in happens.results.items()]
    record_many_results(results=[import_rows.result_row(patient, row, place) for row in rows], by=by)


def _write_drugs(patient: Patient, happens: Day, today: date, by: User) -> None:
    if happens.dose_mg is not None:
        _end(patient, "tacrolimus", today - timedelta(days=1), by)
        _start(patient, Episode(0, "tacrolimus", today, happens.dose_mg, formulation="capsule"), by)
    if happens.starts:
        _start(patient, Episode(0, happens.starts, today, Decimal(200)), by)
    if happens.ends:
        _end(patient, happens.ends, today, by)


def _start(patient: Patient, episode: Episode, by: User) -> None:
    start_episode(episode=import_rows.episode_row(patient, episode), by=by)


def _end(patient: Patient, drug: str, last_day: date, by: User) -> None:
    row = DoseEpisode.objects.active().get(patient=patient, drug=drug, last_day=None)
    values = {"last_day": last_day}
    correct_episode(episode=row, values=values, reason="invented", by=by, expected_version=row.version)


def _level(patient: Patient, ng_ml: Decimal, today: date, place: Laboratory) -> TacrolimusLevel:
    zone = ZoneInfo(patient.clinic.time_zone)
    dose = DoseEpisode.objects.active().filter(patient=patient, drug="tacrolimus", start__lt=today)
    return TacrolimusLevel(
        patient=patient,
        drawn_at=datetime.combine(today, MORNING, tzinfo=zone),
        last_dose_at=datetime.combine(today - timedelta(days=1), EVENING, tzinfo=zone),
        dose_mg=_tenths(dose.latest("start").dose_mg),
        value_ng_ml=ng_ml,
        entered=str(ng_ml),
        laboratory=place,
    )


def _tenths(mg: Decimal | None) -> Decimal | None:
    return None if mg is None else mg.quantize(TENTH)


def _look_for_dangers(result: Simulated, patient: Patient, happens: Day, today: date) -> None:
    """Each danger must have its open "act now" in the moment in which it was written."""
    said = set(
        Alert.objects.unresolved()
        .filter(patient=patient, severity=Severity.ACT_NOW)
        .values_list("rule", flat=True)
    )
    result.dangers += len(happens.dangers)
    result.missed += tuple(
        f"patient {patient.pk}, {today}: {rule}" for rule in happens.dangers if rule not in said
    )


def _see(clinic: Clinic, today: date, by: User) -> None:
    """A doctor looks at what was open yesterday."""
    waiting = Alert.objects.filter(clinic=clinic, state=AlertState.OPEN, raised_on__lt=today)
    for alert in waiting.filter(severity__gte=Severity.THIS_VISIT):
        acknowledge(alert=alert, by=by)


def _night(clinic: Clinic, today: date, *, killed: bool) -> int:
    """The nightly check of the clinic; a killed one leaves its row, and the next continues from it."""
    row = ReassessmentRun.objects.create(clinic=clinic, on=today, state=RunState.WAITING)
    if killed:
        with transaction.atomic():
            half = (Patient.objects.filter(clinic=clinic).count() + 1) // 2
            ids = list(
                Patient.objects.filter(clinic=clinic).order_by("pk").values_list("pk", flat=True)[:half]
            )
            row.state = RunState.RUNNING
            row.save()
            nightly.reassess_batch(row, ids, today)
        ReassessmentRun.objects.filter(pk=row.pk).update(heartbeat=row.heartbeat - nightly.DEAD_AFTER * 2)
    finished = nightly.run_clinic_reassessment(row.pk)
    if finished is None or finished.state != RunState.FINISHED:
        raise RuntimeError(f"the night of {today} did not end")
    return int(killed)
