"""The latest result of each analyte, shown next to the field of the next one."""

from __future__ import annotations

from django.db.models import Max, Q

from patients.models import LaboratoryResult, Patient


def last_of_each_analyte(patient: Patient) -> dict[str, LaboratoryResult]:
    """The newest standing result of each analyte of a patient, by analyte, in two queries."""
    standing = LaboratoryResult.objects.active().filter(patient=patient)
    newest = standing.order_by().values_list("analyte").annotate(Max("collected_at"))
    wanted = Q(pk__in=[])
    for analyte, collected_at in newest:
        wanted |= Q(analyte=analyte, collected_at=collected_at)
    rows = standing.filter(wanted).select_related("laboratory").order_by("pk")
    return {row.analyte: row for row in rows}
