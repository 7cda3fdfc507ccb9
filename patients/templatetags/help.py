"""The "?" beside a question."""

from __future__ import annotations

from django import template

from patients.help import TOPICS, Topic, sledai_topic
from patients.rules.thresholds import SLEDAI_2K

register = template.Library()


@register.inclusion_tag("components/help.html")
def help_about(topic: str) -> dict[str, Topic]:
    """{% help_about "signing" %}: raises KeyError for a topic that nobody wrote."""
    return {"topic": TOPICS[topic]}


@register.inclusion_tag("components/help.html")
def help_sledai(code: str, window_days: int = SLEDAI_2K.window_days) -> dict[str, Topic]:
    """{% help_sledai row.item.code %}"""
    return {"topic": sledai_topic(code, window_days)}
