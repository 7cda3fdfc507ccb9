"""How long tacrolimus was kept: Kaplan–Meier with its limits, as a curve and as a table by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.report.cells import Notes, count, percent
from analytics.report.contents.plots import DAYS_A_WEEK
from analytics.report.document import (
    Axis,
    Cell,
    Column,
    Figure,
    Point,
    Row,
    Series,
    SeriesRole,
    SeriesStyle,
    Table,
)
from analytics.statistics import kaplan_meier
from analytics.statistics.results import Interval, NotEstimable
from analytics.statistics.survival import Curve, Estimate
from patients import messages

WEEKS = (0, 4, 13, 26, 39, 52)


@dataclass(frozen=True)
class RetentionTime:
    """Days on tacrolimus, ended by a stop (True) or by the last day on which it was seen taken (False)."""

    days: int
    stopped: bool


def retention(key: str, title: str, people: Sequence[RetentionTime]) -> Figure:
    """The share still on tacrolimus over time."""
    found = kaplan_meier([one.days for one in people], [one.stopped for one in people])
    notes = Notes()
    if not isinstance(found, NotEstimable):
        notes.add(messages.sentence(found.method) + ".")
    return Figure(
        key,
        title,
        _caption(found),
        Axis(_("Weeks since the first tacrolimus dose"), "", 0),
        Axis(_("On tacrolimus"), "%", 0, 100),
        _curve(found),
        _table(key, title, found, notes),
    )


def _caption(found: Curve | NotEstimable) -> str:
    if isinstance(found, NotEstimable):
        return messages.sentence(found.sentence) + "."
    return _("%(n)s patients, %(events)s stopped; the others are counted up to their last day seen.") % {
        "n": found.n,
        "events": found.events,
    }


def _curve(found: Curve | NotEstimable) -> tuple[Series, ...]:
    if isinstance(found, NotEstimable):
        return ()
    start = Point(0, 100, label=_("start"))
    steps = [start, *(_point(step.estimate) for step in found.steps)]
    censored = [_point(step.estimate) for step in found.steps if step.censored]
    return (
        Series(_("On tacrolimus"), SeriesStyle.STEPS, SeriesRole.MAIN, tuple(steps)),
        Series(_("Last day seen"), SeriesStyle.POINTS, SeriesRole.SECOND, tuple(censored)),
    )


def _point(estimate: Estimate) -> Point:
    known = estimate.interval if isinstance(estimate.interval, Interval) else None
    return Point(
        estimate.time / DAYS_A_WEEK,
        100 * estimate.survival,
        None if known is None else 100 * known.low,
        None if known is None else 100 * known.high,
        _("day %(day)s: %(share)s %%, %(risk)s at risk")
        % {"day": f"{estimate.time:g}", "share": f"{100 * estimate.survival:.1f}", "risk": estimate.at_risk},
    )


def _table(key: str, title: str, found: Curve | NotEstimable, notes: Notes) -> Table:
    columns = (
        Column("week", _("Week")),
        Column("at_risk", _("At risk")),
        Column("kept", _("On tacrolimus"), "%"),
        Column("low", _("95 % from"), "%"),
        Column("high", _("to"), "%"),
    )
    rows = (
        ()
        if isinstance(found, NotEstimable)
        else tuple(Row(_at(found, week, notes), key=f"week_{week}") for week in WEEKS)
    )
    if isinstance(found, NotEstimable):
        notes.add(messages.sentence(found.sentence) + ".")
    else:
        notes.add(_median(found))
    return Table(f"{key}_data", _("%(figure)s: numbers") % {"figure": title}, columns, rows, notes.all())


def _at(found: Curve, week: int, notes: Notes) -> tuple[Cell, ...]:
    estimate = found.at(week * DAYS_A_WEEK)
    return (
        count(week),
        count(estimate.at_risk),
        percent(estimate.survival),
        notes.estimated(estimate.interval, lambda interval: percent(interval.low)),
        notes.estimated(estimate.interval, lambda interval: percent(interval.high)),
    )


def _median(found: Curve) -> str:
    if isinstance(found.median, NotEstimable):
        return _("Median: %(reason)s.") % {"reason": messages.sentence(found.median.sentence)}
    return _("Median: %(days)s days.") % {"days": f"{found.median.time:g}"}
