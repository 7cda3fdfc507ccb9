"""The time axis as a drawing for paper: shapes with coordinates, black on white, read without colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.formats import date_format

from dosing.rules.timeline import Lane, LaneShape, Symbol, Timeline, TimelinePoint, TimelineSeries
from dosing.timeline.scale import AxisScale, month_ticks, scale_of
from dosing.timeline.wording import lane_title, measured
from patients.messages import number, sentence

WIDTH = 720
GUTTER = 130
RIGHT = 12
TITLE = 12
PLOT = 25
ROW = 11
BELOW = 2
AXIS = 16
# Outlines around (0, 0); each kind of mark and each series has its own.
MARKS = {
    Symbol.VISIT: "m0-4v8",
    Symbol.DECISION: "m0-4 4 4-4 4-4-4z",
    Symbol.GIVEN: "m0-4v8m-4-4h8",
    Symbol.ILLNESS: "m0-4 4 7h-8z",
    Symbol.ADVERSE_EVENT: "m-4-3h8l-4 7z",
    Symbol.ANSWER: "m-3-3h6v6h-6z",
}
DOTS = (
    "m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0",
    "m0-3 3 5.2h-6z",
    "m-2.4-2.4h4.8v4.8h-4.8z",
    "m0-3.2 3.2 3.2-3.2 3.2-3.2-3.2z",
)


@dataclass(frozen=True)
class SvgPath:
    """A line or outline; kind says what it is, and the stylesheet how it looks."""

    d: str
    kind: str


@dataclass(frozen=True)
class Label:
    """Words at a place; kind says what they are."""

    x: float
    y: float
    words: str
    kind: str


@dataclass(frozen=True)
class Drawing:
    """Everything on a sheet of `width` by `height` units."""

    width: int
    height: int
    paths: list[SvgPath]
    labels: list[Label]


def draw(timeline: Timeline) -> Drawing:
    """The lanes below each other on one axis of days."""
    sheet = _Sheet(timeline)
    for lane in timeline.lanes:
        sheet.lane(lane)
    return sheet.finish()


class _Sheet:
    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.y = 0.0
        self.paths: list[SvgPath] = []
        self.labels: list[Label] = []

    @cached_property
    def days(self) -> int:
        return max(1, (self.timeline.on - self.timeline.first).days + 1)

    def x(self, day: date) -> float:
        return round(GUTTER + (WIDTH - GUTTER - RIGHT) * (day - self.timeline.first).days / self.days, 1)

    def lane(self, lane: Lane) -> None:
        self.labels.append(Label(0, self.y + TITLE - 3, lane_title(lane), "title"))
        self.y += TITLE
        if lane.shape is LaneShape.ROWS:
            for series in lane.series:
                self._row(series)
        else:
            self._scaled(lane)
        self.y += BELOW

    def finish(self) -> Drawing:
        bottom = self.y
        for day in month_ticks(self.timeline):
            self.paths.append(SvgPath(f"M{self.x(day)} 0V{bottom}", "month"))
            self.labels.append(Label(self.x(day), bottom + 11, date_format(day, "M Y"), "month"))
        for course in self.timeline.courses:
            self.paths.append(SvgPath(f"M{self.x(course.first)} 0V{bottom}", "start"))
        return Drawing(WIDTH, round(bottom + AXIS), self.paths, self.labels)

    def _row(self, series: TimelineSeries) -> None:
        middle = self.y + ROW / 2
        self.labels.append(Label(GUTTER - 6, middle + 3, sentence(series.name), "row"))
        for row in series.stretches:
            self.paths.append(SvgPath(f"M{self.x(row.first)} {middle}H{self._end(row.last)}", "bar"))
        for mark in series.marks:
            outline = MARKS[mark.symbol]
            self.paths.append(SvgPath(f"M{self.x(mark.on)} {middle}{outline}", f"mark {mark.symbol.value}"))
        self.y += ROW

    def _scaled(self, lane: Lane) -> None:
        plot = _Plot(self, lane, scale_of(lane), self.y)
        self.paths += plot.grid()
        self.labels += plot.numbers()
        for place, series in enumerate(lane.series):
            self.paths += [
                *plot.steps(series),
                *plot.limits(series),
                *plot.points(series, DOTS[place % len(DOTS)]),
            ]
            self.labels += plot.value_labels(series)
        self.y += PLOT

    def _end(self, last: date) -> float:
        return self.x(last + timedelta(days=1))


class _Plot:
    """A lane with a scale of numbers."""

    def __init__(self, sheet: _Sheet, lane: Lane, scale: AxisScale, top: float) -> None:
        self.sheet = sheet
        self.lane = lane
        self.scale = scale
        self.top = top

    def y(self, value: float) -> float:
        share = (value - self.scale.low) / (self.scale.high - self.scale.low)
        return round(self.top + PLOT * (1 - share), 1)

    def grid(self) -> Iterator[SvgPath]:
        if self.lane.band:
            low, high = (self.y(float(limit)) for limit in self.lane.band)
            yield SvgPath(f"M{GUTTER} {low}V{high}H{WIDTH - RIGHT}V{low}z", "band")
        yield SvgPath(f"M{GUTTER} {self.top}V{self.top + PLOT}H{WIDTH - RIGHT}", "axis")

    def numbers(self) -> Iterator[Label]:
        yield Label(GUTTER - 6, self.top + PLOT, f"{self.scale.low:g}", "row")
        yield Label(GUTTER - 6, self.top + 7, f"{self.scale.high:g}", "row")

    def steps(self, series: TimelineSeries) -> Iterator[SvgPath]:
        """A dose holds until the next one; unknown doses lie dashed on the ground."""
        before: tuple[date, float] | None = None
        for row in series.stretches:
            known = row.mg_per_day is not None
            height = self.y(float(row.mg_per_day or 0))
            joined = before is not None and before[0] + timedelta(days=1) == row.first
            rise = f"V{height}" if joined else ""
            begin = before[1] if joined and before else height
            kind = "dose planned" if series.is_planned else "dose" if known else "dose unknown"
            end = self.sheet.x(row.last + timedelta(days=1))
            yield SvgPath(f"M{self.sheet.x(row.first)} {begin}{rise}H{end}", kind)
            before = (row.last, height)

    def limits(self, series: TimelineSeries) -> Iterator[SvgPath]:
        for side in ("lower_limit", "upper_limit"):
            known = [(row.on, getattr(row, side)) for row in series.points if getattr(row, side) is not None]
            if known:
                start = f"M{self.sheet.x(known[0][0])} {self.y(float(known[0][1]))}"
                rest = "".join(f"H{self.sheet.x(day)}V{self.y(float(limit))}" for day, limit in known[1:])
                yield SvgPath(f"{start}{rest}H{WIDTH - RIGHT}", "limit")

    def points(self, series: TimelineSeries, outline: str) -> Iterator[SvgPath]:
        exact = [
            row for row in series.points if row.low == row.high and not row.set_apart and not row.comparator
        ]
        if len(exact) > 1:
            line = "L".join(f"{self.sheet.x(row.on)} {self.y(float(row.low))}" for row in exact)
            yield SvgPath(f"M{line}", "course")
        for row in series.points:
            yield from self._point(row, outline)

    def value_labels(self, series: TimelineSeries) -> Iterator[Label]:
        """The number of the last point, and of each that is beyond what can be measured."""
        for row in series.points:
            if row.comparator or row is series.points[-1]:
                yield Label(self.sheet.x(row.on), self.y(float(row.high)) - 4, measured(row), "number")
        if series.is_planned:
            return
        if series.stretches and (mg := series.stretches[-1].mg_per_day) is not None:
            yield Label(WIDTH - RIGHT, self.y(float(mg)) - 3, number(round(mg, 2)), "number end")

    def _point(self, row: TimelinePoint, outline: str) -> Iterator[SvgPath]:
        x = self.sheet.x(row.on)
        if row.low != row.high:
            low, high = self.y(float(row.low)), self.y(float(row.high))
            yield SvgPath(f"M{x - 2} {low}h4M{x - 2} {high}h4M{x} {low}V{high}", "interval")
        else:
            kind = "dot apart" if row.set_apart or row.comparator else "dot"
            yield SvgPath(f"M{x} {self.y(float(row.low))}{outline}", kind)
