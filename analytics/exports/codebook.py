"""What each column of each file means. Always in English, so that two exports read alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analytics.exports.columns import ALLOWED, CellType, ExportColumn

HEADING = ("file", "column", "meaning", "type", "unit", "allowed", "source")


def codebook_lines(name: str, origin: str, columns: Iterable[ExportColumn]) -> Iterator[list[str]]:
    """A line a column of one file; origin names the table that its fields belong to."""
    for column in columns:
        yield [
            f"{name}.csv",
            column.name,
            str(column.meaning),
            column.kind.value,
            column.unit,
            column.allowed or _allowed(column),
            "; ".join(f"{origin}.{source}" if "." not in source else source for source in column.sources),
        ]


def _allowed(column: ExportColumn) -> str:
    if column.kind in (CellType.INTEGER, CellType.DECIMAL):
        return "a number; empty = missing"
    return ALLOWED.get(column.kind, "")
