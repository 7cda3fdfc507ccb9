"""What a report says, apart from how it is shown: paragraphs, tables, figures and a flow diagram.

The page, the PDF, the spreadsheet and the CSV are all made from one Document, so they cannot differ. A
number is kept twice: as a value, which a spreadsheet calculates with, and as the text that a person reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = Decimal | int | str | date | None


@dataclass(frozen=True)
class Cell:
    """value: None where there is nothing to calculate with; text: what is read."""

    value: Value
    text: str


@dataclass(frozen=True)
class Column:
    """key: its name in files, unique in its table; title: its heading; unit: of its numbers, "" for none."""

    key: str
    title: str
    unit: str = ""


@dataclass(frozen=True)
class Row:
    """cells: as many as the table has columns; indent: 1 under the last line without; head: a heading.

    key: by which a row is found, where other tables refer to it.
    """

    cells: tuple[Cell, ...]
    indent: int = 0
    head: bool = False
    key: str = ""


@dataclass(frozen=True)
class Table:
    """key: unique in the document, fit for a file's name; the first column names each row."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of table {self.key} has not as many cells as the table has columns")

    def cell(self, row: str, column: str) -> Cell:
        """The cell of a row and a column by their keys. KeyError: there is no such cell."""
        rows = {found.key: found for found in self.rows}
        return dict(zip((one.key for one in self.columns), rows[row].cells, strict=True))[column]


class SeriesStyle(StrEnum):
    """How the points of a series are drawn."""

    LINE = "line"
    STEPS = "steps"
    POINTS = "points"
    BARS = "bars"
    INTERVALS = "intervals"


class SeriesRole(StrEnum):
    """The kind of a series: many faint ones in the background, or the few that are read."""

    INDIVIDUAL = "individual"
    MAIN = "main"
    SECOND = "second"
    EVENT = "event"


@dataclass(frozen=True)
class Point:
    """low, high: an interval along y (along x where the y axis has categories); label: shown on hover."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    label: str = ""


@dataclass(frozen=True)
class Series:
    name: str
    form: SeriesStyle
    role: SeriesRole
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Axis:
    """categories: where given, the axis is a list of names and a coordinate is the position in it, from 0."""

    title: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShadedRange:
    """A stretch of the y axis (of the x axis where the y axis has categories) that means something."""

    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Figure:
    """table: its numbers, shown next to it; caption: what is drawn, of how many, by which method."""

    key: str
    title: str
    caption: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    table: Table
    bands: tuple[ShadedRange, ...] = ()


@dataclass(frozen=True)
class FlowStep:
    """A box of the flow diagram; left: those who did not go on from it, by reason."""

    key: str
    label: str
    count: int
    left: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Flow:
    key: str
    title: str
    steps: tuple[FlowStep, ...]
    table: Table


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    flow: Flow | None = None
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Document:
    """subtitle: clinic, period and patients in one line; facts: what it was made from, name and text."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    def tables(self) -> Iterator[Table]:
        """Every table, with those of the figures, in the order of reading."""
        for section in self.sections:
            if section.flow:
                yield section.flow.table
            yield from section.tables
            for figure in section.figures:
                yield figure.table

    def table(self, key: str) -> Table:
        """The table of that key. KeyError: there is none."""
        for table in self.tables():
            if table.key == key:
                return table
        raise KeyError(key)
