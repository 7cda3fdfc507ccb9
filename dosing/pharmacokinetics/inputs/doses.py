"""Which doses were taken when: the drug list, corrected by what was said of the last dose at each draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from dosing.pharmacokinetics.inputs.reported_doses import (
    Intake,
    drawn_at,
    last_dose_at,
    nearest,
    waits_for,
    with_reported_doses,
)
from dosing.pharmacokinetics.regimen import DAY_HOURS, Regimen, Segment
from dosing.rules.case import Case
from patients.rules.reading import episodes_of
from patients.rules.record import Episode
from patients.rules.schedules import DAYS_BETWEEN_DOSES

# [D] After supper, where the drug list has no time.
SUPPER = time(20)
# [D] A dose planned before it is taken by the time that anybody looks at a forecast.
NOON = time(12)
MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


def doses_of(case: Case) -> list[Episode]:
    """Every period of tacrolimus at more than nothing, also of earlier treatments."""
    return [row for row in episodes_of(case.record, ["tacrolimus"], case.on) if row.dose_mg != 0]


def next_intake(case: Case, dose: Episode) -> datetime:
    """The first dose that another one could replace: today's, unless it is taken or about to be."""
    first = case.on + ONE_DAY if _is_taken_today(case, dose) else case.on
    between = DAYS_BETWEEN_DOSES[dose.schedule]
    anchor = [dose.start, *_reported_days(case, dose)][-1]
    return _at(dose, first + timedelta(days=(anchor - first).days % between))


def regimen_of(case: Case, dose: Episode) -> Regimen:
    """The doses until now as they were taken, and the present dose from its next intake on."""
    following = next_intake(case, dose)
    taken = with_reported_doses(planned_until(case, following), case.treatment.levels_in_order)
    interval = DAY_HOURS * DAYS_BETWEEN_DOSES[dose.schedule]
    end = None if dose.last_day is None else datetime.combine(dose.last_day + ONE_DAY, time())
    ahead = Segment(following, end, float(dose.dose_mg or 0), interval)
    return Regimen((*_segments(taken), ahead))


def planned_until(case: Case, until: datetime) -> list[Intake]:
    """The doses of the drug list before a moment, oldest first."""
    return sorted(_planned(case, doses_of(case), until))


def _is_taken_today(case: Case, dose: Episode) -> bool:
    """A morning dose is; so is one that a draw of today says is, or that was only waiting for the draw."""
    planned = Intake(_at(dose, case.on), 0.0, DAYS_BETWEEN_DOSES[dose.schedule])
    listed = planned_until(case, datetime.combine(case.on + ONE_DAY, time()))
    today = [row for row in case.treatment.levels if row.on == case.on]
    said = any(last is not None and _is_of(listed, last, case.on) for last in map(last_dose_at, today))
    waited = any(waits_for(planned, drawn_at(row)) for row in today)
    return said or waited or planned.at.time() < NOON


def _is_of(listed: Sequence[Intake], last: datetime, day: date) -> bool:
    """Whether the planned dose that is meant is that of the day; one after midnight is of the day before."""
    place = nearest(listed, last)
    return place is not None and listed[place].at.date() == day


def _days_of(case: Case, row: Episode, until: date) -> Iterator[date]:
    """The days of a period's doses. Where doses are days apart, each reported last dose sets the
    days from then on."""
    between = DAYS_BETWEEN_DOSES[row.schedule]
    last = until if row.last_day is None else min(row.last_day, until)
    anchors = [row.start, *(_reported_days(case, row) if between > 1 else ())]
    for anchor, following in zip(anchors, [*anchors[1:], None], strict=True):
        for number in range((last - anchor).days // between + 1):
            day = anchor + timedelta(days=number * between)
            if following is not None and 2 * (following - day).days <= between:
                break
            yield day


def _reported_days(case: Case, row: Episode) -> list[date]:
    """The days within a period, after its first, on which a last dose was reported at a draw."""
    said = {at.date() for at in map(last_dose_at, case.treatment.levels) if at is not None}
    return sorted(day for day in said if day > row.start and row.covers(day))


def _at(row: Episode, day: date) -> datetime:
    return datetime.combine(day, row.usual_time or SUPPER)


def _planned(case: Case, rows: Iterable[Episode], until: datetime) -> Iterator[Intake]:
    for row in rows:
        for day in _days_of(case, row, until.date()):
            at = _at(row, day)
            if at < until:
                yield Intake(at, float(row.dose_mg or 0), DAYS_BETWEEN_DOSES[row.schedule])


def _segments(taken: Sequence[Intake]) -> Iterator[Segment]:
    """Runs of equal doses at their planned distance; any other dose is a run of its own."""
    starts: list[int] = []
    run = 0
    for place, row in enumerate(taken):
        run += place > 0 and not _goes_on(taken[place - 1], row)
        starts.append(run)
    for _run, rows in groupby(zip(starts, taken, strict=True), key=lambda pair: pair[0]):
        group = [row for _number, row in rows]
        yield Segment(group[0].at, group[-1].at + MINUTE, group[0].mg, DAY_HOURS * group[0].days)


def _goes_on(before: Intake, row: Intake) -> bool:
    equal = (before.mg, before.days) == (row.mg, row.days)
    return equal and row.at - before.at == row.days * ONE_DAY
