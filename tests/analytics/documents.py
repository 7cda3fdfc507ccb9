"""A small document with one of everything, for the tests of its files and pages."""

from datetime import date
from decimal import Decimal

from analytics.report.document import (
    Axis,
    Cell,
    Column,
    Document,
    Figure,
    Flow,
    FlowStep,
    Point,
    Row,
    Section,
    Series,
    SeriesRole,
    SeriesStyle,
    ShadedRange,
    Table,
)


def table(key: str = "table_2", rows: tuple[Row, ...] | None = None) -> Table:
    """Before and after, with a heading line, a missing value, a date and a text that begins with a sign."""
    columns = (
        Column("measure", "Measure"),
        Column("before", "Week 0", "mg/day"),
        Column("seen", "Last seen"),
    )
    default = (
        Row((Cell("Prednisolone", "Prednisolone"), Cell(None, ""), Cell(None, "")), head=True),
        Row(
            (
                Cell("mean", "mean"),
                Cell(Decimal("11.70"), "11.7"),
                Cell(date(2026, 11, 23), "23 Nov 2026"),
            ),
            indent=1,
        ),
        Row((Cell("=SUM(A1)", "=SUM(A1)"), Cell(None, "not measured"), Cell(3, "3")), indent=1),
    )
    return Table(key, "Before and after", columns, default if rows is None else rows, ("37 pairs.",))


def figure() -> Figure:
    return Figure(
        key="figure_1",
        title="Prednisolone",
        caption="Each patient, and mean ± SD of 2.",
        x=Axis("Weeks of tacrolimus", "weeks", 0, 52),
        y=Axis("Prednisolone", "mg/day", 0),
        series=(
            Series(
                "P1",
                SeriesStyle.LINE,
                SeriesRole.INDIVIDUAL,
                (Point(0, 10), Point(52, 5, label="P1, week 52: 5 mg/day")),
            ),
            Series("Mean", SeriesStyle.LINE, SeriesRole.MAIN, (Point(0, 11, 9, 13), Point(52, 6, 4, 8))),
            Series("Stopped", SeriesStyle.POINTS, SeriesRole.EVENT, (Point(7, 10, label="stopped"),)),
        ),
        table=table("figure_1_data"),
        bands=(ShadedRange(0, 7.5, "goal"),),
    )


def forest() -> Figure:
    """Names on the y axis, intervals along x."""
    return Figure(
        key="forest",
        title="Subgroups",
        caption="Difference with 95 % interval.",
        x=Axis("Difference", "mg/day"),
        y=Axis("", categories=("Renal", "Not renal")),
        series=(
            Series(
                "Difference",
                SeriesStyle.INTERVALS,
                SeriesRole.MAIN,
                (Point(-3, 0, -5, -1), Point(-2, 1, -4, 0)),
            ),
        ),
        table=table("forest_data"),
    )


def document() -> Document:
    flow = Flow(
        "flow",
        "Flow of the patients",
        (
            FlowStep("screened", "Screened", 40, (("no criteria", 2),)),
            FlowStep("started", "Started tacrolimus", 38),
        ),
        table("flow_data"),
    )
    return Document(
        "Cohort report",
        "Clinic A · 38 patients",
        (("Made on", "23 Nov 2026, 10:00"), ("Version", "0.5")),
        (
            Section("flow", "Patients", ("All of the clinic.",), flow),
            Section("before_after", "Before and after", tables=(table(),), figures=(figure(), forest())),
        ),
    )
