"""What the Start button asks for in each state. Clinical specification 4.2, "Start"."""

from dataclasses import dataclass

from dosing.rules.safety import Gate, Overridable, SafetyAssessment
from patients.rules.answers import Answer


@dataclass(frozen=True)
class StartPolicy:
    """allowed is False when nobody may start. cautions are the codes that must be ticked."""

    allowed: bool
    needs_reason: bool
    needs_second_person: bool
    cautions: tuple[str, ...]


def start_policy(answer: Answer, safety: SafetyAssessment) -> StartPolicy:
    """A contraindication is refused, or needs a reason and a second person where a specialist may decide;
    a hold, an open gate or unmet criteria need a coded reason; cautions are ticked."""
    against = safety.of(Gate.CONTRAINDICATED)
    refused = any(finding.overridable is not Overridable.SPECIALIST for finding in against)
    unsettled = safety.state in (Gate.CONTRAINDICATED, Gate.HOLD, Gate.CANNOT_TELL)
    return StartPolicy(
        allowed=not refused,
        needs_reason=unsettled or answer is not Answer.MET,
        needs_second_person=bool(against) and not refused,
        cautions=tuple(finding.code for finding in safety.of(Gate.CAUTION)),
    )


def suggests(answer: Answer, safety: SafetyAssessment) -> bool:
    """Whether to say "consider tacrolimus": all criteria met and nothing unsettled about safety."""
    return answer is Answer.MET and safety.state in (Gate.CLEAR, Gate.CAUTION)
