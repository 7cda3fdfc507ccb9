"""What was said of the last dose at each draw: it goes before what the drug list plans."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from dosing.rules.treatment import Level

# [D] A draw on a day for which only the day is known.
CLINIC_HOUR = time(9)
# [D] Nobody remembers a last dose of more than a week ago to the hour: rather a wrong date.
BELIEVED_HOURS = 168


class Intake(NamedTuple):
    """One dose; days: to the next one, as planned."""

    at: datetime
    mg: float
    days: int = 1


def drawn_at(level: Level) -> datetime:
    """The draw by the clinic's clock."""
    if not level.time:
        return datetime.combine(level.on, CLINIC_HOUR)
    return datetime.fromisoformat(level.time).replace(tzinfo=None)


def last_dose_at(level: Level) -> datetime | None:
    """When the last dose before the draw was taken; None where it is unknown or impossible."""
    if level.hours_after_dose is None or level.hours_after_dose > BELIEVED_HOURS:
        return None
    return drawn_at(level) - timedelta(hours=float(level.hours_after_dose))


def nearest(planned: Sequence[Intake], last: datetime) -> int | None:
    """The place of the planned dose that is meant: at most half the way to the next one; None: none is."""
    place = bisect_left(planned, last, key=lambda row: row.at)
    beside = [number for number in (place - 1, place) if 0 <= number < len(planned)]
    best = min(beside, key=lambda number: abs(planned[number].at - last), default=None)
    if best is None:
        return None
    near = abs(planned[best].at - last) <= timedelta(days=planned[best].days) / 2
    return best if near or planned[best].at.date() == last.date() else None


def waits_for(planned: Intake, drawn: datetime) -> bool:
    """[D] Whether a dose that was not taken waits for the draw: one of the same day, due before it."""
    return planned.at.date() == drawn.date() and planned.at <= drawn


def is_unlisted(planned: Sequence[Intake], level: Level) -> bool:
    """Whether the reported last dose is none of the planned doses."""
    last = last_dose_at(level)
    return last is not None and nearest(planned, last) is None


def with_reported_doses(planned: Sequence[Intake], levels: Sequence[Level]) -> list[Intake]:
    """The planned doses with the last one before each draw at its time.

    Of those planned between it and the draw, one that waited for the draw is taken right after it, and the
    others were not taken. A last dose that the list does not have changes nothing.
    """
    taken = list(planned)
    for level in levels:
        last = last_dose_at(level)
        place = None if last is None else nearest(taken, last)
        if last is not None and place is not None:
            taken = _corrected(taken, place, last, drawn_at(level))
    return taken


def _corrected(taken: list[Intake], place: int, last: datetime, drawn: datetime) -> list[Intake]:
    times = [row.at for row in taken]
    between = set(range(bisect_right(times, last), bisect_left(times, drawn))) - {place}
    kept = [row for number, row in enumerate(taken) if number != place and number not in between]
    waited = [taken[number]._replace(at=drawn) for number in between if waits_for(taken[number], drawn)]
    return sorted([*kept, taken[place]._replace(at=last), *waited])
