"""Everything about one patient on one time axis: doses, levels, activity, laboratory, visits and events."""

from collections.abc import Iterable, Iterator
from datetime import date

from dosing.rules.case import Case
from dosing.rules.timeline import doses, measurements
from dosing.rules.timeline.events import DECISIONS, Decided, events
from dosing.rules.timeline.lanes import (
    Lane,
    LaneShape,
    Stretch,
    Symbol,
    Timeline,
    TimelineMark,
    TimelinePoint,
    TimelineSeries,
    TreatmentSpan,
)
from dosing.rules.treatment import Level

__all__ = [
    "DECISIONS",
    "Decided",
    "Lane",
    "LaneShape",
    "Level",
    "Stretch",
    "Symbol",
    "Timeline",
    "TimelineMark",
    "TimelinePoint",
    "TimelineSeries",
    "TreatmentSpan",
    "timeline",
]  # fmt: skip


def timeline(case: Case, decisions: Iterable[Decided]) -> Timeline | None:
    """The lanes with anything in them up to the case's day; None when there is nothing at all."""
    lanes = tuple(lane for lane in _lanes(case, decisions) if lane.series)
    if not lanes:
        return None
    first = min(day for lane in lanes for day in _days(lane))
    return Timeline(first, case.on, lanes, doses.courses(case.record, case.on))


def _lanes(case: Case, decisions: Iterable[Decided]) -> Iterator[Lane]:
    record, on = case.record, case.on
    yield doses.prednisolone(case)
    yield doses.tacrolimus(record, on)
    yield measurements.levels(case)
    yield doses.other_drugs(record, on)
    yield measurements.sledai(record, on)
    yield measurements.c3(record, on)
    yield from measurements.dsdna(record, on)
    yield measurements.creatinine(record, on)
    yield measurements.egfr(record, on)
    yield events(case, decisions)


def _days(lane: Lane) -> Iterator[date]:
    for series in lane.series:
        yield from (item.first for item in series.stretches)
        yield from (point.on for point in series.points)
        yield from (mark.on for mark in series.marks)
