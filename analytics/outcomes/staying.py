"""How long tacrolimus was kept: the first treatment, with pauses of up to four weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dosing.rules.case import LONGEST_PAUSE
from dosing.rules.treatment import Treatment
from patients.rules.reading import episodes_of
from patients.rules.record import Episode, Record

# A course that ends so was not stopped: the patient is no longer seen here.
LEFT = frozenset({"care_elsewhere"})


@dataclass(frozen=True)
class Staying:
    """doses: (first day, last day, mg/day), days from the first dose. days: on tacrolimus, or seen on it.

    stopped: the treatment ended in these days; reason: the code of its end, "" where none was recorded.
    left: it went on elsewhere, so that days counts as far as it was seen.
    """

    first: date
    doses: tuple[tuple[int, int, Decimal | None], ...]
    days: int
    stopped: bool
    left: bool
    reason: str = ""

    @property
    def first_mg(self) -> Decimal | None:
        """The dose that it began with, mg/day; None where it is not known."""
        return self.doses[0][2] if self.doses else None


def staying(record: Record, treatment: Treatment, cut_off: date) -> Staying | None:
    """The first treatment up to the cut-off; None where tacrolimus was never taken."""
    rows = _first_treatment(record, cut_off)
    if not rows:
        return None
    first, last_day = rows[0].start, rows[-1].last_day
    ended = last_day is not None and last_day < cut_off and not _still_paused(treatment, last_day, cut_off)
    seen = last_day if ended and last_day is not None else _last_seen(record, treatment, first, cut_off)
    reason = _reason(treatment, last_day) if ended else ""
    doses = tuple(
        ((row.start - first).days, (min(row.last_day or seen, seen) - first).days, row.mg_per_day)
        for row in rows
        if row.start <= seen
    )
    left = ended and reason in LEFT
    return Staying(first, doses, (seen - first).days, ended and not left, left, reason)


def _first_treatment(record: Record, cut_off: date) -> Sequence[Episode]:
    rows = [row for row in episodes_of(record, ["tacrolimus"], cut_off) if row.dose_mg != 0]
    for place in range(1, len(rows)):
        before = rows[place - 1].last_day
        if before is not None and rows[place].start - before > LONGEST_PAUSE:
            return rows[:place]
    return rows


def _still_paused(treatment: Treatment, last_day: date, cut_off: date) -> bool:
    """Not taken, but for no longer than a pause, and nobody recorded a stop."""
    return cut_off - last_day <= LONGEST_PAUSE and not any(
        course.ended_on == last_day for course in treatment.courses
    )


def _reason(treatment: Treatment, last_day: date | None) -> str:
    return next((course.end_code for course in treatment.courses if course.ended_on == last_day), "")


def _last_seen(record: Record, treatment: Treatment, first: date, cut_off: date) -> date:
    """The last visit, result or level up to the cut-off: no more is known of whether it was taken."""
    days = (
        *(visit.on for visit in record.visits),
        *(result.on for result in record.laboratory),
        *(level.on for level in treatment.levels),
    )
    return max([day for day in days if first <= day <= cut_off], default=first)


def days_within(found: Staying, horizon: timedelta) -> tuple[int, bool]:
    """Days on tacrolimus up to a horizon, and whether it was stopped by then."""
    most = horizon.days
    return min(found.days, most), found.stopped and found.days < most
