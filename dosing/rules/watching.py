"""Every rule that watches over a patient, and what all of them ask for on a day.

A watcher is a function of a Case. Alerts of the criteria for adding tacrolimus have a module of their own.
"""

from collections.abc import Callable, Iterable

from dosing.rules import adverse_events, flares, interactions, levels, monitoring, pauses, signals
from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, TaskFinding
from dosing.rules.taper import watch as taper

Watcher = Callable[[Case], Iterable[AlertFinding]]
Planner = Callable[[Case], Iterable[TaskFinding]]

WATCHERS: tuple[Watcher, ...] = (
    levels.raised,
    signals.raised,
    interactions.raised,
    flares.raised,
    taper.raised,
    adverse_events.raised,
)
PLANNERS: tuple[Planner, ...] = (monitoring.due, interactions.due, pauses.due, taper.due)


def alert_findings(case: Case) -> tuple[AlertFinding, ...]:
    """The alerts of a case, in the order of the watchers. Two of one rule and subject are an error."""
    found = tuple(alert for watch in WATCHERS for alert in watch(case))
    _refuse_doubles([(alert.rule, alert.subject) for alert in found])
    return found


def task_findings(case: Case) -> tuple[TaskFinding, ...]:
    """The planned work of a case, in the order of the planners."""
    found = tuple(work for plan in PLANNERS for work in plan(case))
    _refuse_doubles([(work.kind, work.subject) for work in found])
    return found


def _refuse_doubles(keys: list[tuple[str, str]]) -> None:
    if len(keys) != len(set(keys)):
        double = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"two matters of one rule and subject: {double}")
