"""Which drug a text means: a name in any spelling, with strength, form and schedule around it.

A name is taken only as a whole. What merely resembles one is offered, never taken; a text with two meanings
means neither until a person says which.
"""

import csv
import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from patients.rules.drugs.catalogue import DRUGS, HERE, Drug
from patients.rules.drugs.name_suffixes import is_only_around, says_local
from patients.rules.folding import APOSTROPHES, normalise

MOST_SUGGESTIONS = 6
# The share of letters in common from which a name is offered (difflib's ratio).
RESEMBLES = 0.75
FEWEST_LETTERS_TO_COMPARE = 4


@dataclass(frozen=True)
class Resolution:
    """key: the drug that the text means, None where that is open. candidates: keys it may mean."""

    key: str | None
    candidates: tuple[str, ...] = ()


def fold_drug_name(text: str) -> str:
    """Letters and digits of the normalised text: spaces, dashes, dots and apostrophes say nothing here."""
    return "".join(letter for letter in normalise(text) if _counts(letter))


def find(text: str) -> str | None:
    """The key of the drug that the text means; None where no name fits, or more than one."""
    return resolve(text).key


def resolve(text: str) -> Resolution:
    """What the text means: the longest name at its beginning, if only strength, form and schedule follow.

    A key only where one drug alone can be meant; else the candidates, if any: among them the drugs whose name
    stands in the text beside words that are not understood ("prednisolone, not taken").
    """
    plain = normalise(text).strip()
    for start in _starts(plain):
        for end, folded in reversed(_prefixes(plain[start:])):
            rest = plain[start + end :]
            if (folded in ambiguous_names() or folded in keys_by_name()) and is_only_around(rest):
                return _decide(folded, rest)
    return Resolution(None, tuple(dict.fromkeys((*_named_within(plain), *suggestions(text)))))


def _named_within(plain: str) -> list[str]:
    """The drugs of which a name of some length stands in the text as a whole word or several."""
    known, found = keys_by_name(), []
    inner = (place for place in range(1, len(plain)) if not _goes_on(plain[place - 1], plain[place]))
    for start in (0, *inner):
        names = [name for _end, name in _prefixes(plain[start:]) if len(name) >= FEWEST_LETTERS_TO_COMPARE]
        found += [known[name] for name in reversed(names) if name in known][:1]
    return found


def suggestions(text: str) -> tuple[str, ...]:
    """Keys of drugs whose name resembles the text, the nearest first; for a person to choose from."""
    folded = fold_drug_name(text)
    if len(folded) < FEWEST_LETTERS_TO_COMPARE:
        return ()
    known = keys_by_name()
    near = difflib.get_close_matches(folded, known, n=3 * MOST_SUGGESTIONS, cutoff=RESEMBLES)
    return tuple(dict.fromkeys(known[name] for name in near))[:MOST_SUGGESTIONS]


def names_like(text: str, most: int = 12) -> list[tuple[str, str]]:
    """Names to choose from while somebody types, one for each drug, with its key; the shortest first.

    Those that begin so, then those that contain it; where there is neither, those that resemble it.
    """
    folded = fold_drug_name(text)
    if not folded:
        return []
    begin, contain = [], []
    for name, found in _spelled_names().items():
        if name.startswith(folded):
            begin.append(found)
        elif folded in name:
            contain.append(found)
    near = [(DRUGS[key].label, key) for key in suggestions(text)] if len(begin) + len(contain) == 0 else []
    by_length = [*sorted(begin, key=_length), *sorted(contain, key=_length), *near]
    first_of_each = {key: name for name, key in reversed(by_length)}
    return [(first_of_each[key], key) for key in dict.fromkeys(key for _name, key in by_length)][:most]


def _length(found: tuple[str, str]) -> tuple[int, str]:
    return len(found[0]), found[0]


def _decide(name: str, rest: str) -> Resolution:
    """A name of several meanings is asked about; so is a skin form of a drug that is swallowed."""
    if name in ambiguous_names():
        return Resolution(None, ambiguous_names()[name])
    key = keys_by_name()[name]
    is_another_form = says_local(rest) and not DRUGS[key].is_local
    return Resolution(None if is_another_form else key, (key,))


def _starts(plain: str) -> list[int]:
    """Where a name may begin: at the beginning, or after a form ("tab. Prograf", "T. Prograf")."""
    head, dot, _rest = plain.partition(". ")
    return [0, len(head) + len(dot)] if dot and is_only_around(head) else [0]


def _prefixes(plain: str) -> list[tuple[int, str]]:
    """Each beginning that may be a whole name: where it ends, and its folded letters; shortest first."""
    found, folded = [], ""
    for place, letter in enumerate(plain):
        if not _counts(letter):
            continue
        folded += letter
        if not _goes_on(letter, plain[place + 1 : place + 2]):
            found.append((place + 1, folded))
    return found


def _goes_on(letter: str, following: str) -> bool:
    """Whether a word or number goes on: "Prograf" is no name in "Prograffix"."""
    if letter.isdigit():
        return following.isdigit()
    return letter.isascii() and letter.isalpha() and following.isascii() and following.isalpha()


def _counts(letter: str) -> bool:
    """Some apostrophes are letters to Unicode."""
    return letter not in APOSTROPHES and unicodedata.category(letter)[0] in "LNM"


@cache
def ambiguous_names() -> Mapping[str, tuple[str, ...]]:
    """Candidates by folded text. One candidate alone is never taken either: the file says why."""
    with (HERE / "ambiguous_names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return MappingProxyType(
        {fold_drug_name(row["text"]): tuple(row["candidates"].split(";")) for row in rows}
    )


@cache
def _spelled_names() -> Mapping[str, tuple[str, str]]:
    """Each folded name as the catalogue spells it, and its key."""
    known = keys_by_name()
    spelled = [(name, drug.key) for drug in DRUGS.values() for name in drug.names if _is_spelled(name, drug)]
    folded = {fold_drug_name(name): (name, key) for name, key in reversed(spelled)}
    return MappingProxyType({name: found for name, found in folded.items() if name in known})


def _is_spelled(name: str, drug: Drug) -> bool:
    """Whether people write it so: a key alone is the program's own name."""
    return name != drug.key or name == drug.label


@cache
def keys_by_name() -> Mapping[str, str]:
    """The drug of each folded name that has one meaning. Raises ValueError where two drugs share a name."""
    found: dict[str, str] = {}
    for drug in DRUGS.values():
        for name in drug.names:
            folded = fold_drug_name(name)
            if found.setdefault(folded, drug.key) != drug.key:
                raise ValueError(f"{name!r} names {found[folded]} and {drug.key}")
    return MappingProxyType({name: key for name, key in found.items() if name not in ambiguous_names()})
