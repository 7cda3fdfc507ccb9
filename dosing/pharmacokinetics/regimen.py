"""What the patient takes and what changes: doses as segments, covariates with the time of each change.

Times are datetimes, all aware or all without a zone; inside, everything is hours since the first intake.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

SECONDS_AN_HOUR = 3600
DAY_HOURS = 24.0
# Two times nearer to each other than this are one: 0.036 seconds.
SAME_HOURS = 1e-5

# A value that always held, or (from when, value) in order of time; the first holds before it as well.
Timeline = float | Sequence[tuple[datetime, float]]
Covariates = Mapping[str, Timeline]


@dataclass(frozen=True)
class Segment:
    """Equal doses of mg at equal intervals from start; end is exclusive, None where they continue."""

    start: datetime
    end: datetime | None
    mg: float
    interval_hours: float = DAY_HOURS

    def __post_init__(self) -> None:
        if not (self.interval_hours > 0 and math.isfinite(self.interval_hours)):
            raise ValueError("doses need a time between them")
        if not (self.mg >= 0 and math.isfinite(self.mg)):
            raise ValueError("a dose is not negative")


@dataclass(frozen=True)
class Regimen:
    """Segments in any order. A regimen without segments has no doses."""

    segments: tuple[Segment, ...]

    @property
    def origin(self) -> datetime | None:
        """The first intake of more than nothing."""
        return min((row.start for row in self.segments if row.mg > 0 and _lasts(row)), default=None)


@dataclass(frozen=True)
class Run:
    """Equal doses in hours: count intakes from first, interval apart, mg each."""

    first: float
    interval: float
    count: int
    mg: float

    def until(self, hour: float) -> int:
        """How many of the intakes come before the hour."""
        return min(self.count, max(0, math.ceil((hour - self.first) / self.interval - SAME_HOURS)))

    def split(self, hour: float) -> tuple["Run", "Run"]:
        """The intakes before the hour, and those from it on; one of both may be empty."""
        before = self.until(hour)
        first = self.first + before * self.interval
        return (
            Run(self.first, self.interval, before, self.mg),
            Run(first, self.interval, self.count - before, self.mg),
        )


def hours_between(origin: datetime, moment: datetime) -> float:
    """Hours from origin to moment, negative before it."""
    return (moment - origin).total_seconds() / SECONDS_AN_HOUR


def runs_of(regimen: Regimen, origin: datetime, horizon: float) -> list[Run]:
    """The intakes up to and with the horizon, hours after origin, in order of their first."""
    runs = [_run(row, origin, horizon) for row in regimen.segments if row.mg > 0]
    return sorted((run for run in runs if run.count), key=lambda run: run.first)


def _run(segment: Segment, origin: datetime, horizon: float) -> Run:
    endless = Run(hours_between(origin, segment.start), segment.interval_hours, 10**9, segment.mg)
    end = horizon + 2 * SAME_HOURS * segment.interval_hours
    if segment.end is not None:
        end = min(end, hours_between(origin, segment.end))
    return endless.split(end)[0]


def _lasts(segment: Segment) -> bool:
    return segment.end is None or segment.end > segment.start


def covariates_at(covariates: Covariates, moment: datetime) -> dict[str, float]:
    """Each covariate's value at the moment."""
    return {name: _value_at(timeline, moment) for name, timeline in covariates.items() if _known(timeline)}


def changes_of(covariates: Covariates) -> list[datetime]:
    """When any covariate takes another value, in order."""
    moments: set[datetime] = set()
    for timeline in covariates.values():
        if not isinstance(timeline, int | float):
            rows = sorted(timeline)
            moments.update(now[0] for before, now in pairwise(rows) if before[1] != now[1])
    return sorted(moments)


def _known(timeline: Timeline) -> bool:
    return isinstance(timeline, int | float) or len(timeline) > 0


def _value_at(timeline: Timeline, moment: datetime) -> float:
    if isinstance(timeline, int | float):
        return float(timeline)
    rows = sorted(timeline)
    held = [value for since, value in rows if since <= moment]
    return float(held[-1] if held else rows[0][1])
