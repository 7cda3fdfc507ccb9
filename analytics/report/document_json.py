"""A document as it is kept in a report's row, so that an old report reads as it read when it was made."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

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
    Value,
)


def to_json(document: Document) -> str:
    """The document as text: the same document, the same bytes."""
    return json.dumps(asdict(document), default=_tagged, ensure_ascii=False, sort_keys=True, allow_nan=False)


def from_json(text: str) -> Document:
    """The document that to_json() wrote. KeyError, TypeError or ValueError: it is none."""
    kept = json.loads(text)
    return Document(
        title=kept["title"],
        subtitle=kept["subtitle"],
        facts=tuple((name, value) for name, value in kept["facts"]),
        sections=tuple(_section(section) for section in kept["sections"]),
    )


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"a document has no {type(value).__name__}")


def _value(kept: Any) -> Value:
    match kept:
        case {"decimal": str(text)}:
            return Decimal(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case None | int() | str():
            return kept
    raise ValueError("a cell's value is a number, a text, a date or nothing")


def _table(kept: dict[str, Any]) -> Table:
    return Table(
        key=kept["key"],
        title=kept["title"],
        columns=tuple(Column(**column) for column in kept["columns"]),
        rows=tuple(
            Row(
                tuple(Cell(_value(cell["value"]), cell["text"]) for cell in row["cells"]),
                row["indent"],
                row["head"],
                row["key"],
            )
            for row in kept["rows"]
        ),
        notes=tuple(kept["notes"]),
    )


def _axis(kept: dict[str, Any]) -> Axis:
    return Axis(**(kept | {"categories": tuple(kept["categories"])}))


def _series(kept: dict[str, Any]) -> Series:
    points = tuple(Point(**point) for point in kept["points"])
    return Series(kept["name"], SeriesStyle(kept["form"]), SeriesRole(kept["role"]), points)


def _figure(kept: dict[str, Any]) -> Figure:
    return Figure(
        key=kept["key"],
        title=kept["title"],
        caption=kept["caption"],
        x=_axis(kept["x"]),
        y=_axis(kept["y"]),
        series=tuple(_series(series) for series in kept["series"]),
        table=_table(kept["table"]),
        bands=tuple(ShadedRange(**band) for band in kept["bands"]),
    )


def _flow(kept: dict[str, Any] | None) -> Flow | None:
    if kept is None:
        return None
    steps = tuple(
        FlowStep(
            step["key"],
            step["label"],
            step["count"],
            tuple((reason, count) for reason, count in step["left"]),
        )
        for step in kept["steps"]
    )
    return Flow(kept["key"], kept["title"], steps, _table(kept["table"]))


def _section(kept: dict[str, Any]) -> Section:
    return Section(
        key=kept["key"],
        title=kept["title"],
        paragraphs=tuple(kept["paragraphs"]),
        flow=_flow(kept["flow"]),
        tables=tuple(_table(table) for table in kept["tables"]),
        figures=tuple(_figure(figure) for figure in kept["figures"]),
    )
