"""Tacrolimus levels: what kind each is, what it means against the patient's target, what to do about it."""

from dosing.rules.levels.context import context, is_steady
from dosing.rules.levels.course import TimeInRange, morning_levels, time_in_range, variation_percent
from dosing.rules.levels.evidence import level_evidence
from dosing.rules.levels.interpretation import (
    LevelCategory,
    LevelInterpretation,
    LevelRange,
    interpret_level,
    interpret_recorded_level,
    morning_band,
    target_on,
)
from dosing.rules.levels.timing import TIMING_LABELS, Timing, timing
from dosing.rules.levels.watch import raised

__all__ = [
    "TIMING_LABELS",
    "LevelCategory",
    "LevelInterpretation",
    "LevelRange",
    "TimeInRange",
    "Timing",
    "context",
    "interpret_level",
    "interpret_recorded_level",
    "is_steady",
    "level_evidence",
    "morning_band",
    "morning_levels",
    "raised",
    "target_on",
    "time_in_range",
    "timing",
    "variation_percent",
]
