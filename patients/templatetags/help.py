"""The "?" next to a question."""

from __future__ import annotations

from django import template

from patients.help import TOPICS, Topic

register = template.Library()


@register.inclusion_tag("components/help.html")
def help_about(topic: str) -> dict[str, Topic]:
    """{% help_about "signing" %}: raises KeyError for a topic that does not exist."""
    return {"topic": TOPICS[topic]}
