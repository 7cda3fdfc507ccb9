"""Numbers as cells: the value that a spreadsheet calculates with, and the text that a person reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from analytics.report.document import Cell
from analytics.statistics.results import LeftOut, NotEstimable
from patients import messages

T = TypeVar("T")
MINUS = "−"
# More digits than anybody prints, and few enough that rounding in the last bit of a sum cannot show.
SIGNIFICANT_DIGITS = 9
P_SMALLEST_PRINTED = 0.001

EMPTY = Cell(None, "")


def text(words: str) -> Cell:
    return Cell(words, words)


def count(number: int) -> Cell:
    return Cell(number, str(number))


def day(on: date | None) -> Cell:
    return EMPTY if on is None else Cell(on, messages.format_value(on))


def number(value: float | Decimal | None, places: int) -> Cell:
    """A measurement or an estimate in the unit of its column or row, read to so many decimal places."""
    if value is None:
        return EMPTY
    return Cell(exact(value), printed(value, places))


def signed(value: float | Decimal | None, places: int) -> Cell:
    """A difference: what rose has its plus."""
    if value is None:
        return EMPTY
    words = printed(value, places)
    rose = value > 0 and Decimal(words) != 0
    return Cell(exact(value), f"+{words}" if rose else words)


def percent(share: float | None) -> Cell:
    """A share between 0 and 1, kept and read in per cent."""
    return number(None if share is None else 100 * share, 1)


def p_value(value: float | None) -> Cell:
    """To three decimals, and never 0."""
    if value is None:
        return EMPTY
    if value < P_SMALLEST_PRINTED:
        return Cell(exact(value), "<0.001")
    return Cell(exact(value), printed(value, 3))


def small(words: str) -> str:
    """Words within a sentence: without their capital, unless they begin with an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def exact(value: float | Decimal) -> Decimal:
    """As a decimal of nine significant digits."""
    return Decimal(format(float(value), f".{SIGNIFICANT_DIGITS}g"))


def printed(value: float | Decimal, places: int) -> str:
    """With a true minus sign, and no minus before zero."""
    words = format(value, f".{places}f")
    if not words.startswith("-"):
        return words
    return words[1:] if float(words) == 0 else MINUS + words[1:]


@dataclass
class Notes:
    """What a table says under itself; each sentence once, in the order in which it was needed."""

    sentences: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def estimated(self, found: T | NotEstimable, read: Callable[[T], Cell]) -> Cell:
        """The cell of an estimate, or "n.e." with the reason under the table."""
        if isinstance(found, NotEstimable):
            self.add(_("n.e.: %(reason)s.") % {"reason": messages.sentence(found.sentence)})
            return Cell(None, _("n.e."))
        return read(found)

    def all(self) -> tuple[str, ...]:
        return tuple(self.sentences)


def reasons(left_out: tuple[LeftOut, ...]) -> Cell:
    """How many were left out, with the reasons in words."""
    total = sum(row.count for row in left_out)
    told = "; ".join(f"{row.count} {small(messages.sentence(row.reason))}" for row in left_out)
    return Cell(total, told or "0")
