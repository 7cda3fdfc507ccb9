"""What a rule says: an answer with its sentence, its evidence and what is missing.

Sentences stay untranslated here: a message id and its values. The edge (page, print, export) puts
them into the reader's language and formats dates and numbers.

What a verdict consists of are named tuples: the nightly run makes a hundred for each patient, and they
cost a quarter of a frozen dataclass.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from patients.rules.answers import Answer, all_of, any_of

# A tuple is a list of words, each put into the reader's language.
Value = str | int | Decimal | date | tuple[str, ...] | None
NO_VALUES: Mapping[str, Value] = MappingProxyType({})


def gettext_noop(text: str) -> str:
    """Mark a message for translation without translating it."""
    return text


class Message(NamedTuple):
    """A translatable text with %(name)s placeholders, and the values to put into it."""

    text: str
    values: Mapping[str, Value] = NO_VALUES

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted(self.values))))


def say(text: str, **values: Value) -> Message:
    """A message from an already marked text: say(gettext_noop("C3 %(c3)s mg/dl"), c3=...)."""
    return Message(text, MappingProxyType(values))


FactKind = Literal[
    "patient",
    "visit",
    "laboratory",
    "episode",
    "administration",
    "prior_use",
    "drug_history",
    "statement",
    "classification",
    "level",
    "taper",
    "decision",
    "adverse_event",
]


class FactReference(NamedTuple):
    """Where a fact is stored: the kind of fact, and the key of its row."""

    kind: FactKind
    id: int


class Evidence(NamedTuple):
    """One fact behind a verdict: what, how much, in which unit, true on which day."""

    label: Message
    value: Value = None
    unit: str = ""
    on: date | None = None
    fact: FactReference | None = None


class Missing(NamedTuple):
    """A fact that is not there. `item` is its permanent code; `fill` is the form that takes it.

    fill: "visit", "laboratory", "drug", "which_drug", "drug_history", "statement", "classification",
    "patient", "level" (a tacrolimus level) or "wait" (nothing to enter yet).
    """

    item: str
    sentence: Message
    fill: str


class Source(NamedTuple):
    """Where a rule comes from. published is False for a choice of this project ([D])."""

    text: str
    published: bool = True


Given = TypeVar("Given")
# What a verdict is shown with: made already, or made when it is first read.
Shown = tuple[Given, ...] | Callable[[], tuple[Given, ...]]


class Verdict:
    """A rule's answer with its reasons.

    missing holds only what could change the answer; it is empty unless answer is CANNOT_TELL.
    parts are the verdicts that this one was put together from, in the order they are shown.
    evidence and parts may be given as functions: a sweep of the clinic needs neither of most verdicts.
    """

    __slots__ = ("_evidence", "_parts", "answer", "cautions", "missing", "obligations", "sentence", "source")

    def __init__(
        self,
        answer: Answer,
        sentence: Message,
        source: Source,
        evidence: Shown[Evidence] = (),
        missing: tuple[Missing, ...] = (),
        obligations: tuple[Message, ...] = (),
        cautions: tuple[Message, ...] = (),
        parts: "Shown[Verdict]" = (),
    ) -> None:
        """Raises ValueError unless something is missing exactly when the answer is CANNOT_TELL."""
        if (answer is Answer.CANNOT_TELL) != bool(missing):
            raise ValueError("a verdict names what is missing exactly when it cannot tell")
        self.answer = answer
        self.sentence = sentence
        self.source = source
        self.missing = missing
        self.obligations = obligations
        self.cautions = cautions
        self._evidence = evidence
        self._parts = parts

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The facts behind the answer."""
        if callable(self._evidence):
            self._evidence = self._evidence()
        return self._evidence

    @property
    def parts(self) -> "tuple[Verdict, ...]":
        """The verdicts that this one was put together from."""
        if callable(self._parts):
            self._parts = self._parts()
        return self._parts

    def _key(self) -> tuple[object, ...]:
        reasons = (self.answer, self.sentence, self.source, self.evidence, self.missing)
        return (*reasons, self.obligations, self.cautions, self.parts)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Verdict) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.answer, self.sentence, self.source))

    def __repr__(self) -> str:
        return f"Verdict{self._key()}"


def conjunction(
    parts: Iterable[Verdict],
    sentence: Message,
    source: Source,
    shown: Callable[[], tuple[Verdict, ...]] | None = None,
) -> Verdict:
    """All parts must be met; what is missing decides only while no part is NOT_MET.

    shown: the parts as they are shown, where further ones are known to be met and to say nothing else.
    """
    together = tuple(parts)
    return _join(together, all_of([part.answer for part in together]), sentence, source, shown)


def disjunction(
    parts: Iterable[Verdict],
    sentence: Message,
    source: Source,
    shown: Callable[[], tuple[Verdict, ...]] | None = None,
) -> Verdict:
    """One met part is enough; what is missing decides only while no part is MET.

    shown: the parts as they are shown, where further ones are known not to be met and to say nothing else.
    """
    together = tuple(parts)
    return _join(together, any_of([part.answer for part in together]), sentence, source, shown)


def decisive_missing(parts: Iterable[Verdict], answer: Answer) -> tuple[Missing, ...]:
    """What is missing in the parts and could change the joint answer, each item once."""
    if answer is not Answer.CANNOT_TELL:
        return ()
    found = {item.item: item for part in reversed(tuple(parts)) for item in reversed(part.missing)}
    return tuple(reversed(found.values()))


def _join(
    parts: tuple[Verdict, ...],
    answer: Answer,
    sentence: Message,
    source: Source,
    shown: Callable[[], tuple[Verdict, ...]] | None,
) -> Verdict:
    shown_parts = shown or parts
    return Verdict(
        answer=answer,
        sentence=sentence,
        source=source,
        evidence=lambda: _evidence_of(shown_parts),
        missing=decisive_missing(parts, answer),
        obligations=tuple([item for part in parts for item in part.obligations]),
        cautions=tuple([item for part in parts for item in part.cautions]),
        parts=shown_parts,
    )


def _evidence_of(parts: Shown[Verdict]) -> tuple[Evidence, ...]:
    """Made from the parts, not from the joint verdict: it would keep itself alive."""
    given = parts() if callable(parts) else parts
    return tuple([item for part in given for item in part.evidence])
