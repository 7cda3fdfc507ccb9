"""The time axis as data for the browser's chart: numbers to draw, and each thing in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from dosing.rules.timeline import (
    Lane,
    LaneShape,
    Stretch,
    Timeline,
    TimelineMark,
    TimelinePoint,
    TimelineSeries,
)
from dosing.timeline.scale import scale_of
from dosing.timeline.wording import TimelineEntry, TimelineWording, lane_title, measured, unlinked
from patients.messages import sentence

Json = dict[str, Any]


def chart_data(timeline: Timeline) -> Json:
    """Everything that the chart draws and says; days are ISO dates, words are in the reader's language."""
    words = TimelineWording(timeline, unlinked)
    return {
        "first": timeline.first.isoformat(),
        "today": timeline.on.isoformat(),
        "courses": [[course.first.isoformat(), course.last.isoformat()] for course in timeline.courses],
        "days": {on.isoformat(): words.day(on) for on in _days(timeline)},
        "lanes": [_lane(lane, words) for lane in timeline.lanes],
        "words": {
            "start": gettext("start of tacrolimus"),
            "nothing": gettext("nothing recorded on this day"),
            "new": gettext("new dose:"),
            "planned": gettext("planned:"),
            "last": gettext("last day of:"),
            "in_force": gettext("Taken:"),
        },
    }


def _days(timeline: Timeline) -> list[date]:
    """Every day on which something happened, began or ended, and today."""
    found = {timeline.on}
    for lane in timeline.lanes:
        for series in lane.series:
            found |= {row.first for row in series.stretches} | {row.last for row in series.ends(timeline.on)}
            found |= {row.on for row in series.points} | {row.on for row in series.marks}
    return sorted(found)


def _lane(lane: Lane, words: TimelineWording) -> Json:
    data: Json = {
        "key": lane.key,
        "title": lane_title(lane),
        "shape": lane.shape.value,
        "series": [_series(lane, series, words) for series in lane.series],
    }
    if lane.band:
        data["band"] = [float(number) for number in lane.band]
    if lane.shape is LaneShape.SCALE:
        scale = scale_of(lane)
        data["scale"] = [scale.low, scale.high, scale.step]
    return data


def _series(lane: Lane, series: TimelineSeries, words: TimelineWording) -> Json:
    ended = set(series.ends(words.timeline.on))
    return {
        "name": sentence(series.name),
        "planned": series.is_planned,
        "stretches": [_stretch(row, words.stretch(series, row), row in ended) for row in series.stretches],
        "points": [_point(row, words.point(lane, series, row)) for row in series.points],
        "marks": [_mark(row, words.mark(row)) for row in series.marks],
        "limits": [list(_limits(series.points, side)) for side in ("lower_limit", "upper_limit")],
    }


def _stretch(row: Stretch, entry: TimelineEntry, ended: bool) -> Json:
    days = {"first": row.first.isoformat(), "last": row.last.isoformat(), "ended": ended}
    return {**days, "value": _number(row.mg_per_day), **_entry_json(entry)}


def _point(row: TimelinePoint, entry: TimelineEntry) -> Json:
    data = {"day": row.on.isoformat(), "value": _number(row.low), **_entry_json(entry)}
    if row.high != row.low:
        data["high"] = _number(row.high)
    if row.comparator:
        data["label"] = measured(row)
    if row.set_apart:
        data["apart"] = True
    return data


def _mark(row: TimelineMark, entry: TimelineEntry) -> Json:
    return {"day": row.on.isoformat(), "symbol": row.symbol.value, **_entry_json(entry)}


def _entry_json(entry: TimelineEntry) -> Json:
    return {"said": entry.said, "more": entry.more} if entry.more else {"said": entry.said}


def _limits(points: Iterable[TimelinePoint], side: str) -> Iterator[tuple[str, float | None]]:
    for point in points:
        limit = getattr(point, side)
        if limit is not None:
            yield point.on.isoformat(), _number(limit)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
