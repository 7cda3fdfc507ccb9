"""Where the conditions come from, and a verdict turned round: what is there holds a step."""

from patients.rules.answers import Answer
from patients.rules.verdict import Source, Verdict, say

SOURCE = Source("Step decision, specification 6.3", published=False)


def inverse(verdict: Verdict, fine: str = "") -> Verdict:
    """A matter that is there holds the step; one that is not lets it go on."""
    turned = {Answer.MET: Answer.NOT_MET, Answer.NOT_MET: Answer.MET}
    answer = turned.get(verdict.answer, verdict.answer)
    return Verdict(
        answer,
        say(fine) if fine and answer is Answer.MET else verdict.sentence,
        verdict.source,
        lambda: verdict.evidence,
        missing=verdict.missing,
        parts=lambda: verdict.parts,
    )
