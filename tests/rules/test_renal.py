"""Kidney equations against vectors of independent programs."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.renal import egfr_ckd_epi_2021, egfr_japan

VECTORS = json.loads((Path(__file__).parent / "vectors" / "clinical.json").read_text())["egfr"]
CREATININE = st.floats(0.2, 15)
AGE = st.integers(18, 100)
SEX = st.sampled_from(["F", "M"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['cr']}-{v['age']}-{v['sex']}")
def test_vectors(vector: dict) -> None:
    facts = (vector["cr"], vector["age"], vector["sex"])
    assert egfr_japan(*facts) == pytest.approx(vector["jp"], abs=0.0006)
    assert egfr_ckd_epi_2021(*facts) == pytest.approx(vector["ckdepi2021"], abs=0.0006)


@pytest.mark.parametrize(("age", "expected"), [(60, 59.9), (50, 63.1)])
def test_the_japanese_societys_table(age: int, expected: float) -> None:
    """Men with creatinine 1.00 mg/dl."""
    assert round(egfr_japan(1.00, age, "M"), 1) == expected


def test_a_decimal_means_the_same_as_a_float() -> None:
    assert egfr_japan(Decimal("0.72"), 44, "F") == pytest.approx(69.319, abs=0.0006)  # type: ignore[arg-type]


@pytest.mark.parametrize("equation", [egfr_japan, egfr_ckd_epi_2021])
@pytest.mark.parametrize(
    ("creatinine", "age", "sex", "said"),
    [(0, 44, "F", "positive"), (-0.7, 44, "F", "positive"), (float("nan"), 44, "F", "positive"),
     (0.7, 17, "F", "adults"), (0.7, 44, "f", "sex"), (0.7, 44, "", "sex")],
)  # fmt: skip
def test_what_the_equations_are_not_for(equation, creatinine: float, age: int, sex: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        equation(creatinine, age, sex)


@pytest.mark.parametrize("equation", [egfr_japan, egfr_ckd_epi_2021])
@given(CREATININE, AGE, SEX)
def test_more_creatinine_or_more_years_mean_a_lower_egfr(
    equation, creatinine: float, age: int, sex: str
) -> None:
    here = equation(creatinine, age, sex)
    assert here > 0
    assert equation(creatinine * 1.01, age, sex) < here
    assert equation(creatinine, age + 1, sex) < here


@pytest.mark.parametrize(("ratio", "fall"), [(1.3, -25.0), (1.5, -35.8)])
def test_what_a_rise_of_creatinine_means_by_the_japanese_equation(ratio: float, fall: float) -> None:
    """Specification 4.5: a 30 % rise is eGFR −25.0 %, a 50 % rise −35.8 %."""
    change = 100 * (egfr_japan(0.8 * ratio, 44, "F") / egfr_japan(0.8, 44, "F") - 1)
    assert round(change, 1) == fall
