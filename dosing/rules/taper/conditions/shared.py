"""Where the conditions come from, and a verdict turned round: what is there holds a step."""

from collections.abc import Iterable

from patients.rules.answers import Answer
from patients.rules.verdict import Evidence, Source, Verdict, say

SOURCE = Source("Step decision, specification 6.3", published=False)


def inverse(verdict: Verdict, fine: str = "") -> Verdict:
    """A finding that is present holds the step; one that is absent does not."""
    turned = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET}
    answer = turned.get(verdict.answer, verdict.answer)
    return Verdict(
        answer,
        say(fine) if fine and answer is Answer.MET else verdict.sentence,
        verdict.source,
        lambda: once(verdict.evidence),
        missing=verdict.missing,
        parts=lambda: verdict.parts,
    )


def once(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each fact once, where several parts of a verdict use it."""
    found = {
        (item.label.text, str(item.label.values), str(item.value), item.on, item.fact): item
        for item in evidence
    }
    return tuple(found.values())
