"""Who the patient is: registering, and changing what is known of the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.history import note_writer
from accounts.models import Clinic
from patients import changes
from patients.models import Patient
from patients.models.patient import PatientQuerySet
from patients.rules.dates import PartialDate, add_years
from patients.services.checks import check_partial_day
from patients.services.writing import StaleFactError

if TYPE_CHECKING:
    from accounts.models import User

DATED_FIELDS = ("diagnosis", "first_treatment", "biopsy")
OLDEST_YEARS = 130


@transaction.atomic
def register_patient(*, clinic: Clinic, by: User, submission: UUID | None = None, **values: Any) -> Patient:
    """Register a person in a clinic; values are the fields of Patient.

    A second call with the same submission returns the patient of the first. Raises ValidationError
    with messages by field.
    """
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    if submission is not None:
        first = Patient.objects.filter(submission=submission, clinic=clinic).first()
        if first is not None:
            return first
    patient = Patient(clinic=clinic, submission=submission, **values)
    _save(patient, by=by)
    return patient


@transaction.atomic
def change_patient(
    *, patient: Patient, values: Mapping[str, Any], by: User, expected_version: int, reason: str = ""
) -> Patient:
    """Change what is known of the person. Raises StaleFactError or ValidationError."""
    current = Patient.objects.select_for_update().get(pk=patient.pk)
    if current.version != expected_version:
        raise StaleFactError(current)
    for name, value in values.items():
        setattr(current, name, value)
    current.version += 1
    _save(current, by=by, reason=reason)
    return current


def possible_duplicates(
    *, clinic: Clinic, number: str, family_name: str, given_name: str, birth: PartialDate | None
) -> PatientQuerySet:
    """Patients of the clinic with the same number, or the same name, or the same birth and family name."""
    same = Q(number__iexact=number.strip()) | Q(
        family_name__iexact=family_name.strip(), given_name__iexact=given_name.strip()
    )
    if birth is not None:
        same |= Q(family_name__iexact=family_name.strip(), birth=birth)
    return Patient.objects.filter(same, clinic=clinic)


def _check_number(patient: Patient) -> None:
    same = Patient.objects.filter(clinic=patient.clinic, number=patient.number).exclude(pk=patient.pk)
    if same.exists():
        raise ValidationError({"number": _("Another patient of this clinic has this number.")})


def _check_birth(patient: Patient) -> None:
    today = local_today(patient.clinic)
    if patient.birth.earliest > today:
        raise ValidationError({"birth": _("The date of birth is in the future.")})
    if patient.birth.latest < add_years(today, -OLDEST_YEARS):
        raise ValidationError({"birth": _("Nobody is that old: check the year.")})


def _save(patient: Patient, *, by: User, reason: str = "") -> None:
    _check_number(patient)
    patient.full_clean()
    _check_birth(patient)
    for field in DATED_FIELDS:
        check_partial_day(patient, field, getattr(patient, field))
    note_writer(patient, by=by, reason=reason)
    patient.save()
    changes.announce(patient)
