"""The criteria's rules in words."""

from __future__ import annotations

from django import template

from dosing.assessment.assess import PatientAssessment
from dosing.rules.explanations import explain
from patients.messages import sentence

register = template.Library()


@register.simple_tag
def rule_in_words(criterion: str, assessed: PatientAssessment) -> str:
    """{% rule_in_words "C2" assessed %}: with the numbers that were in force."""
    return " ".join(sentence(part) for part in explain(criterion, assessed.thresholds))
