"""Times until an event or the end of observation, counted at each time: where both methods start."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.numbers import MISSING, Number, coded, scale_for, unusable
from analytics.statistics.results import LeftOut, count_reasons
from patients.rules.verdict import gettext_noop

TIME_MISSING = gettext_noop("the time of observation is missing")
EVENT_UNKNOWN = gettext_noop("it is not known whether the event happened")
NEGATIVE = gettext_noop("the time of observation is below zero")
GROUP_MISSING = gettext_noop("the group is not known")


@dataclass(frozen=True)
class Observed:
    """One person whose time can be used; code is the time as a whole number: equal decimals are equal."""

    code: int
    event: bool
    group: str


@dataclass(frozen=True)
class FollowUp:
    """Everybody whose time can be used, the others counted by reason. scale: what makes codes of times."""

    people: tuple[Observed, ...]
    scale: float
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Moment:
    """One time with those still observed just before it, and what happened at it."""

    code: int
    at_risk: int
    events: int
    censored: int


def follow_up(
    durations: Sequence[Number],
    events: Sequence[bool | int | None],
    groups: Sequence[str | None] | None = None,
) -> FollowUp:
    """Read times, events and groups. Raises ValueError where they are not of one length."""
    labels = [""] * len(durations) if groups is None else groups
    rows = list(zip(durations, events, labels, strict=True))
    reasons = [_reason(*row) for row in rows]
    kept = [row for row, why in zip(rows, reasons, strict=True) if why is None]
    times = [float(duration or 0) for duration, _, _ in kept]
    scale = scale_for(times)
    people = tuple(
        Observed(code, bool(event), str(group))
        for code, (_, event, group) in zip(coded(times, scale), kept, strict=True)
    )
    return FollowUp(people, scale, count_reasons(reasons))


def moments(people: Sequence[Observed]) -> list[Moment]:
    """Each distinct time in its order; who is censored at a time was still at risk at it."""
    happened = Counter(person.code for person in people if person.event)
    ended = Counter(person.code for person in people if not person.event)
    at_risk = len(people)
    found = []
    for code in sorted(happened.keys() | ended.keys()):
        found.append(Moment(code, at_risk, happened[code], ended[code]))
        at_risk -= happened[code] + ended[code]
    return found


def _reason(duration: Number, event: bool | int | None, group: str | None) -> str | None:
    why = unusable(duration)
    if why is not None:
        return TIME_MISSING if why is MISSING else why
    if duration is not None and duration < 0:
        return NEGATIVE
    if event is None:
        return EVENT_UNKNOWN
    return GROUP_MISSING if group is None else None
