"""A report as a spreadsheet: one sheet a table, real numbers, frozen headings."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from analytics.report.document import Cell, Column, Document, Table

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# The same in all, so that the same report is the same bytes.
LONG_AGO = datetime(1980, 1, 1)
LONGEST_SHEET_NAME = 31
NARROWEST, WIDEST = 8, 60
NEVER_GUESSED = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
MOST_PLACES = 6


def workbook(document: Document) -> bytes:
    """The file. Text is never a formula or a link, whatever it begins with."""
    import xlsxwriter

    target = io.BytesIO()
    options = {**dict.fromkeys(NEVER_GUESSED, False), "in_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": document.title, "subject": document.subtitle, "created": LONG_AGO})
        tables = list(document.tables())
        names = sheet_names(tables)
        _contents(book, document, list(zip(names, tables, strict=True)))
        for name, table in zip(names, tables, strict=True):
            _sheet(book, book.add_worksheet(name), table)
    return target.getvalue()


def sheet_names(tables: list[Table]) -> list[str]:
    """Keys cut to what a sheet's name may be, and distinguished by a number where two would be equal."""
    names: list[str] = []
    for table in tables:
        name = table.key[:LONGEST_SHEET_NAME]
        if name in names:
            end = f"_{len(names)}"
            name = name[: LONGEST_SHEET_NAME - len(end)] + end
        names.append(name)
    return names


def _contents(book: Workbook, document: Document, sheets: list[tuple[str, Table]]) -> None:
    sheet = book.add_worksheet(_("Report"))
    bold = book.add_format({"bold": True})
    lines = [
        (document.title, ""),
        (document.subtitle, ""),
        *document.facts,
        ("", ""),
        (_("Sheet"), _("Table")),
    ]
    for place, (name, text) in enumerate([*lines, *((name, table.title) for name, table in sheets)]):
        sheet.write_string(place, 0, name, bold if place in (0, len(lines) - 1) else None)
        sheet.write_string(place, 1, text)
    sheet.set_column(0, 0, LONGEST_SHEET_NAME)
    sheet.set_column(1, 1, WIDEST)


def _sheet(book: Workbook, sheet: Worksheet, table: Table) -> None:
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = _Formats(book)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, _heading(column), heading)
        sheet.set_column(place, place, _width(table, place))
    for line, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row.cells):
            _write(sheet, formats, (line, place), cell)
    for line, note in enumerate((table.title, *table.notes), start=len(table.rows) + 2):
        sheet.write_string(line, 0, note)
    sheet.freeze_panes(1, 1)


def _heading(column: Column) -> str:
    return f"{column.title}, {column.unit}" if column.unit else column.title


def _width(table: Table, place: int) -> int:
    longest = max((len(row.cells[place].text) for row in table.rows), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


class _Formats:
    """Number formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book, self._made = book, dict[str, Any]()

    def of(self, code: str) -> Any:
        if code not in self._made:
            self._made[code] = self._book.add_format({"num_format": code})
        return self._made[code]


def _write(sheet: Worksheet, formats: _Formats, at: tuple[int, int], cell: Cell) -> None:
    value = cell.value
    if isinstance(value, Decimal | int):
        sheet.write_number(*at, float(value), formats.of(_number_format(cell)))
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
        sheet.write_datetime(*at, moment, formats.of("d mmm yyyy"))
    else:
        sheet.write_string(*at, cell.text)


def _number_format(cell: Cell) -> str:
    """As many decimals as the text shows; the number itself keeps all it has."""
    if isinstance(cell.value, int):
        return "0"
    _whole, _point, decimals = cell.text.partition(".")
    places = min(len(decimals), MOST_PLACES) if decimals.isdigit() else 0
    return "0." + "0" * places if places else "General"
