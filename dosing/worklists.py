"""The worklist: a query over stored alerts and tasks, never a computation of verdicts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dosing.models import Alert, AlertState, Decision, Severity, Task, TaskState
from patients.models import Patient

DEFAULT = "now"
PAGE = 50

_OPEN_NOW = Q(state=AlertState.OPEN, severity__gte=Severity.THIS_VISIT)
ALERT_LISTS: dict[str, tuple[Any, Q]] = {
    DEFAULT: (_("Needs you now"), _OPEN_NOW),
    "acknowledged": (_("Acknowledged"), Q(state=AlertState.ACKNOWLEDGED)),
    "cannot_tell": (_("Cannot tell"), Q(state=AlertState.OPEN, severity=Severity.KNOW)),
    "snoozed": (_("Snoozed"), Q(state=AlertState.SNOOZED)),
}
TASKS = "tasks"


def worklist(user: User, chosen: str, page: str | None) -> dict[str, Any]:
    """The chosen list and the counts of all of them, from the same queries, so that they agree."""
    show = chosen if chosen in ALERT_LISTS or chosen == TASKS else DEFAULT
    alerts, tasks = _alerts(user), _tasks(user)
    counted = alerts.aggregate(
        **{name: Count("pk", filter=rule) for name, (_label, rule) in ALERT_LISTS.items()}
    )
    counts = {**counted, TASKS: tasks.count()}
    rows: QuerySet[Any] = (
        _ordered_tasks(tasks) if show == TASKS else _ordered(alerts.filter(ALERT_LISTS[show][1]))
    )
    return {
        "show": show,
        "lists": [(name, _label(name), counts[name]) for name in (*ALERT_LISTS, TASKS)],
        "rows": Paginator(rows, PAGE).get_page(page),
        "today": timezone.localdate(),
        "watched": Patient.objects.visible_to(user).count(),
    }


def worst_alert(patient: Patient) -> Alert | None:
    """The most severe alert that is still open."""
    return (
        Alert.objects.filter(patient=patient, state=AlertState.OPEN)
        .order_by("-severity", "raised_on")
        .first()
    )


def matters_of(patient: Patient) -> dict[str, Any]:
    """Unresolved alerts, open tasks and all decisions of one patient."""
    return {
        "alerts": Alert.objects.unresolved().filter(patient=patient).select_related("handled_by"),
        "tasks": Task.objects.filter(patient=patient, state=TaskState.OPEN).order_by("due_on"),
        "decisions": Decision.objects.standing()
        .filter(patient=patient)
        .select_related("created_by")
        .order_by("-on", "-pk"),
        "today": timezone.localdate(),
    }


def _label(name: str) -> Any:
    return _("Planned work") if name == TASKS else ALERT_LISTS[name][0]


def _alerts(user: User) -> QuerySet[Alert]:
    return Alert.objects.filter(patient__clinic__in=user.clinics.all())


def _tasks(user: User) -> QuerySet[Task]:
    return Task.objects.filter(patient__clinic__in=user.clinics.all(), state=TaskState.OPEN)


def _ordered(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    return alerts.select_related("patient").order_by("-severity", "raised_on", "pk")


def _ordered_tasks(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("patient").order_by("due_on", "pk")
