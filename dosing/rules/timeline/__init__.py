"""Everything about one patient on one time axis: doses, levels, activity, laboratory, visits and events."""

from collections.abc import Iterable, Iterator
from datetime import date

from dosing.rules.timeline import doses, measurements
from dosing.rules.timeline.events import DECISIONS, Decided, events
from dosing.rules.timeline.lanes import Course, Lane, Mark, Point, Series, Shape, Stretch, Symbol, Timeline
from dosing.rules.treatment import Level
from patients.rules.record import Record

__all__ = [
    "DECISIONS", "Course", "Decided", "Lane", "Level", "Mark", "Point", "Series", "Shape", "Stretch",
    "Symbol", "Timeline", "timeline",
]  # fmt: skip


def timeline(
    record: Record, levels: Iterable[Level], decisions: Iterable[Decided], on: date
) -> Timeline | None:
    """The lanes with anything in them up to `on`; None when there is nothing at all."""
    lanes = tuple(lane for lane in _lanes(record.as_of(on), levels, decisions, on) if lane.series)
    if not lanes:
        return None
    first = min(day for lane in lanes for day in _days(lane))
    return Timeline(first, on, lanes, doses.courses(record, on))


def _lanes(record: Record, levels: Iterable[Level], decisions: Iterable[Decided], on: date) -> Iterator[Lane]:
    yield doses.prednisolone(record, on)
    yield doses.tacrolimus(record, on)
    yield measurements.levels(levels, on)
    yield doses.other_drugs(record, on)
    yield measurements.sledai(record, on)
    yield measurements.c3(record, on)
    yield from measurements.dsdna(record, on)
    yield measurements.creatinine(record, on)
    yield measurements.egfr(record, on)
    yield events(record, decisions, on)


def _days(lane: Lane) -> Iterator[date]:
    for series in lane.series:
        yield from (item.first for item in series.stretches)
        yield from (point.on for point in series.points)
        yield from (mark.on for mark in series.marks)
