"""What is written around a drug's name without making it another drug: strength, form, salt, schedule.

The words, English, German and Japanese, are those of `name_suffixes.csv`. A form that is put on skin, eye or
into the airway is told apart: it may be another product than the drug that is swallowed.
"""

import csv
import re
from functools import cache
from pathlib import Path

from patients.rules.folding import normalise

WORDS_FILE = Path(__file__).with_suffix(".csv")
UNIT, LOCAL_FORM = "unit", "local_form"
# "5", "7,5", "1-0-1", "20 000" is two of them.
NUMBER = r"(?:\d+(?:[.,]\d+)?(?:\s*[-~/⁄x×:]\s*\d+(?:[.,]\d+)?)*)"
QUOTED = r"「[^」]*」|『[^』]*』|\"[^\"]*\""
SEPARATOR = r"[\s,;:.()\[\]〈〉/・、。~*\-]+"


def is_only_around(rest: str) -> bool:
    """Whether a normalised text consists of strength, form, salt and schedule alone."""
    place, piece = 0, _piece()
    while place < len(rest):
        found = piece.match(rest, place)
        if found is None or found.end() == place:
            return False
        place = found.end()
    return True


def says_local(rest: str) -> bool:
    """Whether a normalised text names a form that acts where it is put."""
    return _local_form().search(rest) is not None


@cache
def _words() -> dict[str, list[str]]:
    """Normalised words of each kind, the longest first, so that none hides one that begins with it."""
    found: dict[str, set[str]] = {}
    with WORDS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["kind"], set()).update(map(normalise, row["words"].split(";")))
    return {kind: sorted(words, key=lambda word: (-len(word), word)) for kind, words in found.items()}


@cache
def _piece() -> re.Pattern[str]:
    """One piece of what may stand around a name. A Latin word ends where its letters end."""
    words = sorted({word for kind, known in _words().items() if kind != UNIT for word in known}, key=_longest)
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    japanese = "|".join(re.escape(word) for word in words if not word.isascii())
    unit = "|".join(map(re.escape, _words()[UNIT]))
    strength = rf"{NUMBER}\s*(?:(?:{unit})(?![a-z]))?"
    return re.compile(rf"{QUOTED}|{strength}|(?:{latin})(?![a-z])|{japanese}|{SEPARATOR}")


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word


@cache
def _local_form() -> re.Pattern[str]:
    words = (re.escape(word) for word in _words()[LOCAL_FORM])
    return re.compile("|".join(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in words))
