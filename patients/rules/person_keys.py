"""What people are found by: names and numbers in one spelling, stored beside what was written.

A key finds candidates. It never says that two people are one.
"""

import re
from collections.abc import Iterator
from typing import Protocol

from patients.rules.folding import fold, normalise
from patients.rules.kanji_variants import TO_COMMON_FORM

# Former names are written in one field.
BETWEEN_NAMES = re.compile(r"[;,/、，；／]")
DASHES = re.compile(r"[‐-―−ー－]")
NUMBER_SIGN = "#"
LONGEST_KEY = 700
LONGEST_NUMBER = 40
LONGEST_PART = 24  # letters of a name that a search goes by


class Named(Protocol):
    """A person as registered; readings in kana, all texts may be empty."""

    @property
    def number(self) -> str: ...

    @property
    def family_name(self) -> str: ...

    @property
    def given_name(self) -> str: ...

    @property
    def family_name_reading(self) -> str: ...

    @property
    def given_name_reading(self) -> str: ...

    @property
    def former_names(self) -> str: ...


def name_part(text: str) -> str:
    """The key of a name or a part of one; variant kanji count as their common form."""
    return fold(text).translate(TO_COMMON_FORM)


def name_key(person: Named) -> str:
    """The whole name, family name first, however it is divided into fields."""
    return name_part(person.family_name + person.given_name)[:LONGEST_KEY]


def number_key(person: Named) -> str:
    """The patient number: a dash stays, since 1-23 and 12-3 are two numbers."""
    return number_part(person.number)


def number_part(text: str) -> str:
    """A number in one width and case, without spaces and a leading #."""
    return DASHES.sub("-", "".join(normalise(text).split())).removeprefix(NUMBER_SIGN)[:LONGEST_NUMBER]


def search_parts(person: Named) -> dict[str, bool]:
    """Every name from each of its letters on, and the number behind "#"; whether it is a beginning.

    Family name and given name as one word; the given name first is a beginning too.
    """
    parts: dict[str, bool] = {}
    for name in _names(person):
        for place in range(len(name)):
            part = name[place : place + LONGEST_PART]
            parts[part] = parts.get(part, False) or place == 0
    for beginning in _given_name_first(person):
        parts[beginning[:LONGEST_PART]] = True
    parts[(NUMBER_SIGN + number_key(person))[:LONGEST_PART]] = True
    return parts


def separate_names(former_names: str) -> list[str]:
    """Each former name that was written in one field."""
    return [name.strip() for name in BETWEEN_NAMES.split(former_names) if name.strip()]


def _names(person: Named) -> Iterator[str]:
    yield name_part(person.family_name + person.given_name)
    yield name_part(person.family_name_reading + person.given_name_reading)
    yield from map(name_part, separate_names(person.former_names))


def _given_name_first(person: Named) -> Iterator[str]:
    for given, family in (
        (person.given_name, person.family_name),
        (person.given_name_reading, person.family_name_reading),
    ):
        if name_part(given):
            yield name_part(given + family)
