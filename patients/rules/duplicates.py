"""Whether two registrations may be one person: what speaks for it, for somebody who knows to decide.

[D] A number or a whole name in common is enough to ask; a date of birth only together with a likeness of
names, since a clinic of ten thousand has one or two people for many days of birth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from patients.rules.dates import PartialDate
from patients.rules.person_keys import Named, name_key, name_part, number_key, separate_names
from patients.rules.verdict import Message, gettext_noop, say

SIMILAR = 0.75  # of two names that differ by one letter in four


class Identified(Named, Protocol):
    """A person with the date of birth, as far as it is known."""

    @property
    def birth(self) -> PartialDate | None: ...


@dataclass(frozen=True)
class Likeness:
    """What two registrations have in common; the higher the points, the more likely one person."""

    points: int
    reasons: tuple[Message, ...]


@dataclass(frozen=True)
class _Sign:
    points: int
    reason: Message
    is_enough: bool = False


def likeness(new: Identified, other: Identified) -> Likeness | None:
    """Why `other` may be the same person as `new`; None where nothing asks for a question."""
    names = list(_signs_of_names(new, other))
    births = list(_signs_of_birth(new.birth, other.birth))
    numbers = list(_signs_of_number(new, other))
    signs = [*numbers, *births, *names]
    if not any(sign.is_enough for sign in signs) and not (births and names):
        return None
    return Likeness(sum(sign.points for sign in signs), tuple(sign.reason for sign in signs))


def _signs_of_number(new: Identified, other: Identified) -> Iterator[_Sign]:
    if number_key(new) == number_key(other):
        yield _Sign(4, say(gettext_noop("same patient number")), is_enough=True)


def _signs_of_birth(new: PartialDate | None, other: PartialDate | None) -> Iterator[_Sign]:
    if new is None or other is None:
        return
    if new == other and new.earliest == new.latest:
        yield _Sign(3, say(gettext_noop("same date of birth")))
    elif new.earliest <= other.latest and other.earliest <= new.latest:
        yield _Sign(2, say(gettext_noop("the date of birth may be the same")))


def _signs_of_names(new: Identified, other: Identified) -> Iterator[_Sign]:
    """The strongest sign only: a whole name has its parts in common too."""
    for sign in (_whole_name(new, other), _one_name(new, other)):
        if sign is not None:
            yield sign
            return


def _whole_name(new: Identified, other: Identified) -> _Sign | None:
    mine, theirs = name_key(new), name_key(other)
    if mine and mine == theirs:
        return _Sign(3, say(gettext_noop("same name")), is_enough=True)
    if theirs == name_part(new.given_name + new.family_name):
        return _Sign(3, say(gettext_noop("same name, family and given name exchanged")), is_enough=True)
    if _readings(new) & _readings(other):
        return _Sign(3, say(gettext_noop("same reading of the name")), is_enough=True)
    if _earlier(new) & {theirs, name_part(other.family_name)}:
        return _Sign(2, say(gettext_noop("a former name is the other's name")))
    if _earlier(other) & {mine, name_part(new.family_name)}:
        return _Sign(2, say(gettext_noop("the name is a former name of the other")))
    return None


def _one_name(new: Identified, other: Identified) -> _Sign | None:
    if name_part(new.family_name) == name_part(other.family_name):
        return _Sign(1, say(gettext_noop("same family name")))
    if new.given_name and name_part(new.given_name) == name_part(other.given_name):
        return _Sign(1, say(gettext_noop("same given name, another family name")))
    if SequenceMatcher(None, name_key(new), name_key(other)).ratio() >= SIMILAR:
        return _Sign(1, say(gettext_noop("similar name")))
    return None


def _readings(person: Identified) -> set[str]:
    """The reading; a name that is itself written in kana is its own."""
    reading = name_part(person.family_name_reading + person.given_name_reading)
    return {text for text in (reading, name_key(person)) if text}


def _earlier(person: Identified) -> set[str]:
    return {name_part(name) for name in separate_names(person.former_names)}
