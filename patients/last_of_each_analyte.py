"""The latest result of each analyte, shown next to the field of the next one."""

from __future__ import annotations

from django.db.models import Max, Q

from accounts.models import Clinic
from patients.models import Laboratory, LaboratoryResult, Patient
from patients.rules.analytes import ANALYTES
from patients.rules.folding import same_name

# So many of a laboratory's newest results tell its units: some twenty sheets.
NEWEST = 400


def last_of_each_analyte(patient: Patient) -> dict[str, LaboratoryResult]:
    """The newest standing result of each analyte of a patient, by analyte, in two queries."""
    standing = LaboratoryResult.objects.active().filter(patient=patient)
    newest = standing.order_by().values_list("analyte").annotate(Max("collected_at"))
    wanted = Q(pk__in=[])
    for analyte, collected_at in newest:
        wanted |= Q(analyte=analyte, collected_at=collected_at)
    rows = standing.filter(wanted).select_related("laboratory").order_by("pk")
    return {row.analyte: row for row in rows}


def laboratory_like(clinic: Clinic, name: str) -> Laboratory | None:
    """The clinic's laboratory of that name, however it is spelled; None of a new one."""
    known = Laboratory.objects.filter(clinic=clinic).order_by("pk")
    return next((place for place in known if same_name(place.name, name)), None)


def units_last_used(laboratory: Laboratory | None) -> dict[str, str]:
    """The unit that each analyte was last typed in for a laboratory, in one query of fixed size."""
    if laboratory is None:
        return {}
    newest = LaboratoryResult.objects.active().filter(laboratory=laboratory).order_by("-pk")
    used: dict[str, str] = {}
    for analyte, entered in newest.values_list("analyte", "entered")[:NEWEST]:
        unit = entered.partition(" ")[2]
        if analyte in ANALYTES and unit in ANALYTES[analyte].units:
            used.setdefault(analyte, unit)
    return used
