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
LONGEST_KEY = 700
LONGEST_NUMBER = 40


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
    return DASHES.sub("-", "".join(normalise(text).split())).removeprefix("#")[:LONGEST_NUMBER]


def search_key(person: Named) -> str:
    """All names behind a space each, so that a part and a beginning can be looked for.

    Family name first and given name first: both are names' beginnings.
    """
    return "".join(f" {part}" for part in dict.fromkeys(_searched(person)) if part)[:LONGEST_KEY]


def former_names(person: Named) -> list[str]:
    """Each former name, or whole former name, that was written."""
    return [name.strip() for name in BETWEEN_NAMES.split(person.former_names) if name.strip()]


def _searched(person: Named) -> Iterator[str]:
    for family, given in (
        (person.family_name, person.given_name),
        (person.family_name_reading, person.given_name_reading),
    ):
        yield name_part(family + given)
        yield name_part(given + family)
    for name in former_names(person):
        yield name_part(name)
