"""The thresholds of the criteria: the specification's numbers, and what a clinic may put in their place."""

from decimal import Decimal
from typing import Any

import pytest

from dosing.rules.thresholds import STUDY, override

# Clinical specification, section 2.
NUMBERS = {
    "maintenance_years": 1, "stable_days": 90, "washout_months": 1, "rituximab_caution_months": 6,
    "visit_max_age_days": 30, "comparator_min_days": 14, "comparator_max_days": 180,
    "laboratory_max_age_days": 30, "fever_c": Decimal("38.0"), "inflamed_joints": 2,
    "c3_lower_limit_mg_dl": Decimal(86), "c3_max_age_days": 14, "c3_baseline_values": 3,
    "c3_baseline_max_days": 365, "c3_baseline_min_days": 14,
    "c3_biological_variation_percent": Decimal("5.2"), "c3_analytical_variation_percent": Decimal(3),
    "c3_unclear_fall_percent": Decimal(-10), "c3_confirmation_min_days": 14, "c3_confirmation_max_days": 42,
    "c3_confirmation": True, "c3_rule": "reference_change_value", "upcr_g_per_g": Decimal("0.5"),
    "upcr_mild_g_per_g": Decimal("1.0"), "mild_renal_stable_days": 90, "allow_mild_renal": False,
    "platelets_10e3_per_ul": Decimal(60), "egfr_ml_min_173": Decimal(45),
    "creatinine_rise_percent": Decimal(30), "acr_1997_criteria": 4, "eular_acr_2019_points": 10,
    "sledai_caution_above": 12,
    "severe_symptom_grade": 3, "adherence_percent": 80,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), NUMBERS.items())
def test_the_default_is_the_specifications(name: str, value: object) -> None:
    assert getattr(STUDY, name) == value


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("stable_days", 120, 120),
        ("stable_days", "120", 120),
        ("c3_lower_limit_mg_dl", "73", Decimal(73)),
        ("c3_analytical_variation_percent", 2.5, Decimal("2.5")),
        ("c3_unclear_fall_percent", "-12", Decimal(-12)),
        ("c3_confirmation", False, False),
        ("allow_mild_renal", True, True),
        ("c3_rule", "simple", "simple"),
    ],
)
def test_a_clinics_own_value(name: str, value: Any, kept: object) -> None:
    changed = override(STUDY, {name: value})
    assert getattr(changed, name) == kept
    assert type(getattr(changed, name)) is type(getattr(STUDY, name))
    assert override(changed, {name: getattr(STUDY, name)}) == STUDY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stable_dayz", 90),
        ("version", "mine"),
        ("stable_days", 0),
        ("stable_days", -90),
        ("stable_days", 8),
        ("stable_days", 901),
        ("stable_days", 10**30),
        ("stable_days", "90.5"),
        ("stable_days", "NaN"),
        ("stable_days", "sNaN"),
        ("stable_days", "Infinity"),
        ("stable_days", "1e999999"),
        ("stable_days", "ninety"),
        ("stable_days", ""),
        ("stable_days", None),
        ("stable_days", True),
        ("stable_days", [90]),
        ("maintenance_years", 11),
        ("c3_lower_limit_mg_dl", 8600),
        ("c3_unclear_fall_percent", 10),
        ("c3_confirmation", "no"),
        ("c3_confirmation", 0),
        ("c3_rule", "any"),
        ("c3_rule", None),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name}: "):
        override(STUDY, {"visit_max_age_days": 28, name: value})


@pytest.mark.parametrize(
    ("lower", "upper", "both"),
    [
        ("comparator_min_days", "comparator_max_days", 30),
        ("c3_baseline_min_days", "c3_baseline_max_days", 60),
        ("c3_confirmation_min_days", "c3_confirmation_max_days", 21),
        ("upcr_g_per_g", "upcr_mild_g_per_g", Decimal("0.7")),
    ],
)
def test_two_limits_of_one_range_may_meet_but_not_cross(lower: str, upper: str, both: Any) -> None:
    met = override(STUDY, {lower: both, upper: both})
    assert getattr(met, lower) == getattr(met, upper) == both
    with pytest.raises(ValueError, match=f"^{lower}: must not be above {upper}"):
        override(STUDY, {lower: both + 1, upper: both})
    with pytest.raises(ValueError, match=f"^{lower}: "):
        override(met, {lower: both + 1})
