"""The nightly check on one worker, and what a reassessment adds to the write that asks for it."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median
from unittest.mock import patch

from django.db import transaction
from django.utils import timezone

from accounts import upward
from accounts.clock import local_today
from benchmarks.clinic import Measured
from dosing.assessment import nightly
from dosing.levels.services import record_level
from dosing.models import ReassessmentRun, TacrolimusLevel
from patients.models import DoseEpisode, Laboratory, Patient

SWEEP_GOAL_SECONDS, SWEPT = 600, 100_000
MOST_SWEPT = 2000
WRITES = 20


@dataclass(frozen=True)
class Swept:
    """The second pass over some patients, so that nothing changes: seconds, and memory before and after."""

    patients: int
    seconds: float
    growth_mb: float

    @property
    def seconds_for_all(self) -> float:
        """For 100 000 patients at this speed."""
        return self.seconds / self.patients * SWEPT


@dataclass(frozen=True)
class Written:
    """Medians of processor time of this process in ms: recording a level alone, and with its reassessment."""

    write_ms: float
    with_reassessment_ms: float


def sweep(measured: Measured) -> Swept:
    everyone = Patient.objects.filter(clinic=measured.clinic).order_by("pk")
    ids = list(everyone.values_list("pk", flat=True)[:MOST_SWEPT])
    _pass(measured, ids)
    before = _megabytes()
    began = time.perf_counter()
    _pass(measured, ids)
    return Swept(len(ids), time.perf_counter() - began, _megabytes() - before)


def write(measured: Measured) -> Written:
    """The same levels without and with the reassessment of the patient; every one is taken back."""
    taken = DoseEpisode.objects.filter(drug="tacrolimus", last_day=None, patient__clinic=measured.clinic)
    people = [row.patient for row in taken.select_related("patient__clinic")[:WRITES]]
    with patch.object(upward, "reassess"):
        alone = [_record(measured, person) for person in people]
    return Written(median(alone), median(_record(measured, person) for person in people))


def _pass(measured: Measured, ids: list[int]) -> None:
    today = local_today(measured.clinic)
    row = ReassessmentRun.objects.create(on=today, patients_total=len(ids))
    for start in range(0, len(ids), nightly.BATCH):
        nightly.reassess_batch(row, ids[start : start + nightly.BATCH], today)
    row.delete()


def _record(measured: Measured, patient: Patient) -> float:
    drawn = timezone.now() - timedelta(hours=1)
    level = TacrolimusLevel(
        patient=patient,
        drawn_at=drawn,
        last_dose_at=drawn - timedelta(hours=12),
        value_ng_ml=Decimal("6.1"),
        entered="6.1",
        laboratory=Laboratory.objects.filter(clinic=measured.clinic)[0],
    )
    with transaction.atomic():
        began = time.process_time()
        record_level(level=level, by=measured.doctor, confirmed=True)
        milliseconds = 1000 * (time.process_time() - began)
        transaction.set_rollback(True)
    return milliseconds


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
