"""One key for a text that people write in several ways: width, case, accent, kana, dash, apostrophe, space.

Voiced marks and the long-vowel mark of kana stay: they make another word.
"""

import unicodedata
from functools import lru_cache

HIRAGANA_FIRST, HIRAGANA_LAST, TO_KATAKANA = "ぁ", "ゖ", ord("ァ") - ord("ぁ")
# Latin letters that Unicode does not take apart into a letter and an accent.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
APOSTROPHES = frozenset("'`´‘’‛ʹʻʼʾʿˈ′＇")
MINUS = "−"


def normalise(text: str) -> str:
    """The text in one width, case and kana and without accents of Latin letters; separators stay."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(map(_katakana, _without_accents(plain).translate(LETTERS)))


def fold(text: str) -> str:
    """The key: normalised, without spaces, dashes, apostrophes and invisible characters."""
    return "".join(letter for letter in normalise(text) if not _is_dropped(letter))


@lru_cache(maxsize=4096)
def same_name(one: str, other: str) -> bool:
    """Whether two names differ by their spelling alone."""
    return one == other or fold(one) == fold(other)


def _without_accents(text: str) -> str:
    kept: list[str] = []
    on_latin = False
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            if not on_latin:
                kept.append(letter)
            continue
        on_latin = unicodedata.name(letter, "").startswith("LATIN")
        kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept))


def _katakana(letter: str) -> str:
    return chr(ord(letter) + TO_KATAKANA) if HIRAGANA_FIRST <= letter <= HIRAGANA_LAST else letter


def _is_dropped(letter: str) -> bool:
    return (
        letter in APOSTROPHES or letter == MINUS or unicodedata.category(letter) in ("Pd", "Zs", "Cf", "Cc")
    )
