"""A patient's time axis at the edge: loaded, in words, as data for the chart, as a drawing for paper."""

from dosing.timeline.chart import chart_data
from dosing.timeline.drawing import draw
from dosing.timeline.loading import load_timeline
from dosing.timeline.wording import entries, latest_entries

__all__ = ["chart_data", "draw", "entries", "latest_entries", "load_timeline"]
