"""How often alerts ask for attention and what becomes of it: counted from their stored versions.

A call is one time that an alert asks for attention: when it is raised, and when it becomes graver. A snooze
that ends, and what a person takes back, is no new call. An alert that an earlier decision had answered
already calls nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple, TypeVar

from dosing.rules.findings import Severity

OPEN, ACKNOWLEDGED, SNOOZED, OVERRIDDEN, RESOLVED = (
    "open", "acknowledged", "snoozed", "overridden", "resolved",
)  # fmt: skip
# Specification 4.5: unacknowledged for 4 hours, an "act now" goes to the clinic's escalation list.
ESCALATED_AFTER = timedelta(hours=4)
SECONDS_AN_HOUR = 3600
HUNDRED = 100
Key = TypeVar("Key")


class AlertVersion(NamedTuple):
    """One stored version of an alert: when, how severe, in which state, overridden with which reason."""

    at: datetime
    severity: int
    state: str
    code: str = ""


@dataclass(frozen=True)
class Call:
    """One time that an alert asked for attention, and what became of it.

    outcomes: states that followed, in any order; graver: it was overtaken by a rise in severity.
    handled_at: when a person first handled it, or the facts settled it; None while it waits.
    """

    severity: int
    at: datetime
    outcomes: frozenset[str] = frozenset()
    handled_at: datetime | None = None
    code: str = ""
    graver: bool = False

    def is_late(self, now: datetime) -> bool:
        """Whether it was or is an "act now" that waited longer than it may."""
        return self.severity == Severity.ACT_NOW and (self.handled_at or now) - self.at > ESCALATED_AFTER

    @property
    def hours(self) -> float | None:
        """Hours until it was handled."""
        return (
            None if self.handled_at is None else (self.handled_at - self.at).total_seconds() / SECONDS_AN_HOUR
        )


@dataclass(frozen=True)
class Tally:
    """Counts of calls. One may be in several: acknowledged first and settled by the facts later."""

    raised: int = 0
    acknowledged: int = 0
    snoozed: int = 0
    overridden: int = 0
    settled: int = 0
    graver: int = 0
    waiting: int = 0
    late: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    median_hours: float | None = None

    def share(self, count: int) -> float | None:
        """A count as per cent of what was raised; None when nothing was."""
        return HUNDRED * count / self.raised if self.raised else None

    @property
    def override_rate(self) -> float | None:
        """Per cent of the calls that were overridden."""
        return self.share(self.overridden)


def calls_of(steps: Iterable[AlertVersion]) -> list[Call]:
    """The calls of one alert, from its stored versions in the order in which they were written."""
    calls: list[Call] = []
    before: AlertVersion | None = None
    for step in steps:
        risen = before is not None and step.severity > before.severity
        if step.state == OPEN and (before is None or risen):
            if calls:
                calls[-1] = replace(calls[-1], graver=True)
            calls.append(Call(step.severity, step.at))
        elif calls and before is not None and step.state != before.state:
            calls[-1] = _taken_back(calls[-1], before) if step.state == OPEN else _handled(calls[-1], step)
        before = step
    return calls


def tally(calls: Iterable[Call], now: datetime) -> Tally:
    """The counts of these calls, as of now."""
    found = list(calls)
    outcomes = Counter(outcome for call in found for outcome in call.outcomes)
    hours = [call.hours for call in found if call.hours is not None]
    reasons = Counter(call.code for call in found if call.code)
    return Tally(
        raised=len(found),
        acknowledged=outcomes[ACKNOWLEDGED],
        snoozed=outcomes[SNOOZED],
        overridden=outcomes[OVERRIDDEN],
        settled=outcomes[RESOLVED],
        graver=sum(call.graver for call in found),
        waiting=sum(call.handled_at is None and not call.graver for call in found),
        late=sum(call.is_late(now) for call in found),
        reasons=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        median_hours=median(hours) if hours else None,
    )


def tallies(calls: Iterable[tuple[Key, Call]], now: datetime) -> dict[Key, Tally]:
    """The counts by key."""
    groups: dict[Key, list[Call]] = {}
    for key, call in calls:
        groups.setdefault(key, []).append(call)
    return {key: tally(group, now) for key, group in groups.items()}


def per_100_weeks(count: int, weeks: float) -> float | None:
    """A count per 100 patient-weeks; None where no patient was under observation."""
    return HUNDRED * count / weeks if weeks else None


def days_within(first: date, end: date | None, since: date, until: date) -> int:
    """Days of [first, end) within [since, until); end None: it continues."""
    return max(0, (min(end or until, until) - max(first, since)).days)


def _handled(call: Call, step: AlertVersion) -> Call:
    return replace(
        call,
        outcomes=call.outcomes | {step.state},
        handled_at=call.handled_at or step.at,
        code=step.code if step.state == OVERRIDDEN else call.code,
    )


def _taken_back(call: Call, before: AlertVersion) -> Call:
    """Open again: a snooze ended, which stays counted, or a person took back what they did."""
    if before.state == SNOOZED:
        return call
    left = call.outcomes - {before.state}
    code = "" if before.state == OVERRIDDEN else call.code
    return replace(call, outcomes=left, handled_at=call.handled_at if left else None, code=code)
