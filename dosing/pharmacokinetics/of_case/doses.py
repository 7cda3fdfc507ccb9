"""Which doses were taken when: the drug list, corrected by what was said of the last dose at each draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from dosing.pharmacokinetics.of_case.said import HELD, Intake, as_said, drawn_at, last_dose_at
from dosing.pharmacokinetics.regimen import DAY_HOURS, Regimen, Segment
from dosing.rules.case import Case
from patients.rules.reading import episodes_of
from patients.rules.record import DAYS_BETWEEN_DOSES, Episode

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
    waits = (_days_to_first(case, dose) - (first - dose.start).days) % between
    return _at(dose, first + timedelta(days=waits))


def regimen_of(case: Case, dose: Episode) -> Regimen:
    """The doses until now as they were taken, and the present dose from its next intake on."""
    following = next_intake(case, dose)
    taken = as_said(planned_until(case, following), case.treatment.levels_in_order)
    interval = DAY_HOURS * DAYS_BETWEEN_DOSES[dose.schedule]
    end = None if dose.last_day is None else datetime.combine(dose.last_day + ONE_DAY, time())
    ahead = Segment(following, end, float(dose.dose_mg or 0), interval)
    return Regimen((*_segments(taken), ahead))


def planned_until(case: Case, until: datetime) -> list[Intake]:
    """The doses of the drug list before a moment, oldest first."""
    return sorted(_planned(case, doses_of(case), until))


def _is_taken_today(case: Case, dose: Episode) -> bool:
    """A morning dose is; so is one that a draw of today says is, or that was only waiting for the draw."""
    planned = _at(dose, case.on)
    today = [row for row in case.treatment.levels if row.on == case.on]
    said = any(last is not None and last.date() == case.on for last in map(last_dose_at, today))
    waited = any(planned <= drawn_at(row) <= planned + HELD for row in today)
    return said or waited or planned.time() < NOON


def _days_to_first(case: Case, row: Episode) -> int:
    """From the first day of a period to its first dose: where doses are days apart, the last draw says it."""
    said = [at.date() for at in map(last_dose_at, case.treatment.levels_in_order) if at is not None]
    within = [day for day in said if row.covers(day)]
    between = DAYS_BETWEEN_DOSES[row.schedule]
    return (within[-1] - row.start).days % between if within and between > 1 else 0


def _at(row: Episode, day: date) -> datetime:
    return datetime.combine(day, row.usual_time or SUPPER)


def _planned(case: Case, rows: Iterable[Episode], until: datetime) -> Iterator[Intake]:
    for row in rows:
        last = until.date() if row.last_day is None else min(row.last_day, until.date())
        between = DAYS_BETWEEN_DOSES[row.schedule]
        for day in range(_days_to_first(case, row), (last - row.start).days + 1, between):
            at = _at(row, row.start + timedelta(days=day))
            if at < until:
                yield Intake(at, float(row.dose_mg or 0), between)


def _segments(taken: Sequence[Intake]) -> Iterator[Segment]:
    """Runs of equal doses at their planned distance; any other dose stands alone."""
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
