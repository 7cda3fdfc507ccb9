"""How long tacrolimus was kept: the first treatment, with pauses of up to four weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dosing.rules.case import LONGEST_PAUSE
from dosing.rules.treatment import Course, Treatment
from patients.rules.reading import episodes_of
from patients.rules.record import Record

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


class Span(NamedTuple):
    """Days at one dose, both included; last_day None: it continues. mg_per_day None: not known."""

    start: date
    last_day: date | None
    mg_per_day: Decimal | None


def staying(record: Record, treatment: Treatment, cut_off: date) -> Staying | None:
    """The first treatment up to the cut-off; None where tacrolimus was never taken."""
    spans = [
        Span(row.start, row.last_day, row.mg_per_day)
        for row in episodes_of(record, ["tacrolimus"], cut_off)
        if row.dose_mg != 0
    ]
    return retention_from_doses(spans, treatment.courses, _last_seen(record, treatment, cut_off), cut_off)


def retention_from_doses(
    spans: Sequence[Span], courses: Sequence[Course], last_seen: date, cut_off: date
) -> Staying | None:
    """The same from the doses, oldest first. last_seen: the last day of contact up to the cut-off."""
    rows = _first_treatment(spans)
    if not rows:
        return None
    first, last_day = rows[0].start, rows[-1].last_day
    ended = last_day is not None and last_day < cut_off and not _still_paused(courses, last_day, cut_off)
    # No more is known of whether it was taken.
    seen = last_day if ended and last_day is not None else max(first, last_seen)
    reason = _reason(courses, last_day) if ended else ""
    doses = tuple(
        ((row.start - first).days, (min(row.last_day or seen, seen) - first).days, row.mg_per_day)
        for row in rows
        if row.start <= seen
    )
    left = ended and reason in LEFT
    return Staying(first, doses, (seen - first).days, ended and not left, left, reason)


def _first_treatment(rows: Sequence[Span]) -> Sequence[Span]:
    for place in range(1, len(rows)):
        before = rows[place - 1].last_day
        if before is not None and rows[place].start - before > LONGEST_PAUSE:
            return rows[:place]
    return rows


def _still_paused(courses: Sequence[Course], last_day: date, cut_off: date) -> bool:
    """Not taken, but for no longer than a pause, and nobody recorded a stop."""
    return cut_off - last_day <= LONGEST_PAUSE and not any(course.ended_on == last_day for course in courses)


def _reason(courses: Sequence[Course], last_day: date | None) -> str:
    return next((course.end_code for course in courses if course.ended_on == last_day), "")


def _last_seen(record: Record, treatment: Treatment, cut_off: date) -> date:
    """The last visit, result or level up to the cut-off; the beginning of time without any."""
    days = (
        *(visit.on for visit in record.visits),
        *(result.on for result in record.laboratory),
        *(level.on for level in treatment.levels),
    )
    return max([day for day in days if day <= cut_off], default=date.min)
