"""The gate: every finding, and the worst of them as the state."""

from datetime import date

from dosing.rules.safety.cautions import cautions
from dosing.rules.safety.contraindications import contraindications
from dosing.rules.safety.finding import ORDER, Gate, SafetyAssessment
from dosing.rules.safety.holds import holds
from dosing.rules.safety.required import required
from dosing.rules.safety.thresholds import SAFETY, SafetyThresholds
from patients.rules.record import Record


def gate(record: Record, on: date, thresholds: SafetyThresholds = SAFETY) -> SafetyAssessment:
    """Decide whether tacrolimus may be started on a day, by the facts known up to it."""
    known = record.as_of(on)
    findings = sorted(
        (
            *contraindications(known, on, thresholds),
            *holds(known, on, thresholds),
            *required(known, on, thresholds),
            *cautions(known, on, thresholds),
        ),
        key=lambda finding: ORDER.index(finding.state),
    )
    state = findings[0].state if findings else Gate.CLEAR
    return SafetyAssessment(state, tuple(findings))
