"""One patient's alerts, planned work and decisions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from dosing.models import Alert, AlertState, Decision, DecisionKind, Task, TaskState
from patients.models import Patient

# What is open comes first, what was overridden last.
ORDER = (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.SNOOZED, AlertState.OVERRIDDEN)


def worst_alert(patient: Patient) -> Alert | None:
    """The most severe alert that is still open."""
    return (
        Alert.objects.filter(patient=patient, state=AlertState.OPEN)
        .order_by("-severity", "raised_on")
        .first()
    )


def decided_against(patient: Patient, on: date) -> Decision | None:
    """The last decision, where it still holds on that day that tacrolimus is not started."""
    decisions = Decision.objects.active().filter(patient=patient).select_related("created_by")
    last = decisions.order_by("-on", "-pk").first()
    if last is None or last.kind not in (DecisionKind.NOT_NOW, DecisionKind.NOT_SUITABLE):
        return None
    over = last.snooze_until is not None and last.snooze_until <= on
    return None if over else last


def alerts_and_tasks(patient: Patient) -> dict[str, Any]:
    """Unresolved alerts, open tasks and all decisions of one patient."""
    return {
        "alerts": alerts_of(patient),
        "tasks": tasks_of(patient).filter(state=TaskState.OPEN).order_by("due_on", "pk"),
        "decisions": Decision.objects.active()
        .filter(patient=patient)
        .select_related("created_by")
        .order_by("-on", "-pk"),
    }


def alerts_of(patient: Patient) -> QuerySet[Alert]:
    """Unresolved alerts: the open ones first, the most severe first."""
    place = Case(
        *(When(state=state, then=Value(number)) for number, state in enumerate(ORDER)),
        output_field=IntegerField(),
    )
    rows = Alert.objects.unresolved().filter(patient=patient).select_related("patient", "handled_by")
    return rows.order_by(place, "-severity", "raised_on", "pk")


def tasks_of(patient: Patient) -> QuerySet[Task]:
    return Task.objects.filter(patient=patient).select_related("patient", "clinic", "closed_by")
