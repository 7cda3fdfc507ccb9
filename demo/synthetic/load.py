"""Writes an invented clinic of any size, batch by batch; each batch whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

import django
from django.db import connection, transaction

from accounts.clock import local_today
from accounts.models import Clinic, User
from accounts.services import system_user
from demo.synthetic.disease import LABORATORIES
from demo.synthetic.invent import Invented, invent, patient_number
from demo.synthetic.plan import SyntheticPhase
from demo.synthetic.starts import write_starts
from dosing.assessment.assess import ClinicRules, assess_record, rules_of
from dosing.assessment.facts import load_treatments
from dosing.assessment.reconcile import store_first_assessments
from dosing.models import TacrolimusLevel
from patients.loading import load_records
from patients.models import Laboratory, Patient
from patients.services.bulk import insert_records, insert_rows
from patients.services.laboratory import laboratory_named

CLINIC = "Synthetic clinic"
LOADER = "synthetic-loader"
BATCH = 250
LEVEL_ASSAY = "CLIA"


@dataclass
class Loaded:
    """What was loaded: how many of which phase, and how long it took."""

    patients: int = 0
    phases: Counter[SyntheticPhase] = field(default_factory=Counter)
    seconds: float = 0


@dataclass(frozen=True)
class SyntheticClinic:
    """Where the invented patients live."""

    clinic: Clinic
    by: User
    laboratories: dict[str, Laboratory]
    rules: ClinicRules
    today: date
    zone: ZoneInfo


def load_synthetic(
    patients: int, seed: int, clinic_name: str, say: Callable[[str], None], processes: int = 1
) -> Loaded:
    """Load patients 1 to `patients` of a seed, without those that are there already."""
    place = _place(clinic_name)
    loaded = Loaded()
    began = time.monotonic()
    waiting = _waiting(place.clinic, patients)
    for phases in _write(waiting, seed, clinic_name, processes):
        loaded.patients += phases.total()
        loaded.phases.update(phases)
        loaded.seconds = time.monotonic() - began
        say(_progress(loaded, len(waiting)))
    return loaded


def usual_processes() -> int:
    """SQLite has one writer at a time; PostgreSQL one for each core."""
    return (os.cpu_count() or 1) if connection.vendor == "postgresql" else 1


def _write(
    waiting: Sequence[int], seed: int, clinic_name: str, processes: int
) -> Iterator[Counter[SyntheticPhase]]:
    write = partial(write_batch, seed, clinic_name)
    if processes == 1:
        yield from map(write, _batches(waiting))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
        yield from pool.map(write, _batches(waiting))


def write_batch(seed: int, clinic_name: str, numbers: Sequence[int]) -> Counter[SyntheticPhase]:
    """Write these patients whole, or none of them; returns how many are in which phase."""
    return Counter(one.plan.phase for one in _write_batch(_place(clinic_name), seed, numbers))


@transaction.atomic
def _write_batch(place: SyntheticClinic, seed: int, numbers: Sequence[int]) -> list[Invented]:
    found = [invent(seed, number, place.today, place.zone) for number in numbers]
    patients = insert_records(
        [(one.identity, one.record) for one in found],
        clinic=place.clinic,
        places=place.laboratories,
        by=place.by,
    )
    people = list(zip(patients, found, strict=True))
    levels = [row for patient, one in people for row in _levels(patient, one, place)]
    insert_rows(levels, by=place.by)
    records = load_records(Patient.objects.filter(pk__in=[patient.pk for patient in patients]))
    write_starts(people, records, place.rules, by=place.by)
    treatments = load_treatments([patient.pk for patient in patients])
    assessed_by_patient = {
        patient: assess_record(records[patient.pk], place.today, place.rules, treatments[patient.pk])
        for patient in patients
    }
    store_first_assessments(assessed_by_patient, by=place.by)
    return found


def _levels(patient: Patient, found: Invented, place: SyntheticClinic) -> Iterator[TacrolimusLevel]:
    for level in found.levels:
        yield TacrolimusLevel(
            patient=patient,
            drawn_at=level.drawn_at,
            last_dose_at=level.last_dose_at,
            dose_mg=level.dose_mg,
            value_ng_ml=level.value_ng_ml,
            entered=str(level.value_ng_ml),
            assay=LEVEL_ASSAY,
            laboratory=place.laboratories[LABORATORIES[0]],
        )


def _place(clinic_name: str) -> SyntheticClinic:
    clinic, _made = Clinic.objects.get_or_create(name=clinic_name)
    by = system_user(LOADER, clinic)
    today = local_today(clinic)
    return SyntheticClinic(
        clinic=clinic,
        by=by,
        laboratories={name: laboratory_named(clinic=clinic, name=name, by=by) for name in LABORATORIES},
        rules=rules_of(clinic, today),
        today=today,
        zone=ZoneInfo(clinic.time_zone),
    )


def _waiting(clinic: Clinic, patients: int) -> list[int]:
    present = set(Patient.objects.filter(clinic=clinic).values_list("number", flat=True))
    return [number for number in range(1, patients + 1) if patient_number(number) not in present]


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _progress(loaded: Loaded, total: int) -> str:
    speed = loaded.patients / loaded.seconds if loaded.seconds else 0
    return f"  {loaded.patients} of {total} patients, {speed:.0f} a second"
