"""What is written around a drug's name without making it another drug: strength, form, salt, schedule.

The words, English, German and Japanese, are those of `name_suffixes.csv`. A form that is put on skin, eye or
into the airway is told apart: it may be another product than the drug that is swallowed.
"""

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from patients.rules.folding import normalise

WORDS_FILE = Path(__file__).with_suffix(".csv")
UNIT, LOCAL_FORM, SALT = "unit", "local_form", "salt"
# "5", "7,5", "1-0-1", "20 000" is two of them.
NUMBER = r"(?:\d+(?:[.,]\d+)?(?:\s*[-~/⁄x×:]\s*\d+(?:[.,]\d+)?)*)"
QUOTED = r"「[^」]*」|『[^』]*』|\"[^\"]*\""
SEPARATOR = r"[\s,;:.()\[\]〈〉/・、。~*\-]+"


def is_only_around(rest: str) -> bool:
    """Whether a normalised text consists of strength, form, salt and schedule alone.

    A salt stands directly behind the name; after a comma or a number it would be another drug.
    """
    piece = _piece()
    salt = _salts().match(rest)
    place = salt.end() if salt else 0
    while place < len(rest):
        found = piece.match(rest, place)
        if found is None or found.end() == place:
            return False
        place = found.end()
    return True


def says_local(rest: str) -> bool:
    """Whether a normalised text names a form that acts where it is put, or gives its strength in per cent."""
    return _local_form().search(rest) is not None


@cache
def _words() -> dict[str, list[str]]:
    """The normalised words of each kind; units with the longest first, so that "mg" is not read as "m"."""
    found: dict[str, set[str]] = {}
    with WORDS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["kind"], set()).update(map(normalise, row["words"].split(";")))
    return {kind: sorted(words, key=lambda word: (-len(word), word)) for kind, words in found.items()}


@cache
def _piece() -> re.Pattern[str]:
    """One piece of what may stand around a name. A Latin word ends where its letters end."""
    words = {word for kind, known in _words().items() if kind not in (UNIT, SALT) for word in known}
    unit = "|".join(map(re.escape, _words()[UNIT]))
    strength = rf"{NUMBER}\s*(?:(?:{unit})(?![a-z]))?"
    return re.compile(rf"{QUOTED}|{strength}|{_any_of(words)}|{SEPARATOR}")


@cache
def _salts() -> re.Pattern[str]:
    return re.compile(rf"(?:[\s-]*(?:{_any_of(_words()[SALT])}))+")


@cache
def _local_form() -> re.Pattern[str]:
    return re.compile(rf"{_any_of(_words()[LOCAL_FORM])}|\d\s*%")


def _any_of(words: Iterable[str]) -> str:
    """A pattern of whole words, the longest first."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(
        rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
        for word in longest_first
    )
