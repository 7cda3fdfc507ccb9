"""Kaplan and Meier's curve with Greenwood's error and log-log intervals."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.statistics.follow_up import Moment, follow_up, moments
from analytics.statistics.numbers import Number
from analytics.statistics.results import TAIL, Interval, LeftOut, NotEstimable, not_estimable
from patients.rules.verdict import Message, gettext_noop, say

KAPLAN_MEIER = gettext_noop("Kaplan–Meier, Greenwood error, log-log interval")
NOBODY_OBSERVED = gettext_noop("Not estimable, because nobody was observed for a known time")
NO_EVENT_YET = gettext_noop("Not estimable, because nobody of %(n)s had the event until then")
NOBODY_LEFT = gettext_noop("Not estimable, because everybody still observed had the event")
NOT_HALF = gettext_noop("Not estimable, because the curve of %(n)s does not fall to half")
HALF = 0.5
SAME = 1e-8  # products of fractions that are one half but for rounding


@dataclass(frozen=True)
class Estimate:
    """The share without the event at a time; at_risk is how many were observed at it."""

    time: float
    at_risk: int
    survival: float
    standard_error: float | NotEstimable
    interval: Interval | NotEstimable


@dataclass(frozen=True)
class SurvivalStep:
    """One time at which somebody had the event or was last observed."""

    events: int
    censored: int
    estimate: Estimate


@dataclass(frozen=True)
class Median:
    """The time at which half had the event, with its bounds (Brookmeyer and Crowley 1982)."""

    time: float
    low: float | NotEstimable
    high: float | NotEstimable


@dataclass(frozen=True)
class Curve:
    """The curve of n people, of whom so many had the event; times in the unit that was given."""

    n: int
    events: int
    steps: tuple[SurvivalStep, ...]
    median: Median | NotEstimable
    method: Message
    left_out: tuple[LeftOut, ...]

    def at(self, time: float) -> Estimate:
        """The estimate at any time from 0; at_risk says whether anybody was still observed at it."""
        times = [step.estimate.time for step in self.steps]
        exact = _shortly_before(time), _shortly_after(time)
        passed, reached = bisect_right(times, exact[1]), bisect_left(times, exact[0])
        at_risk = self.steps[reached].estimate.at_risk if reached < len(times) else 0
        if passed == 0:
            return Estimate(time, at_risk, 1.0, 0.0, self._before_the_first(time))
        last = self.steps[passed - 1].estimate
        return Estimate(time, at_risk, last.survival, last.standard_error, last.interval)

    def _before_the_first(self, time: float) -> Interval | NotEstimable:
        return Interval(1.0, 1.0) if time <= 0 else not_estimable(NO_EVENT_YET, self.n)


def kaplan_meier(durations: Sequence[Number], events: Sequence[bool | int | None]) -> Curve | NotEstimable:
    """The curve of times with the event (true) or without (false: the last day seen); None is not known.

    Raises ValueError where the two are not of one length.
    """
    read = follow_up(durations, events)
    if not read.people:
        return not_estimable(NOBODY_OBSERVED, 0, read.left_out)
    steps = _steps(moments(read.people), read.scale)
    return Curve(
        n=len(read.people),
        events=sum(step.events for step in steps),
        steps=steps,
        median=_median([step.estimate for step in steps], len(read.people)),
        method=say(KAPLAN_MEIER),
        left_out=read.left_out,
    )


def _steps(found: Sequence[Moment], scale: float) -> tuple[SurvivalStep, ...]:
    survival, greenwood = 1.0, 0.0
    steps = []
    for moment in found:
        left = moment.at_risk - moment.events
        survival *= left / moment.at_risk
        greenwood += moment.events / (moment.at_risk * left) if left else 0.0
        error, interval = _error_and_interval(survival, greenwood, moment.at_risk)
        estimate = Estimate(moment.code / scale, moment.at_risk, survival, error, interval)
        steps.append(SurvivalStep(moment.events, moment.censored, estimate))
    return tuple(steps)


def _error_and_interval(
    survival: float, greenwood: float, at_risk: int
) -> tuple[float | NotEstimable, Interval | NotEstimable]:
    """Greenwood's standard error, and the interval that is symmetrical on the scale of log(−log S)."""
    from scipy.special import ndtri

    if survival == 0:
        return not_estimable(NOBODY_LEFT, at_risk), not_estimable(NOBODY_LEFT, at_risk)
    if greenwood == 0:
        return 0.0, not_estimable(NO_EVENT_YET, at_risk)
    spread = math.exp(-float(ndtri(TAIL)) * math.sqrt(greenwood) / -math.log(survival))
    return survival * math.sqrt(greenwood), Interval(survival**spread, survival ** (1 / spread))


def _median(estimates: Sequence[Estimate], n: int) -> Median | NotEstimable:
    low = [row.interval.low if isinstance(row.interval, Interval) else row.survival for row in estimates]
    high = [row.interval.high if isinstance(row.interval, Interval) else row.survival for row in estimates]
    time = _falls_to_half(estimates, [row.survival for row in estimates], n)
    if isinstance(time, NotEstimable):
        return time
    return Median(time, _falls_to_half(estimates, low, n), _falls_to_half(estimates, high, n))


def _falls_to_half(estimates: Sequence[Estimate], heights: Sequence[float], n: int) -> float | NotEstimable:
    """The first time at which a line is at or below half; where it stays at half, the middle of that time."""
    reached = [row.time for row, height in zip(estimates, heights, strict=True) if height <= HALF + SAME]
    below = [row.time for row, height in zip(estimates, heights, strict=True) if height < HALF - SAME]
    if not reached:
        return not_estimable(NOT_HALF, n)
    return (reached[0] + below[0]) / 2 if below else reached[0]


def _shortly_before(time: float) -> float:
    return time - SAME * max(1.0, abs(time))


def _shortly_after(time: float) -> float:
    return time + SAME * max(1.0, abs(time))
