"""The study's rows as plain numbers, for the tests of tables and figures."""

from collections.abc import Callable
from decimal import Decimal

from analytics.report.contents.before_after import Measure
from analytics.report.document import Cell, Table
from demo.study.rows import StudyWeek, read_rows

ROWS = read_rows()


def measure(
    label: str, unit: str, places: int, value: Callable[[StudyWeek], Decimal | int | None]
) -> Measure:
    before = [value(row.week_0) for row in ROWS]
    after = [value(row.week_52) if row.week_52 else None for row in ROWS]
    return Measure(label, label, unit, places, before, after)


def cell(table: Table, row: str, column: str) -> Cell:
    """The cell of the row that begins with that text. AssertionError: there is none, or more than one."""
    place = [one.key for one in table.columns].index(column)
    rows = [one for one in table.rows if one.cells[0].text == row]
    assert len(rows) == 1, [one.cells[0].text for one in table.rows]
    return rows[0].cells[place]


def read(table: Table, row: str, *columns: str) -> list[str]:
    return [cell(table, row, column).text for column in columns]
