"""From a patient's facts to what a forecast needs: doses, levels, covariates; or why there is none.

Times are those of the clinic's clock, without a zone.
"""

from dosing.pharmacokinetics.inputs.forecast_inputs import Inputs, inputs_of
from dosing.pharmacokinetics.inputs.refusals import refusals
from dosing.pharmacokinetics.inputs.what_if import WhatIf, doses_ahead, otherwise, taken_now

__all__ = ["Inputs", "WhatIf", "doses_ahead", "inputs_of", "otherwise", "refusals", "taken_now"]
