"""Tacrolimus levels: what kind each is, what it means against the patient's target, what to do next."""

from dosing.rules.levels.timing import BAND_NG_ML, TIMING_LABELS, Timing, timing

__all__ = ["BAND_NG_ML", "TIMING_LABELS", "Timing", "timing"]
