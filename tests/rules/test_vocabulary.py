"""Statements, findings and the limits of measurements: the codes that other parts rely on."""

from decimal import Decimal

import pytest

from patients.rules.findings import MUSCLE_SYMPTOMS, OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.statements import KINDS
from patients.rules.thresholds import SLEDAI_2K


def test_the_six_trigger_symptoms_of_the_study() -> None:
    assert list(SYMPTOMS) == ["headache", "arthritis", "rash", "alopecia", "mucosal_ulcers", "fever"]


def test_organ_disease_that_sledai_has_no_item_for() -> None:
    """Specification 2.5; platelets and kidney function come from the laboratory."""
    assert set(ORGAN_FINDINGS) == {
        "myocarditis", "interstitial_lung_disease", "pulmonary_hypertension", "alveolar_haemorrhage",
        "haemolytic_anaemia", "gut_vasculitis_or_pancreatitis", "thrombotic_microangiopathy",
    }  # fmt: skip


def test_what_else_a_visit_asks() -> None:
    assert set(OBSERVATIONS) == {
        "muscle_pain", "muscle_weakness", "dark_urine", "tremor", "visual_disturbance", "confusion",
        "gastrointestinal_symptoms", "adrenal_symptoms", "infection", "serious_infection", "hospital_stay",
    }  # fmt: skip
    assert set(MUSCLE_SYMPTOMS) == {"muscle_pain", "muscle_weakness", "dark_urine"}


def test_a_code_means_one_thing_only() -> None:
    codes = [*SYMPTOMS, *ORGAN_FINDINGS, *OBSERVATIONS]
    labels = [*SYMPTOMS.values(), *ORGAN_FINDINGS.values(), *OBSERVATIONS.values()]
    assert len(set(codes)) == len(codes)
    assert len(set(labels)) == len(labels)
    assert all(code.isidentifier() and label for code, label in zip(codes, labels, strict=True))


def test_the_statements_that_rules_ask_for() -> None:
    assert set(KINDS) >= {
        "pregnant", "breastfeeding", "childbearing_potential", "tacrolimus_hypersensitivity",
        "calcineurin_inhibitor_serious_reaction", "live_vaccine", "hepatitis_b_vaccinated",
        "hepatitis_b_plan", "malignancy", "long_qt_syndrome", "cardiac_disease", "diabetes",
        "hydroxychloroquine_not_suitable", "steroid_insufficient_or_not_tolerated",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["pregnant", "breastfeeding", "childbearing_potential"])
def test_what_only_women_are_asked(kind: str) -> None:
    assert KINDS[kind].only_for_sex == "F"


def test_everyone_is_asked_the_rest() -> None:
    asked = {kind.key for kind in KINDS.values() if not kind.only_for_sex}
    assert asked == KINDS.keys() - {"pregnant", "breastfeeding", "childbearing_potential"}


@pytest.mark.parametrize(
    ("kind", "dated"), [("live_vaccine", True), ("malignancy", True), ("diabetes", False)]
)
def test_an_event_is_dated_where_a_rule_needs_the_date(kind: str, dated: bool) -> None:
    assert bool(KINDS[kind].event) is dated


def test_every_statement_is_a_question_of_its_own() -> None:
    assert all(kind.key == key and kind.question.endswith("?") for key, kind in KINDS.items())
    assert len({kind.question for kind in KINDS.values()}) == len(KINDS)


def test_the_limits_of_sledai() -> None:
    """SLEDAI-2K: 5 cells per field, 0.5 g, 100 and 3.0 x 10*9/l, 38 °C, two joints."""
    assert SLEDAI_2K.urine_cells_per_field == 5
    assert SLEDAI_2K.upcr_g_per_g == Decimal("0.5")
    assert SLEDAI_2K.platelets_10e3_per_ul == 100
    assert SLEDAI_2K.leukocytes_10e3_per_ul == 3
    assert SLEDAI_2K.fever_c == 38
    assert SLEDAI_2K.inflamed_joints == 2
