"""Figures as vector pictures for the PDF. The page draws the same figures by itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from analytics.report.document import Axis, Figure, Series, SeriesRole, SeriesStyle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, FAINT, ACCENT, EVENT, BAND = "#1a1a1a", "#9aa5ab", "#00597a", "#b3261e", "#dfeaee"
COLOURS = {
    SeriesRole.INDIVIDUAL: FAINT,
    SeriesRole.MAIN: ACCENT,
    SeriesRole.SECOND: INK,
    SeriesRole.EVENT: EVENT,
}
WIDTHS = {SeriesRole.INDIVIDUAL: 0.6, SeriesRole.MAIN: 2.2, SeriesRole.SECOND: 1.6, SeriesRole.EVENT: 1.2}
WIDE, HIGH, A_LINE = 7.0, 3.6, 0.16  # inches
MOST_NAMES = 60
LOOK = {
    "svg.hashsalt": "tacsle",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def picture(figure: Figure) -> str:
    """The figure as SVG: the same figure, the same text."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Drawing

    with mpl.rc_context(LOOK):  # type: ignore[arg-type]
        rows = len(figure.y.categories)
        drawing = Drawing(figsize=(WIDE, max(HIGH, A_LINE * rows + 1)), layout="constrained")
        FigureCanvasSVG(drawing)
        axes = drawing.add_subplot()
        _bands(axes, figure)
        for series in figure.series:
            _draw(axes, series, sideways=bool(rows))
        _axis(axes.xaxis, figure.x, axes.set_xlim)
        _axis(axes.yaxis, figure.y, axes.set_ylim)
        if rows:
            axes.invert_yaxis()
        target = io.StringIO()
        drawing.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    text = target.getvalue()
    return text[text.index("<svg") :]


def _bands(axes: Axes, figure: Figure) -> None:
    for band in figure.bands:
        span = axes.axvspan if figure.y.categories else axes.axhspan
        span(band.low, band.high, color=BAND, zorder=0, label=band.label)


def _draw(axes: Axes, series: Series, *, sideways: bool) -> None:
    if not series.points:
        return
    x, y = [point.x for point in series.points], [point.y for point in series.points]
    look: dict[str, Any] = {"color": COLOURS[series.role], "linewidth": WIDTHS[series.role]}
    above = 3 if series.role is SeriesRole.INDIVIDUAL else 4
    match series.form:
        case SeriesStyle.LINE if sideways:
            axes.plot(x, y, color=FAINT, linewidth=4, solid_capstyle="butt", zorder=2)
        case SeriesStyle.LINE:
            axes.plot(x, y, zorder=above, **look)
        case SeriesStyle.STEPS:
            axes.step(x, y, where="post", zorder=above, **look)
        case SeriesStyle.POINTS:
            marker = "D" if series.role is SeriesRole.EVENT else "o"
            axes.scatter(x, y, s=14, marker=marker, color=COLOURS[series.role], zorder=5)
        case SeriesStyle.BARS:
            axes.bar(x, y, color=COLOURS[series.role], zorder=above)
        case SeriesStyle.INTERVALS:
            axes.scatter(x, y, s=26, marker="s", color=COLOURS[series.role], zorder=5)
            axes.axvline(0, color=INK, linewidth=0.6, zorder=1)
    _spread(axes, series, sideways=sideways)


def _spread(axes: Axes, series: Series, *, sideways: bool) -> None:
    """The intervals of a series: bars, or a band around steps."""
    known = [point for point in series.points if point.low is not None and point.high is not None]
    if not known:
        return
    low, high = [point.low for point in known], [point.high for point in known]
    x, y = [point.x for point in known], [point.y for point in known]
    colour = COLOURS[series.role]
    if series.form is SeriesStyle.STEPS:
        axes.fill_between(x, low, high, step="post", color=colour, alpha=0.15, linewidth=0)  # type: ignore[arg-type]
    elif sideways:
        axes.hlines(y, low, high, color=colour, linewidth=1.4)  # type: ignore[arg-type]
    else:
        axes.vlines(x, low, high, color=colour, linewidth=1.4, zorder=5)  # type: ignore[arg-type]


def _axis(drawn: Any, axis: Axis, set_limits: Any) -> None:
    drawn.set_label_text(f"{axis.title}, {axis.unit}" if axis.unit else axis.title)
    if axis.categories:
        shown = len(axis.categories) <= MOST_NAMES
        drawn.set_ticks(range(len(axis.categories)) if shown else [], axis.categories if shown else [])
        if drawn.axis_name == "x" and shown:
            drawn.set_tick_params(rotation=90, labelsize=6)
        return
    set_limits(axis.low, axis.high)
