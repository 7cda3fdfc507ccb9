"""The "?" next to a question about tacrolimus or its taper."""

from __future__ import annotations

from django import template

from dosing.help import topic
from patients.help import Topic

register = template.Library()


@register.inclusion_tag("components/help.html")
def dosing_help(name: str) -> dict[str, Topic]:
    """{% dosing_help "level_timing" %}: raises KeyError for a topic that does not exist."""
    return {"topic": topic(name)}
