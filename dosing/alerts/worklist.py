"""The worklist: a query over stored alerts and tasks, never a computation of verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.models import Clinic, Role, User
from dosing.models import Alert, AlertState, Task, TaskState
from dosing.rules.burden import ESCALATED_AFTER
from dosing.rules.findings import Severity
from patients.models import Patient

PAGE, TASKS_PAGE, ESCALATED_SHOWN = 30, 50, 10
# Further rows of a list are neither counted nor shown.
MOST = 1000
ESCALATED, TASKS = "escalated", "tasks"
# Planned work by what it is; see dosing.rules.watching for the planners.
CONTROLS = ("control", "level_due", "interaction_control")
TAPER_STEPS = ("taper_step",)
# [D] A list of what is due covers the next week; a patient who is a week overdue is called.
DUE_WITHIN = timedelta(days=6)
CALLED_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class List:
    """One list of the worklist: its name, which rows of a clinic are in it on the clinic's day, its order.

    Each is one range of an index, in the index's order: it costs the same in a clinic of any size.
    """

    label: Any
    rule_on: Callable[[date], Q]
    order: tuple[str, ...]


GRAVEST_FIRST = ("-severity", "undecided", "raised_on", "pk")
FIRST_DUE_FIRST, FIRST_OVERDUE_FIRST = ("due_on", "pk"), ("overdue_from", "pk")


def _alerts_in(label: Any, state: AlertState, **which: Any) -> List:
    return List(label, lambda _today: Q(state=state, **which), GRAVEST_FIRST)


ALERT_LISTS: Mapping[str, List] = {
    "now": _alerts_in(_("Needs you now"), AlertState.OPEN, severity__gte=Severity.THIS_VISIT),
    "act_now": _alerts_in(_("Act now"), AlertState.OPEN, severity=Severity.ACT_NOW),
    "this_visit": _alerts_in(_("At this visit"), AlertState.OPEN, severity=Severity.THIS_VISIT),
    "cannot_tell": _alerts_in(_("Cannot tell"), AlertState.OPEN, severity=Severity.KNOW, undecided=True),
    "know": _alerts_in(_("To know"), AlertState.OPEN, severity=Severity.KNOW, undecided=False),
    "acknowledged": _alerts_in(_("Acknowledged"), AlertState.ACKNOWLEDGED),
    "snoozed": _alerts_in(_("Snoozed"), AlertState.SNOOZED),
}
TASK_LISTS: Mapping[str, List] = {
    "levels": List(
        _("Levels and controls due"),
        lambda today: Q(kind__in=CONTROLS, due_on__lte=today + DUE_WITHIN),
        FIRST_DUE_FIRST,
    ),
    "overdue": List(_("Overdue"), lambda today: Q(overdue_from__lte=today), FIRST_OVERDUE_FIRST),
    "to_call": List(
        _("To call"), lambda today: Q(overdue_from__lte=today - CALLED_AFTER), FIRST_OVERDUE_FIRST
    ),
    "taper": List(
        _("Taper steps"),
        lambda today: Q(kind__in=TAPER_STEPS, due_on__lte=today + DUE_WITHIN),
        FIRST_DUE_FIRST,
    ),
    TASKS: List(_("Planned work"), lambda _today: Q(), FIRST_DUE_FIRST),
}
LISTS = {**ALERT_LISTS, **TASK_LISTS}
# A nurse begins with the work that is planned, a doctor with what asks for a decision.
FIRST = {Role.NURSE: "levels", Role.RHEUMATOLOGIST: "now"}
# What they see and do not handle.
NURSES_WORDS: Mapping[str, Any] = {"now": _("Needs a doctor")}


@dataclass(frozen=True)
class Tab:
    """A link to a list, with how many are in it: at most MOST, and whether there are more."""

    name: str
    label: Any
    count: int
    more: bool = False


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
    show = chosen if chosen in {*LISTS, ESCALATED} else FIRST.get(Role(user.role), "now")
    counted = tabs(user)
    return {
        "show": show,
        "tabs": counted,
        "rows": CountedPaginator(_rows(user, show), _page_size(show), counted.count(show)).get_page(page),
        "holds_tasks": show in TASK_LISTS,
        "escalated": [] if show == ESCALATED else list(_rows(user, ESCALATED)[:ESCALATED_SHOWN]),
        # Asked for by an empty list only.
        "watched": Patient.objects.visible_to(user).count,
    }


def tabs(user: User) -> Tabs:
    """How many each list holds, by the same rules as the lists, so that they agree."""
    alerts = _("Alerts"), tuple(_tab(user, name) for name in ALERT_LISTS)
    work = _("Planned work"), tuple(_tab(user, name) for name in TASK_LISTS)
    groups = (work, alerts) if user.role == Role.NURSE else (alerts, work)
    return Tabs(groups, _counted(_rows(user, ESCALATED)))


class CountedPaginator(Paginator):
    """A paginator of rows that were counted already."""

    def __init__(self, rows: QuerySet[Any], per_page: int, counted: int) -> None:
        super().__init__(rows, per_page)
        self.count = counted


def _tab(user: User, name: str) -> Tab:
    found = _counted(_rows(user, name))
    label = NURSES_WORDS.get(name, LISTS[name].label) if user.role == Role.NURSE else LISTS[name].label
    return Tab(name, label, min(found, MOST), found > MOST)


def _counted(rows: QuerySet[Any]) -> int:
    """Counting stops after MOST: nobody works through more, and a large clinic costs no more."""
    return rows.select_related(None).order_by()[: MOST + 1].count()


def _rows(user: User, show: str) -> QuerySet[Any]:
    if show == ESCALATED:
        return _shown(_escalated(user)).order_by("open_since", "pk")
    each = LISTS[show]
    if show in ALERT_LISTS:
        unresolved = Alert.objects.unresolved().filter(_each_day(user, each.rule_on))
        return _shown(unresolved).order_by(*each.order)
    tasks = Task.objects.filter(_each_day(user, each.rule_on), state=TaskState.OPEN)
    # Joined, the clinic would come first and its tasks be sorted.
    return tasks.select_related("patient").prefetch_related("clinic").order_by(*each.order)


def _page_size(show: str) -> int:
    return TASKS_PAGE if show in TASK_LISTS else PAGE


def _each_day(user: User, rule_on: Callable[[date], Q]) -> Q:
    """The rule on each clinic's own day: most often one day for all of them."""
    days: dict[date, list[Clinic]] = {}
    for clinic in user.own_clinics:
        days.setdefault(local_today(clinic), []).append(clinic)
    return reduce(or_, (Q(clinic__in=clinics) & rule_on(today) for today, clinics in days.items()))


def _escalated(user: User) -> QuerySet[Alert]:
    """Open "act now" alerts that nobody has acknowledged for four hours (hazard: a result nobody reads)."""
    limit = timezone.now() - ESCALATED_AFTER
    waiting = Alert.objects.filter(clinic__in=user.own_clinics, state=AlertState.OPEN)
    return waiting.filter(severity=Severity.ACT_NOW, open_since__lte=limit)


def _shown(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    # The verdict that raised an alert is large and is not shown here.
    return alerts.select_related("patient", "handled_by").defer("raised_verdict")
