"""A level as evidence of a verdict."""

from dosing.rules.treatment import Level
from patients.rules.verdict import Evidence, FactReference, Value, gettext_noop, say

LABEL = say(gettext_noop("Tacrolimus level"))
UNIT = "ng/mL"


def level_evidence(level: Level) -> Evidence:
    """A level with its comparator, unit and day."""
    value: Value = f"{level.comparator}{level.ng_ml}" if level.comparator else level.ng_ml
    return Evidence(LABEL, value, UNIT, level.on, FactReference("level", level.id))
