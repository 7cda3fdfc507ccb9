"""The worklist: a query over stored alerts and tasks, never a computation of verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.models import Clinic, Role, User
from dosing.models import Alert, AlertState, Severity, Task, TaskState
from dosing.rules.burden import ESCALATED_AFTER
from patients.models import Patient

PAGE, TASKS_PAGE, ESCALATED_SHOWN = 30, 50, 10
ESCALATED, TASKS = "escalated", "tasks"
# Planned work by what it is; see dosing.rules.watching for the planners.
CONTROLS = ("control", "level_due")
TAPER_STEPS = ("taper_step",)
# [D] A list of what is due looks a week ahead; who is a week overdue is called.
DUE_WITHIN = timedelta(days=6)
CALLED_AFTER = timedelta(days=7)


class AlertKind(NamedTuple):
    """What decides which lists an alert is in."""

    state: str
    severity: int
    undecided: bool


@dataclass(frozen=True)
class AlertList:
    """One list of alerts: its name, and the state, severities and kind of verdict of those in it."""

    label: Any
    state: AlertState
    severities: tuple[int, ...] = tuple(Severity.values)
    undecided: tuple[bool, ...] = (False, True)

    @property
    def rule(self) -> Q:
        return Q(state=self.state, severity__in=self.severities, undecided__in=self.undecided)

    def holds(self, kind: AlertKind) -> bool:
        """The same for an alert of this kind."""
        known = kind.state == self.state and kind.severity in self.severities
        return known and kind.undecided in self.undecided


@dataclass(frozen=True)
class TaskList:
    """One list of planned work: its name, and which open tasks of a clinic are in it on the clinic's day."""

    label: Any
    rule_on: Callable[[date], Q]


ALERT_LISTS: Mapping[str, AlertList] = {
    "now": AlertList(_("Needs you now"), AlertState.OPEN, (Severity.THIS_VISIT, Severity.ACT_NOW)),
    "act_now": AlertList(_("Act now"), AlertState.OPEN, (Severity.ACT_NOW,)),
    "this_visit": AlertList(_("At this visit"), AlertState.OPEN, (Severity.THIS_VISIT,)),
    "cannot_tell": AlertList(_("Cannot tell"), AlertState.OPEN, (Severity.KNOW,), (True,)),
    "know": AlertList(_("To know"), AlertState.OPEN, (Severity.KNOW,), (False,)),
    "acknowledged": AlertList(_("Acknowledged"), AlertState.ACKNOWLEDGED),
    "snoozed": AlertList(_("Snoozed"), AlertState.SNOOZED),
}
TASK_LISTS: Mapping[str, TaskList] = {
    "levels": TaskList(
        _("Levels and controls due"), lambda today: Q(kind__in=CONTROLS, due_on__lte=today + DUE_WITHIN)
    ),
    "overdue": TaskList(_("Overdue"), lambda today: Q(overdue_from__lte=today)),
    "to_call": TaskList(_("To call"), lambda today: Q(overdue_from__lte=today - CALLED_AFTER)),
    "taper": TaskList(
        _("Taper steps"), lambda today: Q(kind__in=TAPER_STEPS, due_on__lte=today + DUE_WITHIN)
    ),
    TASKS: TaskList(_("Planned work"), lambda _today: Q()),
}
# A nurse begins with the work that is planned, a doctor with what asks for a decision.
FIRST = {Role.NURSE: "levels", Role.RHEUMATOLOGIST: "now"}


@dataclass(frozen=True)
class Tab:
    """A link to a list, with how many are in it."""

    name: str
    label: Any
    count: int


@dataclass(frozen=True)
class Tabs:
    """The links to the lists, in the order in which a role works."""

    groups: tuple[tuple[Any, tuple[Tab, ...]], ...]
    escalated: int

    def count(self, name: str) -> int:
        """How many a list holds."""
        every = {tab.name: tab.count for _label, tabs in self.groups for tab in tabs}
        return every[name] if name != ESCALATED else self.escalated


def worklist(user: User, chosen: str, page: str | None) -> dict[str, Any]:
    """The chosen list, the links to all lists with their counts, and what is escalated."""
    show = chosen if chosen in {*ALERT_LISTS, *TASK_LISTS, ESCALATED} else FIRST.get(Role(user.role), "now")
    counted = tabs(user)
    return {
        "show": show,
        "tabs": counted,
        "rows": Counted(_rows(user, show), _page_size(show), counted.count(show)).get_page(page),
        "holds_tasks": show in TASK_LISTS,
        "escalated": [] if show == ESCALATED else list(_rows(user, ESCALATED)[:ESCALATED_SHOWN]),
        "watched": Patient.objects.visible_to(user).count(),
    }


def tabs(user: User) -> Tabs:
    """How many each list holds, by the same rules as the lists, so that they agree."""
    alerts = _("Alerts"), _alert_tabs(user)
    work = _("Planned work"), _task_tabs(user)
    groups = (work, alerts) if user.role == Role.NURSE else (alerts, work)
    return Tabs(groups, _escalated(user).count())


class Counted(Paginator):
    """A paginator of rows that were counted already."""

    def __init__(self, rows: QuerySet[Any], per_page: int, counted: int) -> None:
        super().__init__(rows, per_page)
        self.count = counted


def _rows(user: User, show: str) -> QuerySet[Any]:
    if show == ESCALATED:
        return _shown(_escalated(user)).order_by("open_since", "pk")
    if show in ALERT_LISTS:
        alerts = _shown(_alerts(user).filter(ALERT_LISTS[show].rule))
        return alerts.order_by("-severity", "raised_on", "pk")
    tasks = _tasks(user).filter(_each_day(user, TASK_LISTS[show].rule_on))
    return tasks.select_related("patient", "clinic").order_by("due_on", "pk")


def _page_size(show: str) -> int:
    return TASKS_PAGE if show in TASK_LISTS else PAGE


def _alert_tabs(user: User) -> tuple[Tab, ...]:
    """Counted in one pass over an index."""
    grouped = _alerts(user).order_by().values_list("state", "severity", "undecided").annotate(Count("pk"))
    found = [(AlertKind(*kind), number) for *kind, number in grouped]
    return tuple(
        Tab(name, each.label, sum(number for kind, number in found if each.holds(kind)))
        for name, each in ALERT_LISTS.items()
    )


def _task_tabs(user: User) -> tuple[Tab, ...]:
    """Counted in one pass over an index."""
    rules = {name: _each_day(user, each.rule_on) for name, each in TASK_LISTS.items()}
    found = _tasks(user).aggregate(**{name: Count("pk", filter=rule) for name, rule in rules.items()})
    return tuple(Tab(name, each.label, found[name]) for name, each in TASK_LISTS.items())


def _each_day(user: User, rule_on: Callable[[date], Q]) -> Q:
    """The rule on each clinic's own day: most often one day for all of them."""
    days: dict[date, list[Clinic]] = {}
    for clinic in user.own_clinics:
        days.setdefault(local_today(clinic), []).append(clinic)
    return reduce(or_, (Q(clinic__in=clinics) & rule_on(today) for today, clinics in days.items()))


def _alerts(user: User) -> QuerySet[Alert]:
    return Alert.objects.unresolved().filter(clinic__in=user.own_clinics)


def _escalated(user: User) -> QuerySet[Alert]:
    """Open "act now" alerts that nobody has acknowledged for four hours (hazard: a result nobody reads)."""
    limit = timezone.now() - ESCALATED_AFTER
    waiting = Alert.objects.filter(clinic__in=user.own_clinics, state=AlertState.OPEN)
    return waiting.filter(severity=Severity.ACT_NOW, open_since__lte=limit)


def _tasks(user: User) -> QuerySet[Task]:
    return Task.objects.filter(clinic__in=user.own_clinics, state=TaskState.OPEN)


def _shown(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    # The verdict that raised an alert is large and is not shown here.
    return alerts.select_related("patient", "handled_by").defer("raised_verdict")
