"""Forecasts are kept here, as they stood, with the doctor's choice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dosing.forecast.patient_forecast import PatientForecast, forecast_patient
from dosing.forecast.serialization import (
    display_fingerprint,
    fingerprint_of,
    inputs_json,
    numbers_json,
    version_of,
)
from dosing.models import LedBy, ReasonCode, StoredForecast
from patients.models import Patient

if TYPE_CHECKING:
    from accounts.models import User

# Why a doctor chooses another dose than the forecast supports.
REASONS = (
    ReasonCode.CLINICAL_JUDGEMENT,
    ReasonCode.SIDE_EFFECT,
    ReasonCode.KIDNEY,
    ReasonCode.INFECTION,
    ReasonCode.GOOD_EFFECT,
    ReasonCode.NO_EFFECT,
    ReasonCode.INTERACTING_DRUG,
    ReasonCode.REPEAT_FIRST,
    ReasonCode.SPECIALIST_ADVICE,
    ReasonCode.PATIENT_WISH,
    ReasonCode.OTHER,
)


NO_DOSE_MARKED = _("Choose a reason: no dose is marked.")
OTHER_DOSE_MARKED = _("Choose a reason: another dose is marked.")


@dataclass(frozen=True)
class DoseChoice:
    """The dose that the doctor chooses, and why where it is not the marked one."""

    mg: Decimal
    reason_code: str = ""
    reason_text: str = ""


class ChangedForecastError(ValidationError):
    """The facts changed since the page was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Something was recorded since this page was opened: look at the forecast again."),
            code="changed",
        )


@transaction.atomic
def keep_choice(
    *, patient: Patient, choice: DoseChoice, by: User, fingerprint: str, submission: UUID | None = None
) -> StoredForecast:
    """Keep the forecast with the doctor's choice; the dose itself is changed by a decision.

    The same choice of the same doctor on the same facts is kept once. Raises ChangedForecastError where the
    page showed other facts, ValidationError by field.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    if submission is not None:
        first = StoredForecast.objects.filter(patient=patient, submission=submission).first()
        if first is not None:
            return first
    now = forecast_patient(patient)
    if now.inputs is None:
        raise ChangedForecastError
    if fingerprint != display_fingerprint(now):
        raise ChangedForecastError
    row = _row(now)
    if row.marked_mg != choice.mg:
        _check_reason(choice, row.marked_mg)
        row.reason_code, row.reason_text = choice.reason_code, choice.reason_text.strip()
    row.made_by, row.submission, row.chosen_mg = by, submission, choice.mg
    same = _same_stored_choice(row)
    if same is not None:
        return same
    row.save()
    return row


def keep_forecast(*, now: PatientForecast) -> StoredForecast | None:
    """Keep a forecast that nobody asked for; None where there is none."""
    if now.inputs is None:
        return None
    row = _row(now)
    row.save()
    return row


def _same_stored_choice(row: StoredForecast) -> StoredForecast | None:
    """The patient's last choice, if it is this one."""
    last = StoredForecast.objects.filter(patient=row.patient, chosen_mg__isnull=False).last()
    return last if last is not None and _choice(last) == _choice(row) else None


def _choice(row: StoredForecast) -> tuple[object, ...]:
    return row.fingerprint, row.made_by_id, row.chosen_mg, row.reason_code, row.reason_text


def _check_reason(choice: DoseChoice, marked_mg: Decimal | None) -> None:
    if choice.reason_code not in REASONS:
        raise ValidationError({"reason_code": NO_DOSE_MARKED if marked_mg is None else OTHER_DOSE_MARKED})
    if choice.reason_code == ReasonCode.OTHER and not choice.reason_text.strip():
        raise ValidationError({"reason_text": _("Say which other reason.")})


def _row(now: PatientForecast) -> StoredForecast:
    inputs, found, model = now.inputs, now.found, now.model
    if inputs is None or found is None or model is None:
        raise ValueError("there is no forecast to keep")
    marked = now.mark.row
    return StoredForecast(
        patient=now.patient,
        model=model.id,
        model_version=version_of(model),
        fingerprint=fingerprint_of(inputs, model),
        levels_used=now.used,
        led_by=LedBy.PROPORTION if now.leads_with_proportion else LedBy.MODEL,
        draw_at=inputs.question.draw_at.replace(tzinfo=ZoneInfo(now.patient.clinic.time_zone)),
        hours_after_dose=inputs.hours,
        dose_mg=Decimal(str(inputs.dose_mg)),
        inputs=inputs_json(inputs),
        numbers=numbers_json(found, has_target=now.has_target),
        marked_mg=None if marked is None else Decimal(str(marked.option.mg)),
    )
