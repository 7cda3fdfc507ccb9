"""The colour of what the rules propose, as the class of its word."""

from __future__ import annotations

from django import template

from dosing.rules.taper.decision import StepDecision

register = template.Library()

OF_A_DOSE = {
    "hold": "severity severity-3",
    "call": "severity severity-3",
    "reduce": "severity severity-2",
    "raise": "severity severity-1",
    "keep": "answer answer-met",
    "cannot_tell": "answer answer-cannot_tell",
}
OF_A_STEP = {
    "step_back": "severity severity-2",
    "pause": "severity severity-2",
    "cannot_tell": "answer answer-cannot_tell",
}


@register.filter
def dose_colour(action: str) -> str:
    """<strong class="{{ proposal.action|dose_colour }}">, of an action live or as stored."""
    return OF_A_DOSE.get(action, OF_A_DOSE["cannot_tell"])


@register.filter
def step_colour(step: StepDecision) -> str:
    """<strong class="{{ step|step_colour }}">; a step back after a severe flare asks to act now."""
    if step.action == "step_back" and step.is_severe:
        return "severity severity-3"
    return OF_A_STEP.get(step.action, "answer answer-met")
