"""What kind of level it is: how long after the dose the blood was drawn.

Clinical specification 4.1. The band of the study holds for morning levels only: the level 24 hours after
a dose is a third to a half of the one after 12, and the two are never interpreted alike.
"""

import enum
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from dosing.rules.levels.thresholds import LEVELS
from patients.rules.verdict import gettext_noop


class Timing(enum.StrEnum):
    """The class of a level by the hours from the dose to the draw."""

    EARLY = "early"
    MORNING = "morning"
    INTERMEDIATE = "intermediate"
    TWENTY_FOUR_HOURS = "twenty_four_hours"
    DOSE_MISSED = "dose_missed"
    UNKNOWN = "unknown"


TIMING_LABELS: Mapping[Timing, str] = MappingProxyType(
    {
        Timing.EARLY: gettext_noop("drawn early, %(hours)s h after the dose"),
        Timing.MORNING: gettext_noop("morning level, %(hours)s h after the dose"),
        Timing.INTERMEDIATE: gettext_noop("drawn late, %(hours)s h after the dose"),
        Timing.TWENTY_FOUR_HOURS: gettext_noop("24-hour level, %(hours)s h after the dose"),
        Timing.DOSE_MISSED: gettext_noop("%(hours)s h after the last dose: was one missed?"),
        Timing.UNKNOWN: gettext_noop("time of the last dose unknown"),
    }
)


def timing(hours_after_dose: Decimal | None) -> Timing:
    """What kind of level it is; the hours come from two recorded times and are never assumed."""
    if hours_after_dose is None:
        return Timing.UNKNOWN
    if hours_after_dose < LEVELS.morning_from_hours:
        return Timing.EARLY
    if hours_after_dose < LEVELS.morning_to_hours:
        return Timing.MORNING
    if hours_after_dose < LEVELS.day_level_from_hours:
        return Timing.INTERMEDIATE
    is_of_a_day = hours_after_dose <= LEVELS.day_level_to_hours
    return Timing.TWENTY_FOUR_HOURS if is_of_a_day else Timing.DOSE_MISSED
