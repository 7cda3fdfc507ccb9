"""Everything about a patient's treatment that goes on one sheet of the paper chart."""

from __future__ import annotations

from typing import Any

from dosing.adverse_events import queries as adverse_events
from dosing.alerts.queries import alerts_of, tasks_of
from dosing.decisions.course import treatment_status
from dosing.levels import queries as levels
from dosing.models import TaskState
from dosing.safety.queries import SafetyStatus
from dosing.taper.queries import TaperStatus, running_plan
from patients.models import Patient, Visit
from patients.summary import findings_of, latest_results

# What the study and the calendar follow; the rest is in the record.
SHOWN_RESULTS = frozenset(
    {
        "c3", "c4", "dsdna", "upcr", "creatinine", "potassium", "magnesium", "glucose", "hba1c", "ck", "wbc",
        "haemoglobin", "platelets", "qtc",
    }
)  # fmt: skip
SHOWN_LEVELS, SHOWN_EVENTS, SHOWN_MATTERS = 4, 4, 8


def chart_of(patient: Patient) -> dict[str, Any]:
    """What the sheet shows; the latest or most serious of each list, with how many there are."""
    now = treatment_status(patient)
    events, alerts = adverse_events.events_of(patient), list(alerts_of(patient))
    tasks = list(tasks_of(patient).filter(state=TaskState.OPEN).order_by("due_on", "pk"))
    days = now.case.days_on_tacrolimus
    visit = Visit.objects.signed().filter(patient=patient).order_by("-on", "-pk").first()
    return {
        "now": now,
        "week": None if days is None else days // 7,
        "proposal": now.proposal,
        "levels": levels.course_of(patient, now.case)["judged"][:SHOWN_LEVELS],
        "taper": TaperStatus(patient, now.case, running_plan(patient)),
        "safety": SafetyStatus(now.case),
        "events": events[:SHOWN_EVENTS],
        "more_events": max(0, len(events) - SHOWN_EVENTS),
        "alerts": alerts[:SHOWN_MATTERS],
        "more_alerts": max(0, len(alerts) - SHOWN_MATTERS),
        "tasks": tasks[:SHOWN_MATTERS],
        "more_tasks": max(0, len(tasks) - SHOWN_MATTERS),
        "findings": None if visit is None else findings_of(visit),
        "results": [row for row in latest_results(patient) if row.row.analyte in SHOWN_RESULTS],
    }
