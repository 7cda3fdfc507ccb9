"""The worklist: a query over stored alerts and tasks, never a computation of verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dosing.models import Alert, AlertState, Decision, Severity, Task, TaskState
from patients.models import Patient

DEFAULT = "now"
PAGE, TASKS_PAGE = 30, 50
TASKS = "tasks"


@dataclass(frozen=True)
class AlertList:
    """One list of the worklist: its name, and the state and severities of the alerts in it."""

    label: Any
    state: AlertState
    severities: tuple[int, ...] = tuple(Severity.values)

    @property
    def rule(self) -> Q:
        return Q(state=self.state, severity__in=self.severities)


ALERT_LISTS = {
    DEFAULT: AlertList(_("Needs you now"), AlertState.OPEN, (Severity.THIS_VISIT, Severity.ACT_NOW)),
    "acknowledged": AlertList(_("Acknowledged"), AlertState.ACKNOWLEDGED),
    "cannot_tell": AlertList(_("Cannot tell"), AlertState.OPEN, (Severity.KNOW,)),
    "snoozed": AlertList(_("Snoozed"), AlertState.SNOOZED),
}


def worklist(user: User, chosen: str, page: str | None) -> dict[str, Any]:
    """The chosen list and the counts of all of them, by the same rules, so that they agree."""
    show = chosen if chosen in ALERT_LISTS or chosen == TASKS else DEFAULT
    alerts, tasks = _alerts(user), _tasks(user)
    counts = {**_counts(alerts), TASKS: tasks.count()}
    rows: QuerySet[Any] = (
        _ordered_tasks(tasks) if show == TASKS else _ordered(alerts.filter(ALERT_LISTS[show].rule))
    )
    return {
        "show": show,
        "lists": [(name, _label(name), counts[name]) for name in (*ALERT_LISTS, TASKS)],
        "rows": Counted(rows, TASKS_PAGE if show == TASKS else PAGE, counts[show]).get_page(page),
        "today": timezone.localdate(),
        "watched": Patient.objects.visible_to(user).count(),
    }


class Counted(Paginator):
    """A paginator of rows that were counted already."""

    def __init__(self, rows: QuerySet[Any], per_page: int, counted: int) -> None:
        super().__init__(rows, per_page)
        self.count = counted


def _counts(alerts: QuerySet[Alert]) -> dict[str, int]:
    """How many alerts each list has, from one pass over an index."""
    grouped = alerts.order_by().values_list("state", "severity").annotate(Count("pk"))
    found = {(state, severity): number for state, severity, number in grouped}
    return {
        name: sum(found.get((each.state.value, severity), 0) for severity in each.severities)
        for name, each in ALERT_LISTS.items()
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
    return _("Planned work") if name == TASKS else ALERT_LISTS[name].label


def _alerts(user: User) -> QuerySet[Alert]:
    return Alert.objects.unresolved().filter(clinic__in=user.own_clinics)


def _tasks(user: User) -> QuerySet[Task]:
    return Task.objects.filter(clinic__in=user.own_clinics, state=TaskState.OPEN)


def _ordered(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    # The verdict that raised an alert is large and is not shown here.
    shown = alerts.select_related("patient").defer("raised_verdict")
    return shown.order_by("-severity", "raised_on", "pk")


def _ordered_tasks(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("patient").order_by("due_on", "pk")
