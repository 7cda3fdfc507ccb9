"""For the visit form."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from patients.rules.sledai_proposals import SledaiProposal
from patients.rules.thresholds import SLEDAI_2K

register = template.Library()


@register.simple_tag
def sledai_window_days() -> int:
    """{% sledai_window_days as days %}: how long before a visit an item of SLEDAI-2K counts."""
    return SLEDAI_2K.window_days


@register.filter
def proposal_of(proposals: Mapping[str, SledaiProposal], code: str) -> SledaiProposal | None:
    """What the laboratory proposes for an item."""
    return proposals.get(code)
