"""The numbers of a vertical scale and the days of the horizontal one, for the screen and for paper."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from dosing.rules.timeline import Lane, Timeline
from patients.rules.dates import add_months

# Doses, levels and scores are read from zero; a result that never comes near it is not.
FROM_ZERO = frozenset({"prednisolone", "tacrolimus", "levels", "sledai"})
FEWEST_STEPS = 2
NICE = (1, 2, 2.5, 5, 10)
MARGIN = 0.1
# Up to so many months in view, a tick each so many months.
TICKS = ((5, 1), (15, 3), (36, 6), (120, 12), (math.inf, 24))


@dataclass(frozen=True)
class AxisScale:
    """From low to high, with a line at each step."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [round(self.low + number * self.step, 6) for number in range(count + 1)]


def scale_of(lane: Lane) -> AxisScale:
    """A scale of round numbers that shows each value and limit of the lane."""
    values = list(_values(lane)) or [0.0]
    low, high = min(values), max(values)
    room = (high - low) * MARGIN or abs(high) * MARGIN or 1.0
    low, high = (0.0 if lane.key in FROM_ZERO else max(0.0, low - room)), high + room
    step = _nice((high - low) / FEWEST_STEPS)
    return AxisScale(math.floor(low / step) * step, math.ceil(high / step) * step, step)


def month_ticks(timeline: Timeline) -> list[date]:
    """First days of months, as many as can be read side by side."""
    months = (timeline.on.year - timeline.first.year) * 12 + timeline.on.month - timeline.first.month
    apart = next(step for most, step in TICKS if months <= most)
    january = date(timeline.first.year, 1, 1)
    days = (add_months(january, number * apart) for number in range(months + 13))
    return [day for day in takewhile(lambda day: day <= timeline.on, days) if day >= timeline.first]


def _values(lane: Lane) -> Iterator[float]:
    yield from (float(number) for number in lane.band or ())
    for series in lane.series:
        yield from (float(row.mg_per_day or 0) for row in series.stretches)
        for point in series.points:
            numbers = (point.low, point.high, point.lower_limit, point.upper_limit)
            yield from (float(number) for number in numbers if number is not None)


def _nice(rough: float) -> float:
    """The round number at or below: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return max(factor for factor in NICE if factor * power <= rough * (1 + 1e-9)) * power
