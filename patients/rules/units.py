"""Numbers and units as people type them, turned into one canonical value or a clear refusal."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal

from patients.rules.analytes import ANALYTES
from patients.rules.unit_names import PRINTED
from patients.rules.verdict import Message, gettext_noop, say

_PLAIN = re.compile(r"(?P<comparator>[<>]?)\s*(?P<number>\d{1,9}(?:\.\d{1,6})?)", re.ASCII)
_COMMA = re.compile(r"[<>]?\s*\d+,\d+", re.ASCII)
_THOUSANDS = re.compile(r"[<>]?\s*[1-9]\d{0,2},\d{3}", re.ASCII)
_NEGATIVE = re.compile(r"[-\u2010\u2212]\s*\d+(?:\.\d+)?")
# Full-width forms and the ideographic space only: elsewhere NFKC would turn 10⁴ into 104.
_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]+")
STORED = Decimal("0.000001")
MOST_DIGITS = 9
THREE_DECIMALS = Decimal("0.001")
FOUR_DIGITS = Context(prec=4)


class EntryError(ValueError):
    """What was typed cannot be taken; message says why and what would be right."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


@dataclass(frozen=True)
class Quantity:
    """A typed number with its comparator: "", "<", ">", "≤" or "≥". high: the end of a range from `value`.

    word: where no number was printed: "numerous".
    """

    comparator: str
    value: Decimal
    high: Decimal | None = None
    word: str = ""

    @property
    def digits(self) -> str:
        """As it was typed, without spaces: "7.40", "<2", "5–9"; or the word that says a bound."""
        if self.word:
            return self.word
        return f"{self.comparator}{self.value}" + ("" if self.high is None else f"–{self.high}")


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
    """The value in the analyte's canonical unit, to six decimals; raise EntryError for any other unit.

    Six decimals are what is stored. A step of the last digit that a laboratory prints is, in every unit of
    the catalogue, at least ten times as large, so no result crosses a limit by being stored; and since a
    limit is converted the same way, a result that equals its limit still does.
    """
    analyte = ANALYTES[analyte_key]
    if unit == analyte.unit:
        return value
    if unit not in analyte.conversions:
        raise EntryError(unit_refusal(analyte_key, unit))
    return analyte.conversions[unit](value).quantize(STORED)


def from_canonical(analyte_key: str, canonical: Decimal, unit: str) -> Decimal | None:
    """The shortest number in `unit` that is stored as `canonical`; None where none of nine digits is."""
    analyte = ANALYTES[analyte_key]
    if unit == analyte.unit:
        return canonical
    for digits in range(2, MOST_DIGITS + 1):
        try:
            number = Context(prec=digits).create_decimal(analyte.conversions[unit].back(canonical))
        except ArithmeticError:
            return None
        if to_canonical(analyte_key, number, unit) == canonical:
            return number
    return None


def readable(canonical: Decimal) -> Decimal:
    """A converted value as people read it: 0.5995 of 0.599548 mg/dl. One of few decimals stays as it is."""
    has_few = canonical == canonical.quantize(THREE_DECIMALS)
    return canonical if has_few else FOUR_DIGITS.plus(canonical)


def unit_refusal(analyte_key: str, unit: str) -> Message:
    """That a unit does not fit, and which do."""
    return say(
        gettext_noop("This unit does not fit: %(unit)s. Use %(units)s."),
        unit=unit,
        units=", ".join(PRINTED.get(code, code) for code in ANALYTES[analyte_key].units),
    )


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
