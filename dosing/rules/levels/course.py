"""Levels over time: variation at equal doses, and the time in the target range.

Only morning levels count; levels of different timing are never averaged (specification 4.1). A level beyond
the measuring range counts for no variation, but lies on the way: "<1.5" is taken for 1.5 (second clinical
specification, section 4).
"""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from dosing.rules.levels.interpretation import LevelRange
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.levels.timing import Timing, timing
from dosing.rules.treatment import Level

PERCENT = 100


@dataclass(frozen=True)
class TimeInRange:
    """Days below, in and above the range between morning levels; unknown_days lie in gaps too long.

    below_is_least, above_is_least: "<1.5" or ">30" stood for its bound, so that there are at least so many
    days below or above, and at most so many in range.
    """

    levels: int
    below_days: float
    in_range_days: float
    above_days: float
    unknown_days: int
    below_is_least: bool = False
    above_is_least: bool = False

    @property
    def is_most(self) -> bool:
        """Whether the days in range are at most so many."""
        return self.below_is_least or self.above_is_least

    @property
    def known_days(self) -> float:
        return self.below_days + self.in_range_days + self.above_days

    @property
    def in_range_percent(self) -> float | None:
        """None when no two levels are near enough to each other."""
        return PERCENT * self.in_range_days / self.known_days if self.known_days else None


def morning_levels(levels: Iterable[Level]) -> list[Level]:
    """The exact morning levels, oldest first, one a day: the last of the day."""
    return _of_mornings(level for level in levels if not level.comparator)


def _of_mornings(levels: Iterable[Level]) -> list[Level]:
    by_day: dict[date, Level] = {}
    for level in sorted(levels, key=lambda row: (row.on, row.time, row.id)):
        if timing(level.hours_after_dose) is Timing.MORNING:
            by_day[level.on] = level
    return list(by_day.values())


def variation_percent(levels: Iterable[Level]) -> Decimal | None:
    """The coefficient of variation of level divided by dose, in percent, of at least three morning levels.

    The standard deviation is that of a sample (n − 1). None when there are fewer, or a dose is not known.
    """
    rows = morning_levels(levels)
    doses = [row.dose_mg for row in rows]
    if len(rows) < LEVELS.least_for_variation or any(not dose for dose in doses):
        return None
    ratios = [row.ng_ml / dose for row, dose in zip(rows, doses, strict=True) if dose]
    return PERCENT * statistics.stdev(ratios) / statistics.mean(ratios)


def time_in_range(levels: Iterable[Level], band: LevelRange) -> TimeInRange:
    """Rosendaal's linear interpolation between morning levels (Thromb Haemost 1993;69:236).

    Between two levels the level is taken to move along a straight line; a gap of more than twelve weeks,
    longer than levels are ever due, counts as unknown. So do the days around a bound that tells no side of
    the range: "<8" where 5 to 10 is meant.
    """
    rows = _of_mornings(levels)
    below = inside = above = 0.0
    unknown = 0
    for before, after in pairwise(rows):
        days = (after.on - before.on).days
        tells = _tells_a_side(before, band) and _tells_a_side(after, band)
        if days > LEVELS.longest_gap_days or not tells:
            unknown += days
            continue
        low, within, high = _shares(float(before.ng_ml), float(after.ng_ml), band)
        below, inside, above = below + low * days, inside + within * days, above + high * days
    bounds = {row.comparator for row in rows if _tells_a_side(row, band)} if len(rows) > 1 else set()
    return TimeInRange(len(morning_levels(rows)), below, inside, above, unknown, "<" in bounds, ">" in bounds)


def _tells_a_side(level: Level, band: LevelRange) -> bool:
    """Whether a level is a number, or a bound all beyond which lies on one side of the range."""
    if level.comparator == "<":
        return level.ng_ml <= band.low_ng_ml
    return level.comparator != ">" or level.ng_ml >= band.high_ng_ml


def _shares(start: float, end: float, band: LevelRange) -> tuple[float, float, float]:
    """Which parts of the straight line from start to end lie below, in and above the band."""
    bottom, top = min(start, end), max(start, end)
    low, high = float(band.low_ng_ml), float(band.high_ng_ml)
    if bottom == top:
        return float(bottom < low), float(low <= bottom <= high), float(bottom > high)
    length = top - bottom
    below = max(0.0, min(top, low) - bottom) / length
    above = max(0.0, top - max(bottom, high)) / length
    return below, 1 - below - above, above
