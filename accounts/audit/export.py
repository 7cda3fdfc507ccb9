"""An audit as CSV: streamed, readable by a spreadsheet, and no formula in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from django.utils.translation import gettext

from accounts.audit.reading import Audit, AuditLine

# Spreadsheets take UTF-8 for something else without it.
BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet take a text for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_text(audit: Audit, chunks: Iterable[list[AuditLine]], zone: tzinfo) -> Iterator[str]:
    """The file in pieces: a heading, then a row a line with its time in the reader's zone."""
    writer = csv.writer(_Echo())
    heading = [gettext("When"), *(str(column) for column in audit.columns)]
    yield BYTE_ORDER_MARK + writer.writerow(heading)
    for lines in chunks:
        for line in lines:
            at = line.at.astimezone(zone).isoformat(timespec="seconds")
            yield writer.writerow([at, *(harmless(cell) for cell in line.cells)])


def harmless(cell: str) -> str:
    """A text that a spreadsheet shows and does not compute."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
