"""One safety finding, and all of them together."""

import enum
from dataclasses import dataclass

from patients.rules.verdict import Evidence, Message, Missing, Source


class Gate(enum.Enum):
    """The states of the gate, the worst first."""

    CONTRAINDICATED = "contraindicated"
    HOLD = "hold"
    CANNOT_TELL = "cannot_tell"
    CAUTION = "caution"
    CLEAR = "clear"


ORDER = tuple(Gate)


class Overridable(enum.Enum):
    """Who may start tacrolimus in spite of a finding."""

    NOBODY = "nobody"
    SPECIALIST = "specialist"
    DOCTOR = "doctor"


@dataclass(frozen=True)
class SafetyFinding:
    """One reason for a state. code is stable: a ticked caution is stored by it."""

    state: Gate
    code: str
    sentence: Message
    source: Source
    evidence: tuple[Evidence, ...] = ()
    missing: Missing | None = None
    overridable: Overridable = Overridable.DOCTOR


@dataclass(frozen=True)
class SafetyAssessment:
    """Every finding, the worst first; state is the worst of them, CLEAR when there is none."""

    state: Gate
    findings: tuple[SafetyFinding, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        return tuple(finding.missing for finding in self.findings if finding.missing is not None)

    def of(self, state: Gate) -> tuple[SafetyFinding, ...]:
        return tuple(finding for finding in self.findings if finding.state is state)
