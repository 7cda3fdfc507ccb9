"""Which doses were taken when: the drug list, corrected by what was said of the last dose at each draw."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from dosing.pharmacokinetics.regimen import DAY_HOURS, Regimen, Segment
from dosing.rules.case import Case
from dosing.rules.treatment import Level
from patients.rules.reading import episodes_of
from patients.rules.record import DAYS_BETWEEN_DOSES, Episode

# [D] After supper, where the drug list has no time.
SUPPER = time(20)
# [D] A draw on a day for which only the day is known.
CLINIC_HOUR = time(9)
# A dose said to be taken so near to a planned one is that one.
NEAR = timedelta(hours=12)
MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


class Intake(NamedTuple):
    """One dose."""

    at: datetime
    mg: float


def drawn_at(level: Level) -> datetime:
    """The draw by the clinic's clock."""
    if not level.time:
        return datetime.combine(level.on, CLINIC_HOUR)
    return datetime.fromisoformat(level.time).replace(tzinfo=None)


def last_dose_at(level: Level) -> datetime | None:
    """When the last dose before the draw was taken; None where nobody knows."""
    if level.hours_after_dose is None:
        return None
    return drawn_at(level) - timedelta(hours=float(level.hours_after_dose))


def doses_of(case: Case) -> list[Episode]:
    """Every period of tacrolimus at more than nothing, also of earlier treatments."""
    return [row for row in episodes_of(case.record, ["tacrolimus"], case.on) if row.dose_mg != 0]


def next_intake(case: Case, dose: Episode) -> datetime:
    """The first dose that another one could replace: today's, unless a draw says that it is taken."""
    first = case.on
    if any(at is not None and at.date() == case.on for at in map(last_dose_at, case.treatment.levels)):
        first += ONE_DAY
    between = DAYS_BETWEEN_DOSES[dose.schedule]
    waits = -(first - dose.start).days % between
    return _at(dose, first + timedelta(days=waits))


def regimen_of(case: Case, dose: Episode) -> Regimen:
    """The doses until now as they were taken, and the present dose from its next intake on."""
    following = next_intake(case, dose)
    planned = sorted(_planned(doses_of(case), following))
    taken = _as_said(planned, case.treatment.levels_in_order)
    interval = DAY_HOURS * DAYS_BETWEEN_DOSES[dose.schedule]
    end = None if dose.last_day is None else datetime.combine(dose.last_day + ONE_DAY, time())
    ahead = Segment(following, end, float(dose.dose_mg or 0), interval)
    return Regimen((*_segments(taken), ahead))


def _at(row: Episode, day: date) -> datetime:
    return datetime.combine(day, row.usual_time or SUPPER)


def _planned(rows: Iterable[Episode], until: datetime) -> Iterator[Intake]:
    for row in rows:
        last = until.date() if row.last_day is None else min(row.last_day, until.date())
        for day in range(0, (last - row.start).days + 1, DAYS_BETWEEN_DOSES[row.schedule]):
            at = _at(row, row.start + timedelta(days=day))
            if at < until:
                yield Intake(at, float(row.dose_mg or 0))


def _as_said(planned: list[Intake], levels: Sequence[Level]) -> list[Intake]:
    """The last dose before a draw moves to its time; what was planned between the two was not taken."""
    taken = list(planned)
    for level in levels:
        last = last_dose_at(level)
        if last is None:
            continue
        times = [row.at for row in taken]
        nearest = min(range(len(times)), key=lambda place: abs(times[place] - last), default=None)
        if nearest is None or abs(times[nearest] - last) > NEAR:
            continue
        moved = Intake(last, taken[nearest].mg)
        missed = slice(bisect_right(times, last), bisect_left(times, drawn_at(level)))
        skipped = {*range(*missed.indices(len(times))), nearest}
        taken = sorted([*(row for place, row in enumerate(taken) if place not in skipped), moved])
    return taken


def _segments(taken: Sequence[Intake]) -> Iterator[Segment]:
    """Runs of equal doses a day apart; any other dose stands alone."""
    starts: list[int] = []
    run = 0
    for place, row in enumerate(taken):
        if place and (row.mg != taken[place - 1].mg or row.at - taken[place - 1].at != ONE_DAY):
            run += 1
        starts.append(run)
    for _run, rows in groupby(zip(starts, taken, strict=True), key=lambda pair: pair[0]):
        group = [row for _number, row in rows]
        yield Segment(group[0].at, group[-1].at + MINUTE, group[0].mg)
