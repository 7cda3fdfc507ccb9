"""The safety gate S before tacrolimus is started. Clinical specification 4.2.

CONTRAINDICATED > HOLD > CANNOT_TELL > CAUTION > CLEAR. Absence of facts is never CLEAR.
"""

from dosing.rules.safety.finding import Gate, Overridable, SafetyAssessment, SafetyFinding
from dosing.rules.safety.gate import gate

__all__ = ["Gate", "Overridable", "SafetyAssessment", "SafetyFinding", "gate"]
