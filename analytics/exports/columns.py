"""Columns of the files: one declaration makes the cells, the codebook and the list of what may leave."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.audit.export import harmless
from analytics.exports.subjects import Subject

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_ASSESSED = "not_assessed"


class Kind(enum.StrEnum):
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
    Kind.YES_NO: "yes; no; empty = not stated",
    Kind.ASSESSED: f"yes; no; {NOT_ASSESSED}",
    Kind.DATE: "YYYY-MM-DD",
    Kind.PARTIAL_DATE: "YYYY-MM-DD, YYYY-MM or YYYY",
    Kind.TIME: "ISO 8601 with the offset of the clinic's clock",
}


class Kept(enum.StrEnum):
    """In which exports a column is."""

    BOTH = "both"
    IDENTIFIED = "identified"
    DE_IDENTIFIED = "de-identified"


@dataclass(frozen=True)
class Column:
    """sources are the fields that it is made of; value gets a row of the table and the patient.

    Free text never is in a de-identified file: such a column cannot be declared.
    """

    name: str
    kind: Kind
    meaning: StrOrPromise
    sources: tuple[str, ...]
    value: Callable[[Any, Subject], object]
    unit: str = ""
    allowed: str = ""
    kept: Kept = Kept.BOTH

    def __post_init__(self) -> None:
        if self.kind in (Kind.TEXT, Kind.TIME) and self.kept is not Kept.IDENTIFIED:
            raise ValueError(f"{self.name}: free text and times of day stay in identified files")

    def is_in(self, identified: bool) -> bool:
        return self.kept in (Kept.BOTH, Kept.IDENTIFIED if identified else Kept.DE_IDENTIFIED)

    def cell(self, row: Any, subject: Subject) -> str:
        """The text of a cell. Missing is empty."""
        return written(self.value(row, subject), self.kind)


def written(value: object, kind: Kind) -> str:
    """A value as CSV has it: ISO dates, a decimal point, no thousands separators, no formula."""
    if value is None:
        return NOT_ASSESSED if kind is Kind.ASSESSED else ""
    return next(tell(value) for type_, tell in _TOLD if isinstance(value, type_))


# The first type that fits says how; a text is the only one that a spreadsheet could take for a formula.
_TOLD: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (Decimal, lambda value: f"{value.normalize():f}"),
    (float, lambda value: f"{value:.6g}"),
    (datetime, lambda value: value.isoformat(timespec="minutes")),
    (date, lambda value: value.isoformat()),
    (time, lambda value: value.isoformat(timespec="minutes")),
    (int, str),
    (object, lambda value: harmless(str(value))),
)
