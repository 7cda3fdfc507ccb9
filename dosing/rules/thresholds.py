"""Every number of the rules that a clinic may override, with unit and source.

[P] is the study's paper, [D] a choice of this project, [M] general knowledge to be confirmed. A clinic
may override them through its settings; `override` is the only way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any

from patients.rules.activity import ACTIVITY
from patients.rules.classification import ACR_CRITERIA_NEEDED, EULAR_POINTS_NEEDED
from patients.rules.thresholds import SLEDAI_2K

RULE_REFERENCE_CHANGE = "reference_change_value"
RULE_SIMPLE = "simple"
C3_RULES = (RULE_REFERENCE_CHANGE, RULE_SIMPLE)
BAND_MORNING = "morning"
BAND_24_HOURS = "24_hours"
BAND_BOTH = "both"
LEVEL_BANDS = (BAND_MORNING, BAND_24_HOURS, BAND_BOTH)
# What a setting in words may be.
CHOICES = {"c3_rule": C3_RULES, "level_band": LEVEL_BANDS}


@dataclass(frozen=True)
class Thresholds:
    """The default values are the study's, or this project's where the study is silent."""

    version: str = "study-1"
    maintenance_years: int = 1  # [P] "passed from initial treatment more than one year"
    stable_days: int = 90  # [P] "at the same level for 3 months"
    washout_months: int = 1  # [P] cyclophosphamide and rituximab
    rituximab_caution_months: int = 6  # [M] B cells still depleted
    visit_max_age_days: int = ACTIVITY.visit_max_age_days  # [D]
    comparator_min_days: int = ACTIVITY.comparator_min_days  # [D]
    comparator_max_days: int = ACTIVITY.comparator_max_days  # [D]
    drug_history_max_age_days: int = 30  # [D]
    laboratory_max_age_days: int = 30  # [D]
    fever_c: Decimal = SLEDAI_2K.fever_c  # SLEDAI-2K
    inflamed_joints: int = SLEDAI_2K.inflamed_joints  # SLEDAI-2K
    c3_lower_limit_mg_dl: Decimal = Decimal(86)  # [P]
    c3_max_age_days: int = 14  # [D]
    c3_baseline_values: int = 3  # [D]
    c3_baseline_max_days: int = 365  # [D]
    c3_baseline_min_days: int = 14  # [D]
    c3_biological_variation_percent: Decimal = Decimal("5.2")  # [M] healthy people
    c3_analytical_variation_percent: Decimal = Decimal(3)  # [D]
    c3_unclear_fall_percent: Decimal = Decimal(-10)  # PMID 30309286: 10 % fall, relapse HR 2.32
    c3_confirmation_min_days: int = 14  # [D]
    c3_confirmation_max_days: int = 42  # [D]
    c3_confirmation: bool = True  # [D] off is the study's practice
    c3_rule: str = RULE_REFERENCE_CHANGE  # [D] "simple" is the paper's wording
    upcr_g_per_g: Decimal = SLEDAI_2K.upcr_g_per_g  # SLEDAI-2K
    upcr_mild_g_per_g: Decimal = Decimal("1.0")  # [D] with allow_mild_renal
    mild_renal_stable_days: int = 90  # [D]
    allow_mild_renal: bool = False  # [P] abstract: "asymptomatic nephritis"; off by choice
    platelets_10e3_per_ul: Decimal = ACTIVITY.severe_platelets_10e3_per_ul  # SFI
    egfr_ml_min_173: Decimal = Decimal(45)  # KDIGO 2024, by CKD-EPI 2021
    creatinine_rise_percent: Decimal = Decimal(30)  # [D]
    acr_1997_criteria: int = ACR_CRITERIA_NEEDED  # [P]
    eular_acr_2019_points: int = EULAR_POINTS_NEEDED  # EULAR/ACR 2019, with at least one clinical criterion
    sledai_caution_above: int = 12  # [P] "efficacy in severe disease is considered limited"
    severe_symptom_grade: int = 3  # [D]
    adherence_percent: int = 80  # [D]
    level_low_ng_ml: Decimal = Decimal(5)  # [P] target 5–10 ng/ml, for levels 10 to 16 h after the dose
    level_high_ng_ml: Decimal = Decimal(10)  # [P]
    level_band: str = BAND_MORNING  # [D] which levels are judged against a range
    level_24_hours_low_ng_ml: Decimal = Decimal(3)  # [D] C12/C24 is 1.3 to 1.8
    level_24_hours_high_ng_ml: Decimal = Decimal(7)  # [D]
    cyp3a5_non_expresser_percent: Decimal = Decimal(58)  # [M] of the clinic's patients, where nobody tested


STUDY = Thresholds()

# The lower and the upper limit of one range.
RANGES = (
    ("comparator_min_days", "comparator_max_days"),
    ("c3_baseline_min_days", "c3_baseline_max_days"),
    ("c3_confirmation_min_days", "c3_confirmation_max_days"),
    ("upcr_g_per_g", "upcr_mild_g_per_g"),
    ("level_low_ng_ml", "level_high_ng_ml"),
    ("level_24_hours_low_ng_ml", "level_24_hours_high_ng_ml"),
)

# [D] Beyond a tenth or ten times of the default a value is taken for a typing error.
WIDEST_FACTOR = 10

# [D] Where that factor would leave what the number means: percent, grades, scores, body temperature.
_NARROWER = {
    "acr_1997_criteria": (Decimal(1), Decimal(11)),
    "sledai_caution_above": (Decimal(1), Decimal(105)),
    "adherence_percent": (Decimal(8), Decimal(100)),
    "severe_symptom_grade": (Decimal(1), Decimal(3)),
    "fever_c": (Decimal(37), Decimal(40)),
    "cyp3a5_non_expresser_percent": (Decimal(1), Decimal(99)),
}

_TYPES = {field.name: type(getattr(STUDY, field.name)) for field in fields(Thresholds)}


def override(thresholds: Thresholds, values: Mapping[str, Any]) -> Thresholds:
    """The thresholds with a clinic's own values; numbers may come as strings.

    Raises ValueError that names the first key that is unknown, of the wrong type or out of range, or
    the lower of two limits that leave nothing between them.
    """
    changed = replace(thresholds, **{name: _checked(name, value) for name, value in values.items()})
    for lower, upper in RANGES:
        low, high = getattr(changed, lower), getattr(changed, upper)
        if low > high:
            raise ValueError(f"{lower}: must not be above {upper} ({low} > {high})")
    return changed


def _checked(name: str, value: Any) -> Any:
    if name not in _TYPES or name == "version":
        raise ValueError(f"{name}: not a threshold")
    wanted = _TYPES[name]
    if wanted is bool:
        if not isinstance(value, bool):
            raise ValueError(f"{name}: must be true or false")
        return value
    if wanted is str:
        if value not in CHOICES[name]:
            raise ValueError(f"{name}: must be one of {', '.join(CHOICES[name])}")
        return value
    return _number(name, value, wanted)


def allowed_range(name: str) -> tuple[Decimal, Decimal] | None:
    """The lowest and highest value that a clinic may set; None for what is no number."""
    wanted = _TYPES[name]
    if wanted in (bool, str):
        return None
    lowest, highest = _numeric_range(name)
    return (lowest.to_integral_value(ROUND_CEILING), highest) if wanted is int else (lowest, highest)


def _numeric_range(name: str) -> tuple[Decimal, Decimal]:
    default = Decimal(getattr(STUDY, name))
    lowest, highest = sorted((default / WIDEST_FACTOR, default * WIDEST_FACTOR))
    return _NARROWER.get(name, (lowest, highest))


def _number(name: str, value: Any, wanted: type) -> Any:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{name}: must be a number") from None
    lowest, highest = _numeric_range(name)
    if isinstance(value, bool) or not number.is_finite() or not lowest <= number <= highest:
        raise ValueError(f"{name}: must be a number from {lowest} to {highest}")
    if wanted is int and number != number.to_integral_value():
        raise ValueError(f"{name}: must be a whole number")
    return wanted(number)
