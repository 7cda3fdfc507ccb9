"""From a patient's facts to what a forecast needs: doses, levels, covariates; or why there is none.

Times are those of the clinic's clock, without a zone.
"""

from dosing.pharmacokinetics.of_case.inputs import Inputs, inputs_of
from dosing.pharmacokinetics.of_case.refusals import refusals
from dosing.pharmacokinetics.of_case.what_if import WhatIf, otherwise

__all__ = ["Inputs", "WhatIf", "inputs_of", "otherwise", "refusals"]
