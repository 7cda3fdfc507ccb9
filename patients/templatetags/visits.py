"""For the visit form."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from patients.rules.sledai_proposals import Proposal

register = template.Library()


@register.filter
def proposal_of(proposals: Mapping[str, Proposal], code: str) -> Proposal | None:
    """What the laboratory proposes for an item."""
    return proposals.get(code)
