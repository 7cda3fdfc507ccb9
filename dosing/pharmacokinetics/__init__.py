"""Tacrolimus in the blood over time: models, levels by superposition, estimation, forecast.

Pure: no Django, no clock. numpy and scipy are imported here: import this only where it is needed.
"""

from dosing.pharmacokinetics.estimation import Fit, fit
from dosing.pharmacokinetics.forecast import Component, Forecast, ForecastQuestion, forecast
from dosing.pharmacokinetics.observed import ObservedLevel
from dosing.pharmacokinetics.regimen import Regimen, Segment
from dosing.pharmacokinetics.registry import MODELS

__all__ = [
    "MODELS",
    "Component",
    "Fit",
    "Forecast",
    "ForecastQuestion",
    "ObservedLevel",
    "Regimen",
    "Segment",
    "fit",
    "forecast",
]
