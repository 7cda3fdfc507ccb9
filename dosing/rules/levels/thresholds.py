"""The fixed numbers of the rules about levels, with unit and source (clinical specification 4.1).

The ranges themselves are a clinic's settings (dosing.rules.thresholds) and a patient's target.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class LevelThresholds:
    """[D] unless another source is named."""

    urgent_ng_ml: Decimal = Decimal(15)
    hold_ng_ml: Decimal = Decimal(20)  # Japanese label: keep at or below 20 ng/ml
    label_dose_mg: Decimal = Decimal(3)  # Japanese label, lupus nephritis
    steady_after_days: int = 5  # [M]
    unexpected_change_percent: Decimal = Decimal(50)
    least_for_variation: int = 3
    variation_percent: Decimal = Decimal(30)  # [M]
    longest_gap_days: int = 84  # a level is due every 12 weeks at least (4.4); a longer gap is unknown
    haematocrit_percent: Decimal = Decimal(30)
    albumin_g_dl: Decimal = Decimal("2.5")
    blood_max_age_days: int = 92
    drug_list_max_age_days: int = 28


LEVELS = LevelThresholds()
