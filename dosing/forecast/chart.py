"""The picture of a forecast: levels of the past and to come, with bands, target and doses, as plain shapes.

The level is that at the usual time of the draw, day by day: the peaks after each dose would hide it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format

from dosing.forecast.patient_forecast import PatientForecast
from dosing.rules.levels.timing import timing

if TYPE_CHECKING:
    from dosing.pharmacokinetics.inputs import Inputs
    from dosing.pharmacokinetics.predictive_distribution import Outlook

WIDTH, HEIGHT = 720, 310
LEFT, RIGHT, TOP = 40, 16, 26
LEVELS_BOTTOM, DOSES_TOP, DOSES_BOTTOM = 210, 236, 266
STEPS_NG_ML = (5, 10, 20, 50, 100)
MOST_TICKS = 8
LABEL_WIDTH = 64
DAYS_TICKS = (7, 14, 28, 56)
ROUND = "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0"


@dataclass(frozen=True)
class ChartShape:
    """An outline; kind says what it is, and the stylesheet how it looks."""

    kind: str
    d: str


@dataclass(frozen=True)
class ChartText:
    """Words at a place; those of a spare kind are left out on a phone, where letters are larger."""

    kind: str
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class ExpectedLevel:
    """The level to expect at one moment, for the table."""

    at: datetime
    outlook: Outlook
    is_to_come: bool


@dataclass(frozen=True)
class Picture:
    """What the page draws, and the same as rows of a table, the newest first. first, last: its days."""

    shapes: tuple[ChartShape, ...]
    words: tuple[ChartText, ...]
    points: tuple[ExpectedLevel, ...]
    first: datetime
    last: datetime
    width: int = WIDTH
    height: int = HEIGHT


class _Axes:
    """Days to the right, ng/ml upwards."""

    def __init__(self, first: datetime, last: datetime, top_ng_ml: float) -> None:
        self.first, self.last, self.top = first, last, top_ng_ml
        self._seconds = max(1.0, (last - first).total_seconds())

    def x(self, at: datetime) -> float:
        share = min(1.0, max(0.0, (at - self.first).total_seconds() / self._seconds))
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, ng_ml: float) -> float:
        share = min(1.0, max(0.0, ng_ml / self.top))
        return round(LEVELS_BOTTOM - share * (LEVELS_BOTTOM - TOP), 1)


def picture(now: PatientForecast) -> Picture | None:
    """None where nothing is forecast."""
    if now.inputs is None or now.found is None or not now.found.course:
        return None
    # The last moment is the next draw; its level comes from all simulated draws, so that there is one number.
    inputs, course = now.inputs, (*now.found.course[:-1], now.found.next)
    moments = inputs.question.course_at
    drawn = [level for level in inputs.levels if level.at >= moments[0]]
    # The axis always reaches the urgent level.
    least = inputs.question.urgent_ng_ml
    highest = max([least, *(row.nine_tenths[1] for row in course), *(one.ng_ml for one in drawn)])
    axes = _Axes(moments[0], moments[-1], 1.05 * highest)
    shapes = [
        *([_target(axes, inputs)] if now.has_target else []),
        *_grid(axes),
        ChartShape("nine-tenths", _band(axes, moments, [row.nine_tenths for row in course])),
        ChartShape("half", _band(axes, moments, [row.half for row in course])),
        ChartShape(
            "course", _line([(axes.x(at), axes.y(row.median)) for at, row in _pairs(moments, course)])
        ),
        *_draws(axes, now),
        *_doses(axes, inputs),
        ChartShape("now", f"M{axes.x(inputs.question.next_intake)} {TOP}V{DOSES_BOTTOM}"),
    ]
    words = (*_words(axes, inputs), *_hours(axes, now))
    return Picture(tuple(shapes), words, tuple(_points(inputs, course)), moments[0], moments[-1])


def _points(inputs: Inputs, course: Sequence[Outlook]) -> Iterator[ExpectedLevel]:
    for at, row in reversed(list(_pairs(inputs.question.course_at, course))):
        yield ExpectedLevel(at, row, at > inputs.question.next_intake)


def _pairs(moments: Sequence[datetime], course: Sequence[Outlook]) -> Iterator[tuple[datetime, Outlook]]:
    return zip(moments, course, strict=True)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _band(axes: _Axes, moments: Sequence[datetime], ends: Sequence[tuple[float, float]]) -> str:
    upper = [(axes.x(at), axes.y(high)) for at, (_low, high) in zip(moments, ends, strict=True)]
    lower = [(axes.x(at), axes.y(low)) for at, (low, _high) in zip(moments, ends, strict=True)]
    return _line([*upper, *reversed(lower)]) + "Z"


def _target(axes: _Axes, inputs: Inputs) -> ChartShape:
    high, low = axes.y(inputs.question.high_ng_ml), axes.y(inputs.question.low_ng_ml)
    return ChartShape("target", f"M{LEFT} {high}H{WIDTH - RIGHT}V{low}H{LEFT}Z")


def _grid(axes: _Axes) -> Iterator[ChartShape]:
    yield ChartShape("axis", f"M{LEFT} {TOP}V{LEVELS_BOTTOM}H{WIDTH - RIGHT}")
    yield ChartShape("axis", f"M{LEFT} {DOSES_BOTTOM}H{WIDTH - RIGHT}")
    for ng_ml in _steps(axes.top):
        yield ChartShape("grid", f"M{LEFT} {axes.y(ng_ml)}H{WIDTH - RIGHT}")


def _draws(axes: _Axes, now: PatientForecast) -> Iterator[ChartShape]:
    """Hollow: drawn at another time than the usual one, so not to be compared with the curve."""
    if now.inputs is None:
        return
    usual = timing(Decimal(str(now.inputs.hours)))
    for hours, level in now.levels:
        if level.at >= axes.first:
            kind = "draw" if timing(hours) is usual else "draw apart"
            yield ChartShape(kind, f"M{axes.x(level.at)} {axes.y(level.ng_ml)}{ROUND}")


def _doses(axes: _Axes, inputs: Inputs) -> Iterator[ChartShape]:
    """The height of a step is the dose; what is planned is dashed."""
    segments = [row for row in inputs.regimen.segments if row.end is None or row.end >= axes.first]
    most = max((row.mg for row in segments), default=1.0) or 1.0
    for row in segments:
        height = round(DOSES_BOTTOM - row.mg / most * (DOSES_BOTTOM - DOSES_TOP), 1)
        end = axes.last if row.end is None else row.end + timedelta(hours=row.interval_hours)
        kind = "dose planned" if row.start >= inputs.question.next_intake else "dose"
        yield ChartShape(kind, f"M{axes.x(row.start)} {height}H{axes.x(end)}")


def _words(axes: _Axes, inputs: Inputs) -> Iterator[ChartText]:
    yield ChartText("axis", LEFT, TOP - 8, "ng/ml")
    for ng_ml in _steps(axes.top):
        yield ChartText("number", LEFT - 4, axes.y(ng_ml) + 3, str(ng_ml))
    days = _days(axes.first.date(), axes.last.date())
    for back, day in enumerate(reversed(days)):
        kind = "day spare" if back % 2 else "day"
        x = axes.x(datetime.combine(day, axes.first.time()))
        yield ChartText(kind, x, HEIGHT - 22, date_format(day, "j M"))
    last = None
    for row in inputs.regimen.segments:
        if row.mg != last and (row.end is None or row.end >= axes.first):
            yield ChartText("dose", axes.x(row.start) + 2, DOSES_TOP - 4, f"{row.mg:g} mg")
            last = row.mg


def _hours(axes: _Axes, now: PatientForecast) -> Iterator[ChartText]:
    """The hours after the dose at each draw, from the last draw back; overlapping labels are left out."""
    right = float(WIDTH + LABEL_WIDTH)
    for hours, level in reversed([row for row in now.levels if row[1].at >= axes.first]):
        x = min(axes.x(level.at), WIDTH - LABEL_WIDTH / 2)
        if right - x >= LABEL_WIDTH:
            right = x
            text = "?" if hours is None else f"{float(hours):.3g} h"
            yield ChartText("hours", x, axes.y(level.ng_ml) - 7, text)


def _steps(top: float) -> list[int]:
    step = next((one for one in STEPS_NG_ML if top / one <= MOST_TICKS), STEPS_NG_ML[-1])
    return list(range(0, math.floor(top) + 1, step))


def _days(first: date, last: date) -> list[date]:
    span = (last - first).days
    step = next((one for one in DAYS_TICKS if span / one <= MOST_TICKS), DAYS_TICKS[-1])
    return [date.fromordinal(last.toordinal() - back) for back in range(0, span + 1, step)][::-1]
