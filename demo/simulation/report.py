"""What a simulated year shows: how many alerts, whether any flapped, was doubled, or never came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from demo.simulation.clinic import Simulated
from dosing.models import Alert, AlertState, Task
from dosing.rules.findings import Severity

DAYS_A_WEEK = 7
# Raised and resolved more often than this for the same facts, an alert flaps.
MOST_TIMES = 2


@dataclass(frozen=True)
class SimulationCounts:
    """Counts of a year. by_rule: how many alerts each rule raised, and how many were ever "act now"."""

    patient_weeks: float
    by_rule: dict[str, tuple[int, int]]
    tasks: dict[str, int]
    flapping: tuple[str, ...]
    doubled: tuple[str, ...]
    dangers: int
    missed: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def per_100_weeks(self) -> tuple[float, float]:
        """Alerts per 100 patient-weeks: "act now", and all."""
        every = sum(number for number, _now in self.by_rule.values())
        now = sum(number for _every, number in self.by_rule.values())
        return 100 * now / self.patient_weeks, 100 * every / self.patient_weeks


def findings(result: Simulated, differences: list[str]) -> SimulationCounts:
    """Count the alerts of the simulated clinic from its stored rows and their history."""
    alerts = list(Alert.objects.filter(clinic=result.clinic))
    ever_now = set(
        Alert.history.filter(clinic=result.clinic, severity=Severity.ACT_NOW).values_list("id", flat=True)
    )
    raised = Counter(alert.rule for alert in alerts)
    now = Counter(alert.rule for alert in alerts if alert.pk in ever_now)
    tasks = Counter(Task.objects.filter(clinic=result.clinic).values_list("kind", flat=True))
    return SimulationCounts(
        patient_weeks=len(result.courses) * (result.days + 1) / DAYS_A_WEEK,
        by_rule={rule: (number, now[rule]) for rule, number in sorted(raised.items())},
        tasks=dict(sorted(tasks.items())),
        flapping=tuple(_flapping(alerts)),
        doubled=tuple(_doubled(alerts)),
        dangers=result.dangers,
        missed=result.missed,
        differences=tuple(differences),
    )


def _flapping(alerts: list[Alert]) -> Iterator[str]:
    """The same matter, resting on the same facts, raised and resolved more than twice."""
    times = Counter(_matter(alert) for alert in alerts if alert.state == AlertState.RESOLVED)
    yield from (str(matter) for matter, number in times.items() if number > MOST_TIMES)


def _doubled(alerts: list[Alert]) -> Iterator[str]:
    times = Counter(
        (alert.patient_id, alert.rule, alert.subject)
        for alert in alerts
        if alert.state != AlertState.RESOLVED
    )
    yield from (str(matter) for matter, number in times.items() if number > 1)


def _matter(alert: Alert) -> tuple[object, ...]:
    facts = [
        (item["fact"]["kind"], item["fact"]["id"])
        for item in alert.raised_verdict["evidence"]
        if item["fact"]
    ]
    return alert.patient_id, alert.rule, alert.subject, tuple(sorted(facts))
