"""The figures from plain numbers: what is drawn, in which order, and the table beside it."""

import pytest

from analytics.report.contents.plots import (
    MOST_PATHS,
    FigureDescription,
    PatientLane,
    PatientPath,
    against_band,
    paths,
    swimmer,
    waterfall,
)
from analytics.report.document import SeriesRole
from tests.analytics.study import ROWS, read

PREDNISOLONE = FigureDescription("figure_1", "Figure 1. Prednisolone", "Prednisolone", "mg/day", 1)
DONE = [row for row in ROWS if row.week_52]


class TestPaths:
    """Published: 11.7 ± 5.6 and 8.2 ± 4.2 mg/day in 37 pairs."""

    figure = paths(
        PREDNISOLONE,
        [PatientPath("P1", ((0, 15.0), (364, 10.0))), PatientPath("P2", ((0, 10.0),))],
        {
            0: [float(row.week_0.psl_mg) for row in DONE],
            52: [float(row.week_52.psl_mg) for row in DONE if row.week_52],
        },
    )

    def test_means_with_their_spread(self) -> None:
        main = next(series for series in self.figure.series if series.role is SeriesRole.MAIN)
        assert [round(point.y, 1) for point in main.points] == [11.7, 8.2]
        assert [round((point.high or 0) - point.y, 1) for point in main.points] == [5.6, 4.2]
        assert read(self.figure.table, "0", "n", "mean", "sd") == ["37", "11.7", "5.6"]

    def test_days_become_weeks(self) -> None:
        assert [(point.x, point.y) for point in self.figure.series[0].points] == [(0, 15.0), (52, 10.0)]

    def test_too_many_are_not_drawn_and_that_is_said(self) -> None:
        many = [PatientPath(f"P{number}", ((0, 1.0),)) for number in range(MOST_PATHS + 5)]
        figure = paths(PREDNISOLONE, many, {0: [1.0] * len(many)})
        assert sum(series.role is SeriesRole.INDIVIDUAL for series in figure.series) == MOST_PATHS
        assert f"{MOST_PATHS} of {MOST_PATHS + 5} patients" in figure.caption
        assert read(figure.table, "0", "n") == [str(MOST_PATHS + 5)]

    @pytest.mark.parametrize("values", [[], [None], [5.0]])
    def test_nobody_nothing_and_one(self, values: list[float | None]) -> None:
        figure = paths(PREDNISOLONE, [], {0: values})
        known = [value for value in values if value is not None]
        assert [point.y for point in figure.series[-1].points] == known
        assert any("Not estimable" in note for note in figure.table.notes)


def test_a_waterfall_falls() -> None:
    figure = waterfall(PREDNISOLONE, [("P1", -5.0), ("P2", 2.5), ("P3", -7.0)], left_out=1)
    assert [point.y for point in figure.series[0].points] == [2.5, -5.0, -7.0]
    assert figure.x.categories == ("P2", "P1", "P3")
    assert "3 patients" in figure.caption and "1 without" in figure.caption
    assert read(figure.table, "P3", "change") == ["−7.0"]


def test_lanes_the_longest_first_with_their_events() -> None:
    lanes = [
        PatientLane("P38", ((0, 7, 3.0),), ((7, "rhabdomyolysis"),), "stopped on day 7"),
        PatientLane("P1", ((0, 100, 2.0), (100, 364, 3.0)), (), "goes on"),
    ]
    figure = swimmer("swimmer", "Swimmer plot", lanes)
    assert figure.y.categories == ("P1", "P38")
    events = next(series for series in figure.series if series.role is SeriesRole.EVENT)
    assert [(point.x, point.y, point.label) for point in events.points] == [(1, 1, "P38: rhabdomyolysis")]
    assert read(figure.table, "P1", "days", "doses", "end") == [
        "364",
        "2 mg, day 0–100; 3 mg, day 100–364",
        "goes on",
    ]


def test_levels_at_the_edges_of_the_band_are_in_it() -> None:
    levels = [("P1", 7, 4.9), ("P1", 14, 5.0), ("P2", 14, 10.0), ("P2", 21, 10.1)]
    figure = against_band("levels", "Levels", levels, (5.0, 10.0))
    assert [row.cells[1].text for row in figure.table.rows] == ["1", "2", "1"]
    assert (figure.bands[0].low, figure.bands[0].high) == (5.0, 10.0)
    assert "4 levels of 2 patients" in figure.caption
