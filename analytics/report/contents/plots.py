"""The report's figures from plain numbers. Patients bear the numbers of this report, never their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.report.cells import Notes, count, number, signed, text
from analytics.report.document import (
    Axis,
    Column,
    Figure,
    Point,
    Row,
    Series,
    SeriesRole,
    SeriesStyle,
    ShadedRange,
    Table,
)
from analytics.statistics.descriptive import summary
from analytics.statistics.results import NotEstimable

# More paths than this cannot be distinguished, and make a page slow.
MOST_PATHS = 200
DAYS_A_WEEK = 7
LAST_WEEK = 52


@dataclass(frozen=True)
class PatientPath:
    """One patient's values: (day since the first tacrolimus dose, value)."""

    name: str
    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class FigureDescription:
    """What a figure of paths is called: key and title of the figure, name, unit and places of the value."""

    key: str
    title: str
    quantity: str
    unit: str
    places: int


def paths(
    drawn: FigureDescription,
    individuals: Sequence[PatientPath],
    at_weeks: Mapping[int, Sequence[float | None]],
) -> Figure:
    """Each patient's path, and the mean ± SD of the values at some weeks; the table has the means."""
    shown = individuals[:MOST_PATHS]
    series = [
        Series(
            one.name,
            SeriesStyle.LINE,
            SeriesRole.INDIVIDUAL,
            tuple(Point(day / DAYS_A_WEEK, value) for day, value in one.points),
        )
        for one in shown
    ]
    series.append(Series(_("Mean ± SD"), SeriesStyle.LINE, SeriesRole.MAIN, _means(at_weeks, drawn)))
    caption = _("%(shown)s of %(all)s patients, each a line; thick: mean ± SD of those with a value.") % {
        "shown": len(shown),
        "all": len(individuals),
    }
    return Figure(
        drawn.key,
        drawn.title,
        caption,
        Axis(_("Weeks since the first tacrolimus dose"), "", 0, LAST_WEEK),
        Axis(drawn.quantity, drawn.unit, 0),
        tuple(series),
        _table_of_means(drawn, at_weeks),
    )


def _means(at_weeks: Mapping[int, Sequence[float | None]], drawn: FigureDescription) -> tuple[Point, ...]:
    points = []
    for week, values in at_weeks.items():
        found = summary(values)
        if isinstance(found, NotEstimable):
            continue
        spread = 0.0 if isinstance(found.sd, NotEstimable) else found.sd
        label = f"{found.mean:.{drawn.places}f} ± {spread:.{drawn.places}f} {drawn.unit}, n = {found.n}"
        points.append(Point(week, found.mean, found.mean - spread, found.mean + spread, label))
    return tuple(points)


def _table_of_means(drawn: FigureDescription, at_weeks: Mapping[int, Sequence[float | None]]) -> Table:
    notes = Notes()
    columns = (
        Column("week", _("Week")),
        Column("n", _("Patients with a value")),
        Column("mean", _("Mean"), drawn.unit),
        Column("sd", _("SD"), drawn.unit),
    )
    rows = []
    for week, values in at_weeks.items():
        found = summary(values)
        rows.append(
            Row(
                (
                    count(week),
                    count(found.n),
                    notes.estimated(found, lambda one: number(one.mean, drawn.places)),
                    notes.estimated(
                        found,
                        lambda one: notes.estimated(one.sd, lambda sd: number(sd, drawn.places)),
                    ),
                )
            )
        )
    title = _("%(figure)s: means") % {"figure": drawn.title}
    return Table(f"{drawn.key}_means", title, columns, tuple(rows), notes.all())


def waterfall(drawn: FigureDescription, changes: Sequence[tuple[str, float]], left_out: int) -> Figure:
    """Each patient's change as a bar, the largest rise first."""
    ordered = sorted(changes, key=lambda one: (-one[1], one[0]))
    bars = tuple(
        Point(place, change, label=f"{name}: {change:+.{drawn.places}f} {drawn.unit}")
        for place, (name, change) in enumerate(ordered)
    )
    table = Table(
        f"{drawn.key}_data",
        _("%(figure)s: numbers") % {"figure": drawn.title},
        (Column("patient", _("Patient")), Column("change", _("Change"), drawn.unit)),
        tuple(Row((text(name), signed(change, drawn.places))) for name, change in ordered),
    )
    caption = _("Week 52 − week 0 of %(n)s patients with both values; %(left)s without are not drawn.") % {
        "n": len(ordered),
        "left": left_out,
    }
    return Figure(
        drawn.key,
        drawn.title,
        caption,
        Axis(_("Patients"), categories=tuple(name for name, _change in ordered)),
        Axis(drawn.quantity, drawn.unit),
        (Series(drawn.quantity, SeriesStyle.BARS, SeriesRole.MAIN, bars),),
        table,
    )


@dataclass(frozen=True)
class PatientLane:
    """A patient on tacrolimus. doses: (first day, last day, mg/day); events: (day, what); end: in words."""

    name: str
    doses: tuple[tuple[int, int, float], ...]
    events: tuple[tuple[int, str], ...]
    end: str


def swimmer(key: str, title: str, lanes: Sequence[PatientLane]) -> Figure:
    """One line a patient, as long as tacrolimus was taken, the longest first; events are marked on it."""
    ordered = sorted(lanes, key=lambda lane: (-_last_day(lane), lane.name))
    shown = ordered[:MOST_PATHS]
    taken = tuple(
        Series(
            f"{lane.name}, {first}–{last}: {dose:g} mg",
            SeriesStyle.LINE,
            SeriesRole.SECOND,
            (
                Point(first / DAYS_A_WEEK, place, label=f"{lane.name}: {dose:g} mg/day"),
                Point(last / DAYS_A_WEEK, place, label=f"{lane.name}: {dose:g} mg/day"),
            ),
        )
        for place, lane in enumerate(shown)
        for first, last, dose in lane.doses
    )
    marked = tuple(
        Point(day / DAYS_A_WEEK, place, label=f"{lane.name}: {what}")
        for place, lane in enumerate(shown)
        for day, what in lane.events
    )
    caption = _("%(shown)s of %(all)s patients; marks: adverse events.") % {
        "shown": len(shown),
        "all": len(ordered),
    }
    return Figure(
        key,
        title,
        caption,
        Axis(_("Weeks since the first tacrolimus dose"), "", 0),
        Axis(_("Patients"), categories=tuple(lane.name for lane in shown)),
        (*taken, Series(_("Adverse event"), SeriesStyle.POINTS, SeriesRole.EVENT, marked)),
        _table_of_lanes(key, title, ordered),
    )


def _last_day(lane: PatientLane) -> int:
    return max((last for _first, last, _dose in lane.doses), default=0)


def _table_of_lanes(key: str, title: str, lanes: Sequence[PatientLane]) -> Table:
    columns = (
        Column("patient", _("Patient")),
        Column("days", _("Days to the last dose")),
        Column("doses", _("Doses")),
        Column("end", _("How it ended")),
        Column("events", _("Adverse events")),
    )
    rows = tuple(
        Row(
            (
                text(lane.name),
                count(_last_day(lane)),
                text("; ".join(f"{dose:g} mg, day {first}–{last}" for first, last, dose in lane.doses)),
                text(lane.end),
                text("; ".join(f"day {day}: {what}" for day, what in lane.events)),
            )
        )
        for lane in lanes
    )
    return Table(f"{key}_data", _("%(figure)s: numbers") % {"figure": title}, columns, rows)


def against_band(
    key: str, title: str, levels: Sequence[tuple[str, int, float]], band: tuple[float, float]
) -> Figure:
    """Levels (patient, day, ng/ml) over time against the default target range."""
    points = tuple(
        Point(day / DAYS_A_WEEK, ng_ml, label=f"{name}, day {day}: {ng_ml:g} ng/ml")
        for name, day, ng_ml in levels
    )
    low, high = band
    counts = (
        (_("below %(low)s") % {"low": f"{low:g}"}, sum(one[2] < low for one in levels)),
        (
            _("%(low)s to %(high)s") % {"low": f"{low:g}", "high": f"{high:g}"},
            sum(low <= one[2] <= high for one in levels),
        ),
        (_("above %(high)s") % {"high": f"{high:g}"}, sum(one[2] > high for one in levels)),
    )
    table = Table(
        f"{key}_data",
        _("%(figure)s: numbers") % {"figure": title},
        (Column("range", _("Level, ng/ml")), Column("levels", _("Levels"))),
        tuple(Row((text(name), count(found))) for name, found in counts),
    )
    caption = _("%(n)s levels of %(patients)s patients that can be judged against the band.") % {
        "n": len(levels),
        "patients": len({name for name, _day, _level in levels}),
    }
    return Figure(
        key,
        title,
        caption,
        Axis(_("Weeks since the first tacrolimus dose"), "", 0),
        Axis(_("Tacrolimus level"), "ng/ml", 0),
        (Series(_("Level"), SeriesStyle.POINTS, SeriesRole.MAIN, points),),
        table,
        (ShadedRange(low, high, _("target range")),),
    )
