"""Patients with a write while the columns were read: their columns and facts may be of two moments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from dosing.models import TacrolimusCourse, TacrolimusLevel
from patients.models import (
    Administration,
    Assay,
    DoseEpisode,
    LaboratoryResult,
    Patient,
    PriorUse,
    Visit,
)

# A write is dated before it is finished, and by the clock of another machine.
SLACK = timedelta(minutes=2)
FACTS = (Visit, LaboratoryResult, DoseEpisode, Administration, PriorUse, TacrolimusCourse, TacrolimusLevel)


def patients_changed_since(moment: datetime, patients: Collection[int]) -> set[int]:
    """The patients among these whose histories have a version written since `moment`."""
    since = {"history_date__gte": moment - SLACK}
    if Assay.history.filter(**since).exists():
        return set(patients)
    found = set(Patient.history.filter(id__in=patients, **since).values_list("id", flat=True))
    for kind in FACTS:
        rows = kind.history.filter(patient_id__in=patients, **since)
        found.update(rows.values_list("patient_id", flat=True))
    return found
