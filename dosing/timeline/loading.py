"""A patient's rows as a time axis, in a number of queries that does not grow with them."""

from __future__ import annotations

from dosing.assessment.assess import case_today
from dosing.models import Decision
from dosing.rules.timeline import Decided, Timeline, timeline
from patients.models import Patient


def load_timeline(patient: Patient) -> Timeline | None:
    """Everything that counts up to today in the clinic; None when there is nothing."""
    return timeline(case_today(patient), _decisions(patient))


def _decisions(patient: Patient) -> list[Decided]:
    rows = Decision.objects.active().filter(patient=patient).select_related("created_by")
    return [Decided(row.pk, row.on, row.kind, str(row.created_by)) for row in rows]
