"""How many patients a core assesses in a second, and how many queries loading them takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.clock import local_today
from benchmarks.clinic import Measured
from dosing.rules.criteria import assess
from dosing.rules.thresholds import STUDY
from patients.loading import load_records
from patients.models import Patient
from patients.rules.record import Record

ASSESSED_GOAL = 5000
MOST_LOADED = 10_000
ROUNDS = 5


@dataclass(frozen=True)
class Loading:
    """Facts of many patients and of one, with the queries of both."""

    patients: int
    seconds: float
    queries: int
    queries_of_one: int


@dataclass(frozen=True)
class Assessing:
    """The median of some rounds over the same loaded records, in patients a second of processor time."""

    patients: int
    patients_per_second: float


def loading_and_assessing(measured: Measured) -> tuple[Loading, Assessing]:
    everyone = Patient.objects.filter(clinic=measured.clinic).order_by("pk")
    keys = list(everyone.values_list("pk", flat=True)[:MOST_LOADED])
    with CaptureQueriesContext(connection) as one:
        load_records(Patient.objects.filter(pk=keys[0]))
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as many:
        records = load_records(Patient.objects.filter(clinic=measured.clinic, pk__lte=keys[-1]))
    loading = Loading(len(records), time.perf_counter() - began, len(many), len(one))
    return loading, _assessing(list(records.values()), local_today(measured.clinic))


def _assessing(records: list[Record], today: date) -> Assessing:
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for record in records:
            assess(record, today, STUDY)
        seconds.append(time.process_time() - began)
    return Assessing(len(records), len(records) / median(seconds))
