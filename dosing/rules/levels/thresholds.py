"""The fixed numbers of the rules about levels, with unit and source (clinical specification 4.1).

The ranges themselves are a clinic's settings (dosing.rules.thresholds) and a patient's target.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class LevelThresholds:
    """[D] unless another source is named."""

    urgent_ng_ml: Decimal = Decimal(15)  # a level at the limit is urgent, for the rule and for the forecast
    hold_ng_ml: Decimal = Decimal(20)  # Japanese label: keep at or below 20 ng/ml
    asked_twice_ng_ml: Decimal = Decimal(30)  # a typing error more often than a level
    morning_from_hours: int = 10  # after the dose, as all hours here
    morning_to_hours: int = 16
    day_level_from_hours: int = 20  # "24-hour level"
    day_level_to_hours: int = 26
    label_dose_mg: Decimal = Decimal(3)  # Japanese label, lupus nephritis
    largest_rise_mg: Decimal = Decimal(1)  # the largest step that is proposed
    steady_after_days: int = 5  # [M]
    unexpected_change_percent: Decimal = Decimal(50)
    least_for_variation: int = 3
    variation_percent: Decimal = Decimal(30)  # [M]
    longest_gap_days: int = 84  # a level is due every 12 weeks at least (4.4); a longer gap is unknown
    haematocrit_percent: Decimal = Decimal(30)
    albumin_g_dl: Decimal = Decimal("2.5")
    blood_max_age_days: int = 92
    drug_list_max_age_days: int = 28
    enough_for_model: int = 4  # with fewer levels proportion forecasts as well as a fit, in simulation

    @property
    def longest_gap_weeks(self) -> int:
        return self.longest_gap_days // 7


LEVELS = LevelThresholds()
