"""Systemic glucocorticoids: prednisolone equivalents, daily doses, and stability over a window.

Equivalents are milligrams equal to 5 mg of prednisolone (clinical specification 5.5).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from patients.rules.drugs import DRUGS, STEROID, members
from patients.rules.reading import episodes_of
from patients.rules.record import Administration, Episode, Purpose, Record, Route
from patients.rules.unidentified_drugs import unidentified_drugs

SAME_DOSE = Decimal("0.01")
STRESS_COVER_DAYS = 3
ONE_DAY = timedelta(days=1)
SYSTEMIC_ROUTES = frozenset({Route.ORAL, Route.INTRAVENOUS, Route.INTRAMUSCULAR, Route.SUBCUTANEOUS})

# Betamethasone: sources give 0.6 to 0.75; 0.6 is this project's choice, to be confirmed.
MG_EQUAL_TO_5_MG_PREDNISOLONE: Mapping[str, Decimal] = MappingProxyType(
    {
        "prednisolone": Decimal(5),
        "prednisone": Decimal(5),
        "methylprednisolone": Decimal(4),
        "triamcinolone": Decimal(4),
        "hydrocortisone": Decimal(20),
        "cortisone": Decimal(25),
        "dexamethasone": Decimal("0.75"),
        "betamethasone": Decimal("0.6"),
        "betamethasone_chlorpheniramine": Decimal("0.6"),
        "deflazacort": Decimal(6),
    }
)


class DoseChange(NamedTuple):
    """The daily prednisolone equivalent in mg went from old to new on this day."""

    on: date
    old_mg: Decimal
    new_mg: Decimal


class Stability(NamedTuple):
    """What happened to the systemic glucocorticoid in a window.

    dose_mg is the dose of the last known day. unknown_days have no episode or an unknown dose.
    stress_cover was ignored: short courses that were not for SLE. unidentified are drugs written in
    free text: any of them could be a glucocorticoid.
    """

    dose_mg: Decimal | None
    changes: tuple[DoseChange, ...]
    unknown_days: tuple[date, ...]
    pulses: tuple[Administration, ...]
    stress_cover: tuple[Episode | Administration, ...]
    episodes: tuple[Episode, ...]
    unidentified: tuple[Episode | Administration, ...] = ()


class _Run(NamedTuple):
    """Consecutive days at one daily prednisolone equivalent in mg; None where it is unknown."""

    first: date
    last: date
    mg: Decimal | None

    @property
    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def prednisolone_equivalent(drug: str, mg: Decimal) -> Decimal | None:
    """The prednisolone dose in mg that equals `mg` of a drug; None for a drug without a factor."""
    factor = MG_EQUAL_TO_5_MG_PREDNISOLONE.get(drug)
    return None if factor is None else mg * 5 / factor


def daily_doses(record: Record, first: date, last: date) -> dict[date, Decimal | None]:
    """The prednisolone equivalent in mg of each day from first to last; None where it is unknown.

    Several glucocorticoids add up; a day without any episode is unknown, a stated 0 mg is 0.
    """
    return {day: run.mg for run in _runs(_episodes(record, last), first, last) for day in run.days}


def stability(record: Record, on: date, days: int) -> Stability:
    """Changes, gaps and pulses in the last `days` days up to `on`.

    A change dated d counts when on - days < d <= on, so the day before the window is compared too.
    """
    first = on - timedelta(days=days)
    episodes = _episodes(record, on)
    ignored = _short_stress_cover(episodes)
    runs = [run for run in _runs(episodes, first, on) if not _covers(ignored, run.first)]
    known = [(run.first, run.mg) for run in runs if run.mg is not None]
    injections = _injections(record, first, on)
    return Stability(
        dose_mg=known[-1][1] if known else None,
        changes=_changes(known),
        unknown_days=tuple([day for run in runs if run.mg is None for day in run.days]),
        pulses=tuple([row for row in injections if row.purpose is not Purpose.STRESS_COVER]),
        stress_cover=(
            *[episode for episode in ignored if episode.last_day is not None and episode.last_day > first],
            *[row for row in injections if row.purpose is Purpose.STRESS_COVER],
        ),
        episodes=tuple([row for row in episodes if row.last_day is None or row.last_day >= first]),
        unidentified=_unidentified(record, first, on),
    )


def _covers(episodes: list[Episode], day: date) -> bool:
    return bool(episodes) and any(episode.covers(day) for episode in episodes)


def _runs(episodes: list[Episode], first: date, last: date) -> list[_Run]:
    """The days from first to last in runs that no episode begins or ends within, oldest first."""
    turns = [row.start for row in episodes]
    turns += [row.last_day + ONE_DAY for row in episodes if row.last_day is not None and row.last_day < last]
    begins = sorted({day for day in (first, *turns) if first <= day <= last})
    ends = [*[day - ONE_DAY for day in begins[1:]], last]
    return [
        _Run(day, end, _dose([row for row in episodes if row.covers(day)]))
        for day, end in zip(begins, ends, strict=False)
    ]


def _episodes(record: Record, on: date) -> list[Episode]:
    """Oldest first."""
    return [row for row in episodes_of(record, members(STEROID), on) if row.route in SYSTEMIC_ROUTES]


def _injections(record: Record, first: date, on: date) -> list[Administration]:
    found = [
        row
        for row in record.administrations
        if row.drug in DRUGS and STEROID in DRUGS[row.drug].classes and first < row.on <= on
        if row.route in SYSTEMIC_ROUTES
    ]
    return sorted(found, key=lambda row: (row.on, row.id))


def _unidentified(record: Record, first: date, on: date) -> tuple[Episode | Administration, ...]:
    """Drugs in free text that could be a glucocorticoid of the window; short stress cover is left out."""
    rows = unidentified_drugs(record, first, on)
    taken = [row for row in rows if isinstance(row, Episode) and row.route in SYSTEMIC_ROUTES]
    ignored = _short_stress_cover(taken)
    given = [
        row
        for row in rows
        if isinstance(row, Administration) and row.route in SYSTEMIC_ROUTES and row.on > first
        if row.purpose is not Purpose.STRESS_COVER
    ]
    return (*(row for row in taken if row not in ignored), *given)


def _short_stress_cover(episodes: list[Episode]) -> list[Episode]:
    """Stress cover of up to 3 days; courses without a day between them count as one."""
    courses: list[list[Episode]] = []
    for episode in episodes:
        if episode.purpose is not Purpose.STRESS_COVER:
            continue
        if courses and episode.start - ONE_DAY <= _end(courses[-1]):
            courses[-1].append(episode)
        else:
            courses.append([episode])
    return [episode for course in courses if _is_short(course) for episode in course]


def _is_short(course: list[Episode]) -> bool:
    return (_end(course) - course[0].start).days < STRESS_COVER_DAYS


def _end(course: list[Episode]) -> date:
    """The last day of a course of stress cover; the end of time while it is open."""
    return max(row.last_day or date.max for row in course)


def _dose(episodes: list[Episode]) -> Decimal | None:
    doses = [_equivalent(episode) for episode in episodes]
    if not doses or None in doses:
        return None
    return doses[0] if len(doses) == 1 else sum((dose for dose in doses if dose is not None), Decimal(0))


def _equivalent(episode: Episode) -> Decimal | None:
    mg = episode.mg_per_day
    return None if mg is None else prednisolone_equivalent(episode.drug, mg)


def _changes(known: list[tuple[date, Decimal]]) -> tuple[DoseChange, ...]:
    """The days from which the dose differs from the one known before, from (first day, mg) in order."""
    return tuple(
        [
            DoseChange(day, old, new)
            for (_day, old), (day, new) in pairwise(known)
            if new is not old and abs(new - old) >= SAME_DOSE
        ]
    )
