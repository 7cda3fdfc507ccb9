"""What the rules last said of each patient, and as of which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from dosing.assessment.assess import PatientAssessment
from dosing.models import PatientStatus
from patients.models import Patient

# What of a status is the verdict; the rest says as of when and by which settings.
VERDICT = ("applicable", "answer", "gate")


def expected_status(assessed: PatientAssessment) -> dict[str, object]:
    """The columns of the status that an assessment asks for."""
    return {
        "on": assessed.on,
        "applicable": assessed.assessment.applicable,
        "answer": assessed.assessment.answer.value,
        "gate": assessed.safety.state.value,
        "settings_version": assessed.settings_version,
    }


def store_statuses(assessed_by_patient: Mapping[Patient, PatientAssessment]) -> None:
    """Keep the first statuses of many patients."""
    PatientStatus.objects.bulk_create(
        PatientStatus(patient=patient, **expected_status(assessed))
        for patient, assessed in assessed_by_patient.items()
    )


def update_statuses(assessed_by_patient: Mapping[Patient, PatientAssessment]) -> set[int]:
    """Keep the statuses; returns the ids of the patients whose assessment changed.

    Where only the day is another, all of a day are written at once.
    """
    stored = PatientStatus.objects.in_bulk([patient.pk for patient in assessed_by_patient])
    changed: set[int] = set()
    same: dict[date, list[int]] = defaultdict(list)
    for patient, assessed in assessed_by_patient.items():
        row = stored.get(patient.pk) or PatientStatus(patient=patient)
        if row.pk in stored and _is_unchanged(row, assessed):
            same[assessed.on].append(patient.pk)
        elif _write(row, assessed):
            changed.add(patient.pk)
    for on, keys in same.items():
        PatientStatus.objects.filter(pk__in=keys).update(on=on, judged_at=timezone.now())
    return changed


def _is_unchanged(row: PatientStatus, assessed: PatientAssessment) -> bool:
    expected = expected_status(assessed)
    return all(getattr(row, name) == expected[name] for name in (*VERDICT, "settings_version"))


def _write(row: PatientStatus, assessed: PatientAssessment) -> bool:
    """Save the row; whether the verdict is another."""
    before = tuple(getattr(row, name) for name in VERDICT)
    for name, value in expected_status(assessed).items():
        setattr(row, name, value)
    row.save()
    return before != tuple(getattr(row, name) for name in VERDICT)
