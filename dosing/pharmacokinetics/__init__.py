"""Tacrolimus in the blood over time: models, levels by superposition, estimation, forecast.

Pure: no Django, no clock. numpy and scipy are imported here: import this only where it is needed.
"""

from dosing.pharmacokinetics.registry import MODELS

__all__ = ["MODELS"]
