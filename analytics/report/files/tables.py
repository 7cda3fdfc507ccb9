"""The tables of a report as CSV files with their codebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.audit.export import FORMULA
from analytics.exports.files import CsvFile
from analytics.report.document import Cell, Document, Table

CODEBOOK = "codebook"


def csv_files(document: Document) -> list[CsvFile]:
    """One file a table, and a codebook that says what each column is. The caller closes them."""
    files = [_table(table) for table in document.tables()]
    return [*files, _codebook(document)]


def _table(table: Table) -> CsvFile:
    """Each value in its column, and as text in the next column."""
    heading = [name for column in table.columns for name in (column.key, f"{column.key}_text")]
    file = CsvFile(table.key, ["row", *heading])
    file.add([row.key, *_cells(row.cells)] for row in table.rows)
    return file


def _cells(cells: Sequence[Cell]) -> Iterator[str]:
    for cell in cells:
        yield format_csv(cell)
        # "+11.7" of a number is a number to a spreadsheet too.
        yield cell.text if isinstance(cell.value, Decimal | int) else _no_formula(cell.text)


def format_csv(cell: Cell) -> str:
    """A value as CSV has it: plain digits, ISO dates, nothing where there is none."""
    match cell.value:
        case None:
            return ""
        case Decimal():
            return f"{cell.value:f}"
        case date():
            return cell.value.isoformat()
        case str():
            return _no_formula(cell.value)
    return str(cell.value)


def _no_formula(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words


def _codebook(document: Document) -> CsvFile:
    file = CsvFile(CODEBOOK, ["table", "table_title", "column", "column_title", "unit", "meaning"])
    value = _("the value; the column of the same name with _text: as it is read")
    for table in document.tables():
        file.add([[table.key, table.title, "row", _("key of the row"), "", " ".join(table.notes)]])
        file.add(
            [table.key, table.title, column.key, column.title, column.unit, value] for column in table.columns
        )
    return file
