"""The rules in words name the numbers that are in force, and every criterion has its words."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from dosing.rules.criteria import TITLES
from dosing.rules.explanations import explain
from dosing.rules.thresholds import RULE_SIMPLE, STUDY, Thresholds


def words(criterion: str, thresholds: Thresholds = STUDY) -> str:
    return " ".join(part.text % dict(part.values) for part in explain(criterion, thresholds))


# What the clinical specification, 2.2 to 2.5, says of each criterion.
SAID = (
    ("C0", "At least 4 of the 11 ACR 1997 criteria"),
    ("C0", "at least 10 points with one clinical criterion"),
    ("C1", "the anniversary itself is not enough"),
    ("C2", "each of the last 90 days"),
    ("C2", "two-day mean"),
    ("C3", "started, increased or infused in the last 90 days"),
    ("C4a", "the last dose at least 1 calendar month(s) ago"),
    ("C4b", "Within 6 months it is met with a caution"),
    ("C4c", "Ciclosporin, methotrexate, mycophenolate mofetil and azathioprine"),
    ("C5", "the same dose over the last 90 days"),
    ("C6", "14 to 180 days before it"),
    ("C6", "not older than 14 days"),
    ("C6", "86 mg/dl"),
    ("C6", "a second sample 14 to 42 days apart"),
    ("C7", "protein/creatinine up to 0.5 g/gCr"),
    ("C7", "platelets at least 60 ×10³/µl"),
    ("C7", "eGFR (CKD-EPI 2021) at least 45"),
    ("C7", "less than 30 %"),
)


@pytest.mark.parametrize(("criterion", "said"), SAID)
def test_as_the_specification_says(criterion: str, said: str) -> None:
    assert said in words(criterion)


@pytest.mark.parametrize("criterion", TITLES)
def test_every_criterion_has_whole_sentences(criterion: str) -> None:
    assert words(criterion).endswith(".") and "%(" not in words(criterion)


OWN = {
    "acr_1997_criteria": ("C0", 5),
    "eular_acr_2019_points": ("C0", 11),
    "maintenance_years": ("C1", 2),
    "stable_days": ("C2", 77),
    "drug_history_max_age_days": ("C3", 29),
    "washout_months": ("C4a", 3),
    "rituximab_caution_months": ("C4b", 9),
    "visit_max_age_days": ("C6", 28),
    "comparator_min_days": ("C6", 21),
    "comparator_max_days": ("C6", 200),
    "c3_max_age_days": ("C6", 13),
    "c3_lower_limit_mg_dl": ("C6", Decimal(73)),
    "c3_confirmation_min_days": ("C6", 15),
    "c3_confirmation_max_days": ("C6", 43),
    "upcr_g_per_g": ("C7", Decimal("0.4")),
    "platelets_10e3_per_ul": ("C7", Decimal(50)),
    "egfr_ml_min_173": ("C7", Decimal(44)),
    "creatinine_rise_percent": ("C7", Decimal(31)),
    "laboratory_max_age_days": ("C7", 27),
}


@pytest.mark.parametrize("name", OWN)
def test_a_clinics_own_number_is_the_one_that_is_said(name: str) -> None:
    criterion, own = OWN[name]
    assert name in {field.name for field in fields(Thresholds)}
    assert str(own) in words(criterion, replace(STUDY, **{name: own}))


def test_the_simple_rule_of_c3_needs_no_confirmation() -> None:
    simple = words("C6", replace(STUDY, c3_rule=RULE_SIMPLE))
    assert "lower than the value before" in simple and "second sample" not in simple


def test_without_confirmation_none_is_promised() -> None:
    assert "second sample" not in words("C6", replace(STUDY, c3_confirmation=False))


def test_an_unknown_criterion_is_an_error() -> None:
    with pytest.raises(KeyError):
        explain("C8", STUDY)
