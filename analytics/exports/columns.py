"""Columns of the files: one declaration makes the cells, the codebook and the list of what may leave."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from accounts.audit.export import harmless
from analytics.exports.subjects import Subject

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_ASSESSED = "not_assessed"


class CellType(enum.StrEnum):
    """What a cell holds."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    PARTIAL_DATE = "date, possibly known in part"
    TIME = "date and time"
    YES_NO = "yes or no"
    ASSESSED = "yes, no or not assessed"
    CODE = "code"
    TEXT = "text"


ALLOWED = {
    CellType.YES_NO: "yes; no; empty = not stated",
    CellType.ASSESSED: f"yes; no; {NOT_ASSESSED}",
    CellType.DATE: "YYYY-MM-DD",
    CellType.PARTIAL_DATE: "YYYY-MM-DD, YYYY-MM or YYYY",
    CellType.TIME: "ISO 8601 with the offset of the clinic's clock",
}


class ColumnScope(enum.StrEnum):
    """In which exports a column is."""

    BOTH = "both"
    IDENTIFIED = "identified"
    DE_IDENTIFIED = "de-identified"


@dataclass(frozen=True)
class ExportColumn:
    """sources are the fields that it is made of; value gets a row of the table and the patient.

    Free text never is in a de-identified file: such a column cannot be declared.
    """

    name: str
    kind: CellType
    meaning: StrOrPromise
    sources: tuple[str, ...]
    value: Callable[[Any, Subject], object]
    unit: str = ""
    allowed: str = ""
    kept: ColumnScope = ColumnScope.BOTH

    def __post_init__(self) -> None:
        if self.kind in (CellType.TEXT, CellType.TIME) and self.kept is not ColumnScope.IDENTIFIED:
            raise ValueError(f"{self.name}: free text and times of day stay in identified files")

    def is_in(self, identified: bool) -> bool:
        return self.kept in (
            ColumnScope.BOTH,
            ColumnScope.IDENTIFIED if identified else ColumnScope.DE_IDENTIFIED,
        )

    @cached_property
    def missing(self) -> str:
        """The text where there is no value."""
        return NOT_ASSESSED if self.kind is CellType.ASSESSED else ""

    def cell(self, row: Any, subject: Subject) -> str:
        """The text of a cell."""
        value = self.value(row, subject)
        return self.missing if value is None else format_csv(value)


def format_csv(value: object) -> str:
    """A value as CSV has it: ISO dates, a decimal point, no thousands separators, no formula."""
    return _FORMATS.get(type(value), _text)(value)


def _text(value: object) -> str:
    return harmless(str(value))


def _minutes(moment: Any) -> str:
    return str(moment.isoformat(timespec="minutes"))


# Whatever else it is, it is a text, which alone a spreadsheet could take for a formula.
_FORMATS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        bool: lambda value: "yes" if value else "no",
        int: str,
        Decimal: lambda value: f"{value.normalize():f}",
        float: lambda value: f"{value:.6g}",
        date: date.isoformat,
        datetime: _minutes,
        time: _minutes,
    }
)
