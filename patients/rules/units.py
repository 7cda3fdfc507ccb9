"""Numbers and units as people type them, turned into one canonical value or a clear refusal."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from patients.rules.analytes import ANALYTES
from patients.rules.verdict import Message, gettext_noop, say

_PLAIN = re.compile(r"(?P<comparator>[<>]?)\s*(?P<number>\d{1,9}(?:\.\d{1,6})?)", re.ASCII)
_COMMA = re.compile(r"[<>]?\s*\d+,\d+", re.ASCII)
_THOUSANDS = re.compile(r"[<>]?\s*[1-9]\d{0,2},\d{3}", re.ASCII)
_NEGATIVE = re.compile(r"[-\u2010\u2212]\s*\d+(?:\.\d+)?")
# Full-width forms and the ideographic space only: elsewhere NFKC would turn 10⁴ into 104.
_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]+")
STORED = Decimal("0.000001")


class EntryError(ValueError):
    """What was typed cannot be taken; message says why and what would be right."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


@dataclass(frozen=True)
class Quantity:
    """A typed number with its comparator: "", "<" or ">"."""

    comparator: str
    value: Decimal


def parse_quantity(text: str) -> Quantity:
    """Read "7.4", "<2" or full-width digits; raise EntryError for anything else, saying what would fit.

    A comma is refused, never guessed: 7,4 can be a decimal and 1,234 a thousand.
    """
    plain = _FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).strip()
    found = _PLAIN.fullmatch(plain)
    if found is None:
        raise EntryError(_refusal(plain, text))
    return Quantity(found["comparator"], Decimal(found["number"]))


def _refusal(plain: str, typed: str) -> Message:
    if _NEGATIVE.fullmatch(plain):
        return say(gettext_noop("A result cannot be below zero."), typed=typed)
    if _THOUSANDS.fullmatch(plain):
        return say(
            gettext_noop("A comma can mean two things here: write %(whole)s or %(right)s"),
            whole=plain.replace(",", ""),
            right=plain.replace(",", "."),
        )
    if _COMMA.fullmatch(plain):
        right = plain.replace(",", ".")
        return say(gettext_noop("Write the decimal with a point: %(right)s"), right=right)
    return say(gettext_noop("This is not a number. Write it like 7.4 or <2."), typed=typed)


def to_canonical(analyte_key: str, value: Decimal, unit: str) -> Decimal:
    """The value in the analyte's canonical unit, to six decimals; raise EntryError for any other unit."""
    analyte = ANALYTES[analyte_key]
    if unit == analyte.unit:
        return value
    if unit not in analyte.factors:
        raise EntryError(
            say(
                gettext_noop("%(unit)s does not fit; use %(units)s"),
                unit=unit,
                units=", ".join(analyte.units),
            )
        )
    return (value * analyte.factors[unit]).quantize(STORED)


def check_range(analyte_key: str, value: Decimal) -> str:
    """ "impossible", "concerning" or "" for a canonical value, by the catalogue."""
    analyte = ANALYTES[analyte_key]
    if _outside(value, analyte.impossible_below, analyte.impossible_above):
        return "impossible"
    if _outside(value, analyte.concerning_below, analyte.concerning_above):
        return "concerning"
    return ""


def _outside(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)
