"""Three-valued logic: what is missing is neither yes nor no."""

import enum
from collections.abc import Iterable


class Answer(enum.Enum):
    """The answer of a rule. CANNOT_TELL means that facts are missing, never that they are against."""

    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


def all_of(answers: Iterable[Answer]) -> Answer:
    """Kleene conjunction: NOT_MET if any is, else CANNOT_TELL if any is, else MET (also when empty)."""
    return _dominated(answers, by=Answer.NOT_MET, otherwise=Answer.MET)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Kleene disjunction: MET if any is, else CANNOT_TELL if any is, else NOT_MET (also when empty)."""
    return _dominated(answers, by=Answer.MET, otherwise=Answer.NOT_MET)


def answer_from(known: bool | None) -> Answer:
    """MET for True, NOT_MET for False, CANNOT_TELL for None."""
    if known is None:
        return Answer.CANNOT_TELL
    return Answer.MET if known else Answer.NOT_MET


def _dominated(answers: Iterable[Answer], *, by: Answer, otherwise: Answer) -> Answer:
    given = tuple(answers)
    if by in given:
        return by
    return Answer.CANNOT_TELL if Answer.CANNOT_TELL in given else otherwise
