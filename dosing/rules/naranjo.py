"""The adverse drug reaction probability scale of Naranjo: ten questions, a sum, a class.

Clinical specification 4.7 (S39). The score is computed from the answers and never typed.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from patients.rules.verdict import Source, gettext_noop

SOURCE = Source("Naranjo 1981, adverse drug reaction probability scale, with tacrolimus as the drug")


class Reply(enum.StrEnum):
    """An answer to a question. Unknown, or not done, is an answer of its own and scores 0."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Causality(enum.StrEnum):
    """What the sum of the ten answers says."""

    DEFINITE = "definite"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    DOUBTFUL = "doubtful"


LABELS: Mapping[Causality, str] = MappingProxyType(
    {
        Causality.DEFINITE: gettext_noop("definite"),
        Causality.PROBABLE: gettext_noop("probable"),
        Causality.POSSIBLE: gettext_noop("possible"),
        Causality.DOUBTFUL: gettext_noop("doubtful"),
    }
)
# The lowest score of each class; what is lower is doubtful.
FROM_SCORE = ((9, Causality.DEFINITE), (5, Causality.PROBABLE), (1, Causality.POSSIBLE))


@dataclass(frozen=True)
class NaranjoQuestion:
    """One question with the points for yes and for no."""

    code: str
    text: str
    yes: int
    no: int = 0

    def points(self, reply: Reply) -> int:
        """The points of a reply."""
        return {Reply.YES: self.yes, Reply.NO: self.no, Reply.UNKNOWN: 0}[reply]


QUESTIONS = (
    NaranjoQuestion("q1", gettext_noop("Are there previous conclusive reports of this reaction?"), 1),
    NaranjoQuestion("q2", gettext_noop("Did the event appear after tacrolimus was given?"), 2, -1),
    NaranjoQuestion(
        "q3", gettext_noop("Did it improve when tacrolimus was stopped, or a specific antagonist given?"), 1
    ),
    NaranjoQuestion("q4", gettext_noop("Did it reappear when tacrolimus was given again?"), 2, -1),
    NaranjoQuestion(
        "q5", gettext_noop("Are there other causes that on their own could have caused the event?"), -1, 2
    ),
    NaranjoQuestion("q6", gettext_noop("Did it reappear when a placebo was given?"), -1, 1),
    NaranjoQuestion("q7", gettext_noop("Was tacrolimus found in the blood at a toxic level?"), 1),
    NaranjoQuestion(
        "q8", gettext_noop("Was it more severe at a higher dose, or less severe at a lower one?"), 1
    ),
    NaranjoQuestion(
        "q9", gettext_noop("Did the patient have a similar reaction to this or a similar drug before?"), 1
    ),
    NaranjoQuestion("q10", gettext_noop("Was the event confirmed by objective evidence?"), 1),
)


@dataclass(frozen=True)
class Naranjo:
    """How many questions were answered; score and class only when all of them were."""

    answered: int
    score: int | None = None
    causality: Causality | None = None


def assess(replies: Mapping[str, Reply]) -> Naranjo:
    """The sum and class of the replies by code of the question. Raises KeyError for an unknown code."""
    by_code = {question.code: question for question in QUESTIONS}
    points = [by_code[code].points(reply) for code, reply in replies.items()]
    if len(points) < len(QUESTIONS):
        return Naranjo(len(points))
    score = sum(points)
    return Naranjo(len(points), score, _class(score))


def _class(score: int) -> Causality:
    return next((found for lowest, found in FROM_SCORE if score >= lowest), Causality.DOUBTFUL)
