"""Everybody on tacrolimus in a clinic, forecast and kept: so that every level that follows scores one.

A forecast is computed only where the facts or the model changed since the last kept one. That is known before
it is computed, so a batch whose worker died is done again at little cost, and keeps nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from django.db.models import Max, Q

from accounts.clock import local_today
from accounts.models import Clinic
from dosing.assessment.assess import cases_on
from dosing.forecast.patient_forecast import LEVEL_WORK, forecast_of
from dosing.forecast.serialization import fingerprint_of
from dosing.forecast.services import keep_forecast
from dosing.forecast.validation import trusts_model
from dosing.models import StoredForecast, Task, TaskState
from dosing.rules.case import Case
from patients.models import DoseEpisode, Patient

BATCH = 200
log = structlog.get_logger("tacsle")


@dataclass(frozen=True)
class ForecastCounts:
    """Of a batch: forecasts kept, patients without a new fact, refused, and failed (each is in the log)."""

    kept: int = 0
    unchanged: int = 0
    refused: int = 0
    failed: int = 0


def batches(clinic: Clinic) -> Iterator[list[int]]:
    """Keys of the patients who take tacrolimus by the drug list, a few at a time."""
    today = local_today(clinic)
    taken = DoseEpisode.objects.active().filter(patient__clinic=clinic, drug="tacrolimus", start__lte=today)
    taken = taken.filter(Q(last_day__isnull=True) | Q(last_day__gte=today)).exclude(dose_mg=0)
    keys = list(taken.order_by("patient").values_list("patient", flat=True).distinct())
    for first in range(0, len(keys), BATCH):
        yield keys[first : first + BATCH]


def forecast_batch(clinic: Clinic, keys: Sequence[int]) -> ForecastCounts:
    """Forecast these patients of the clinic as of its today. One failure stops none of the others."""
    today = local_today(clinic)
    patients = Patient.objects.filter(clinic=clinic, pk__in=keys).select_related("clinic")
    cases = cases_on(patients, today)
    draws, last = _planned(keys), _last(keys)
    trusts = trusts_model(clinic)
    counts = dict.fromkeys(("kept", "unchanged", "refused", "failed"), 0)
    for patient in patients.order_by("pk"):
        draw_on = draws.get(patient.pk)
        due = None if draw_on is None else max(draw_on, today)
        try:
            outcome = _keep(patient, cases[patient.pk], due, last.get(patient.pk), trusts=trusts)
        except Exception:
            log.exception("forecast_failed", patient=patient.pk)
            outcome = "failed"
        counts[outcome] += 1
    return ForecastCounts(**counts)


def _keep(patient: Patient, case: Case, draw_on: date | None, last: str | None, *, trusts: bool) -> str:
    from dosing.pharmacokinetics.adjustments import DEFAULT
    from dosing.pharmacokinetics.inputs import inputs_of, refusals

    if refusals(case):
        return "refused"
    if fingerprint_of(inputs_of(case, draw_on), DEFAULT) == last:
        return "unchanged"
    keep_forecast(now=forecast_of(patient, case, draw_on, trusts=trusts))
    return "kept"


def _planned(keys: Sequence[int]) -> dict[int, date]:
    """The day of the next planned level."""
    tasks = Task.objects.filter(patient__in=keys, state=TaskState.OPEN, kind__in=LEVEL_WORK)
    return dict(tasks.order_by("patient", "-due_on").values_list("patient", "due_on"))


def _last(keys: Sequence[int]) -> dict[int, str]:
    """The fingerprint of the last kept forecast."""
    rows = StoredForecast.objects.filter(patient__in=keys)
    latest = rows.values("patient").annotate(latest=Max("pk")).values("latest")
    return dict(rows.filter(pk__in=latest).values_list("patient", "fingerprint"))
