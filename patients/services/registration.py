"""Who the patient is: registering, and changing what is known of the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.clock import day_of, local_today
from accounts.history import note_writer
from accounts.models import Clinic
from patients import changes
from patients.models import Administration, DoseEpisode, Fact, LaboratoryResult, Patient, Visit
from patients.models.patient import PatientQuerySet
from patients.rules.dates import PartialDate, add_years
from patients.rules.duplicates import Likeness, likeness
from patients.rules.person_keys import name_key, name_part, number_key
from patients.services.checks import check_partial_day
from patients.services.name_index import index_names
from patients.services.writing import StaleFactError

if TYPE_CHECKING:
    from accounts.models import User

DATED_FIELDS = ("diagnosis", "first_treatment", "biopsy")
OLDEST_YEARS = 130
OLDEST: tuple[tuple[type[Fact], str], ...] = (
    (Visit, "on"),
    (LaboratoryResult, "collected_at"),
    (DoseEpisode, "start"),
    (Administration, "on"),
)
YEAR, MONTH = len("1980"), len("1980-05")


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


@dataclass(frozen=True)
class PossibleDuplicate:
    """A patient on file who may be the person of a form, and why."""

    patient: Patient
    likeness: Likeness


def possible_duplicates(person: Patient, *, by: User) -> list[PossibleDuplicate]:
    """Patients of the user's clinics who may be this person, the likeliest first.

    person: as typed, saved or not; a clinic's own patients come before those of another with equal points.
    """
    found = [
        PossibleDuplicate(other, likely)
        for other in _candidates(person, by)
        if (likely := likeness(person, other)) is not None
    ]
    return sorted(found, key=lambda row: (-row.likeness.points, row.patient.clinic_id != person.clinic_id))


def _candidates(person: Patient, by: User) -> PatientQuerySet:
    """Who is worth comparing: of the same number, the same name, or perhaps born on the same day."""
    exchanged = name_part(person.given_name + person.family_name)
    same = Q(number_key=number_key(person)) | Q(name_key__in=[name_key(person), exchanged])
    if person.birth is not None:
        same |= _perhaps_born_then(person.birth)
    return Patient.objects.visible_to(by).filter(same).exclude(pk=person.pk).select_related("clinic")


def _perhaps_born_then(birth: PartialDate) -> Q:
    """The same day, or a month or year that holds it; of a month or year each day in it."""
    written = str(birth)
    holding = [written[:length] for length in (YEAR, MONTH) if length < len(written)]
    return Q(birth__startswith=written) | Q(birth__in=holding)


def _check_number(patient: Patient) -> None:
    """A number that only width, case or spaces tell from another's is that number."""
    same = Patient.objects.filter(clinic=patient.clinic, number_key=number_key(patient))
    if same.exclude(pk=patient.pk).exists():
        raise ValidationError({"number": _("Another patient of this clinic has this number.")})


def _check_birth(patient: Patient) -> None:
    today = local_today(patient.clinic)
    if patient.birth.earliest > today:
        raise ValidationError({"birth": _("The date of birth is in the future.")})
    if patient.birth.latest < add_years(today, -OLDEST_YEARS):
        raise ValidationError({"birth": _("Nobody is that old: check the year.")})
    first = _first_fact_on(patient)
    if first is not None and patient.birth.earliest > first:
        message = _("There are facts from %(day)s on file, before this date of birth.")
        raise ValidationError({"birth": message % {"day": date_format(first, "j M Y")}})


def _first_fact_on(patient: Patient) -> date | None:
    """The day of the oldest visit, result or dose on file."""
    if patient.pk is None:
        return None
    days = [
        model.objects.active().filter(patient=patient).aggregate(day=Min(column))["day"]
        for model, column in OLDEST
    ]
    known = [day_of(patient.clinic, day) if isinstance(day, datetime) else day for day in days if day]
    return min(known, default=None)


def _save(patient: Patient, *, by: User, reason: str = "") -> None:
    _check_number(patient)
    patient.full_clean()
    _check_birth(patient)
    for field in DATED_FIELDS:
        check_partial_day(patient, field, getattr(patient, field))
    note_writer(patient, by=by, reason=reason)
    patient.save()
    index_names([patient])
    changes.announce(patient)
