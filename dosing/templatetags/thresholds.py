"""The rules' own numbers for the words of a page: a sentence never says another number than the rule."""

from __future__ import annotations

from typing import NamedTuple

from django import template

from dosing.rules.levels.thresholds import LEVELS, LevelThresholds
from dosing.rules.taper.thresholds import TAPER, TaperThresholds
from patients.rules.activity import ACTIVITY, ActivityThresholds

register = template.Library()


class FixedThresholds(NamedTuple):
    """The sets that no clinic overrides; those of a clinic are the case's."""

    levels: LevelThresholds
    taper: TaperThresholds
    activity: ActivityThresholds


@register.simple_tag
def thresholds() -> FixedThresholds:
    """{% thresholds as limits %}, then {{ limits.levels.urgent_ng_ml|written }}."""
    return FixedThresholds(LEVELS, TAPER, ACTIVITY)
