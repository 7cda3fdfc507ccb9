"""A laboratory result as it is typed: a number, a bound or a range, with or without its unit, or a word.

"21.3 ×10⁴/µl", "<1.5", "≥100 /HPF", "5–9" and "0.02未満" are taken as they stand on the print-out. What the
printed text says in its own unit is kept beside the value, so that it can be shown again digit by digit.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from patients.rules.analytes import ANALYTES
from patients.rules.folding import fold, normalise
from patients.rules.unit_names import unit_named
from patients.rules.units import EntryError, Quantity, parse_quantity, to_canonical, unit_refusal
from patients.rules.verdict import gettext_noop, say

_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"
# A power of ten belongs to the unit only behind a times sign or a space: 5103/µl is no 5 × 10³/µl.
_UNIT_BEGINS = (
    r"(?:[x×✕✖*]\s*|(?<=\s))10\s*(?:[\^*]|[⁰¹²³⁴⁵⁶⁷⁸⁹]|e\d|\d/)|[^\W\d_⁰¹²³⁴⁵⁶⁷⁸⁹]|[%‰/×✕✖\[\u3300-\u33ff]"
)
_WITH_UNIT = re.compile(
    rf"(?P<number>[<>≤≥\d.,–\-\s]+?)\s*(?P<unit>(?:{_UNIT_BEGINS}).*)", re.DOTALL | re.IGNORECASE
)
_RANGE = re.compile(rf"(?P<low>{_NUMBER})\s*[-–]\s*(?P<high>{_NUMBER})", re.ASCII)
_INCLUSIVE = re.compile(rf"(?P<comparator>[≤≥])\s*(?P<number>{_NUMBER})", re.ASCII)
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)\s*[~\u02dc\u223c\u301c\u2010-\u2015\u2212\u30fc-]\s*(?=\d)")
# Full-width forms and the ideographic space only: elsewhere NFKC would turn 10⁴ into 104.
_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]+")
_SIGNS = str.maketrans({"≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "〈": "<", "〉": ">"})
_NUMEROUS = frozenset(map(fold, ("numerous", "many", "innumerable", "TNTC", "多数", "無数")))
# What "numerous" cells in a field surely are: no laboratory says it of fewer [D]. All limits are far lower.
MORE_THAN_NUMEROUS = Decimal(50)
# Behind a number: "<20, detected" says no more than "<20" is taken for.
_DETECTED = re.compile(r"(?<=[\w%])[\s,;()]*(?:detected|検出)\)?$", re.IGNORECASE)
_NOT_DETECTED = ("notdetected", "undetect", "検出セズ")
_WORDS = {
    "negative": (
        "negative",
        "neg",
        "neg.",
        "nd",
        "n.d.",
        "(-)",
        "(−)",
        "-",
        "−",
        "陰性",
        "検出セズ",
        "notdetected",
    ),
    "positive": ("positive", "pos", "pos.", "detected", "(+)", "+", "陽性", "検出"),
    "indeterminate": ("indeterminate", "equivocal", "borderline", "(±)", "±", "判定保留"),
}
_JAPANESE_BOUNDS = (("以上", "≥"), ("以下", "≤"), ("未満", "<"), ("超", ">"))


@dataclass(frozen=True)
class TypedResult:
    """Either a quantity, with the code of the unit typed behind it ("" where none was), or a finding."""

    quantity: Quantity | None = None
    unit: str = ""
    finding: str = ""


def parse_result(analyte_key: str, text: str) -> TypedResult:
    """What was typed for an analyte that is a number. Raises EntryError saying what would fit."""
    plain = _plain(text)
    has_words = bool(ANALYTES[analyte_key].findings)
    finding = _finding(analyte_key, plain)
    if finding:
        return TypedResult(finding=finding)
    number, typed_unit = _number_and_unit(_DETECTED.sub("", plain) if has_words else plain)
    quantity = _quantity(analyte_key, number)
    if not typed_unit:
        return TypedResult(quantity)
    unit = unit_named(analyte_key, typed_unit)
    if unit is None:
        raise EntryError(unit_refusal(analyte_key, typed_unit))
    return TypedResult(quantity, unit)


def as_printed(
    analyte_key: str, entered: str, value: Decimal | None, high: Decimal | None = None, comparator: str = ""
) -> tuple[str, str] | None:
    """The digits and the unit's code of a stored text; None where the text does not say what is stored."""
    digits, _, unit = entered.partition(" ")
    if analyte_key not in ANALYTES or unit not in ANALYTES[analyte_key].units or value is None:
        return None
    try:
        said = _quantity(analyte_key, _plain(digits))
    except EntryError:
        return None
    end = None if said.high is None else to_canonical(analyte_key, said.high, unit)
    told = (to_canonical(analyte_key, said.value, unit), end, said.comparator)
    return (digits, unit) if told == (value, high, comparator) else None


def _finding(analyte_key: str, plain: str) -> str:
    """The finding that a word says, of an analyte that has words beside numbers; else ""."""
    key = normalise(plain).replace(" ", "")
    said = next((finding for finding, words in _WORDS.items() if key in words), "")
    if key.startswith("<") and any(word in key for word in _NOT_DETECTED):
        said = "negative"  # "<20, not detected": the number is what the method can find
    return said if said in ANALYTES[analyte_key].findings else ""


def _number_and_unit(plain: str) -> tuple[str, str]:
    word, slash, rest = plain.partition("/")
    if fold(word) in _NUMEROUS:
        return word, slash + rest
    found = _WITH_UNIT.fullmatch(plain)
    return (plain, "") if found is None else (found["number"].strip(), found["unit"].strip())


def _plain(text: str) -> str:
    plain = _FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text).strip()
    plain = plain.translate(_SIGNS).replace(">=", "≥").replace("<=", "≤")
    for word, sign in _JAPANESE_BOUNDS:
        if word in plain:
            plain = sign + plain.replace(word, "", 1).strip()
    return _BETWEEN_NUMBERS.sub("–", plain)


def _quantity(analyte_key: str, text: str) -> Quantity:
    if ANALYTES[analyte_key].is_counted_in_ranges and fold(text) in _NUMEROUS:
        return Quantity(">", MORE_THAN_NUMEROUS, word="numerous")
    inclusive = _INCLUSIVE.fullmatch(text)
    if inclusive is not None:
        return Quantity(inclusive["comparator"], Decimal(inclusive["number"]))
    ends = _RANGE.fullmatch(text)
    return parse_quantity(text) if ends is None else _range(analyte_key, ends["low"], ends["high"])


def _range(analyte_key: str, low: str, high: str) -> Quantity:
    if not ANALYTES[analyte_key].is_counted_in_ranges:
        raise EntryError(
            say(
                gettext_noop(
                    "Only cells in urine are counted in ranges. Write one number, or < or > and one."
                )
            )
        )
    if Decimal(low) >= Decimal(high):
        raise EntryError(say(gettext_noop("Write the lower end first, like 5–9.")))
    return Quantity("", Decimal(low), Decimal(high))
