"""CTCAE grades of laboratory values. Clinical specification 4.6; vectors from pharmaverse admiral's tests."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dosing.rules.ctcae import (
    Grade,
    cpk_increased,
    creatinine_increased,
    hyperkalaemia,
    qtc_prolonged,
)

VECTORS = json.loads((Path(__file__).parent / "vectors" / "clinical.json").read_text())
ULN = Decimal(40)


def number(value: object) -> Decimal:
    return Decimal(str(value))


@pytest.mark.parametrize(("value", "grade"), VECTORS["ctcae_cpk_uln40"].items())
def test_cpk_as_admiral_grades_it(value: str, grade: int) -> None:
    assert cpk_increased(Decimal(value), ULN) == Grade(grade)


@pytest.mark.parametrize(("value", "base", "grade"), VECTORS["ctcae_creat_uln40"])
def test_creatinine_as_admiral_grades_it(value: float, base: float, grade: int) -> None:
    assert creatinine_increased(number(value), ULN, number(base)) == Grade(grade)


def test_cpk_without_a_limit_cannot_be_graded() -> None:
    """4.6: "missing ULN -> NA"."""
    assert cpk_increased(Decimal(5000), None) is None


@pytest.mark.parametrize(
    ("value", "upper", "baseline", "grade"),
    [
        ("40", 40, None, None),  # "missing base with value <= ULN -> ungradable"
        ("500", None, 40, None),  # "missing ULN -> NA"
        ("41", 40, None, Grade(1, at_least=True)),
        ("61", 40, None, Grade(2, at_least=True)),
        ("121", 40, None, Grade(3)),  # only the upper limit makes it a 4
        ("241", 40, None, Grade(4)),
    ],
)
def test_creatinine_with_something_missing(
    value: str, upper: int | None, baseline: int | None, grade: Grade | None
) -> None:
    limits = [None if limit is None else Decimal(limit) for limit in (upper, baseline)]
    assert creatinine_increased(Decimal(value), *limits) == grade


def test_a_rise_of_30_percent_need_not_be_a_grade() -> None:
    """4.6: "30 % creatinine flag can be CTCAE grade 0-1: keep both"."""
    assert creatinine_increased(Decimal("0.78"), Decimal("0.79"), Decimal("0.60")) == Grade(0)


@pytest.mark.parametrize(
    ("value", "grade"), [("7.1", 4), ("7.0", 3), ("6.1", 3), ("6.0", 2), ("5.6", 2), ("5.5", 1), ("5.0", 0)]
)
def test_potassium(value: str, grade: int) -> None:
    """4.6: 7.1 is 4, 7.0 is 3, 6.0 is 2, 5.5 is 1 if above the upper limit; the limit here is 5.0."""
    assert hyperkalaemia(Decimal(value), Decimal("5.0")) == Grade(grade)


@pytest.mark.parametrize(("value", "grade"), [("5.5", None), ("5.6", Grade(2)), ("7.1", Grade(4))])
def test_potassium_needs_its_limit_for_grade_1_only(value: str, grade: Grade | None) -> None:
    assert hyperkalaemia(Decimal(value), None) == grade


@pytest.mark.parametrize(
    ("value", "baseline", "grade"),
    [
        (449, 420, Grade(0)),
        (450, 420, Grade(1)),
        (480, 430, Grade(1)),
        (481, 430, Grade(2)),
        (500, 450, Grade(2)),
        (501, 460, Grade(3)),
        (440, 380, Grade(0)),  # a rise of 60 is not more than 60
        (441, 380, Grade(3)),
        (449, None, Grade(0)),
        (455, None, Grade(1, at_least=True)),
        (490, None, Grade(2, at_least=True)),
        (510, None, Grade(3)),
    ],
)
def test_qtc(value: int, baseline: int | None, grade: Grade) -> None:
    """4.6 [M]: 450-480, 481-500, from 501 or more than 60 ms above the baseline."""
    assert qtc_prolonged(Decimal(value), None if baseline is None else Decimal(baseline)) == grade


values = some.decimals(min_value="0.1", max_value="1000", places=1)


@given(values, values, values, values)
def test_a_higher_value_never_has_a_lower_grade(
    a: Decimal, b: Decimal, upper: Decimal, base: Decimal
) -> None:
    low, high = sorted([a, b])
    for grade in (
        lambda value: creatinine_increased(value, upper, base),
        lambda value: cpk_increased(value, upper),
        lambda value: hyperkalaemia(value, upper),
        lambda value: qtc_prolonged(value, base),
    ):
        assert grade(low).number <= grade(high).number


@given(values, values, values)
def test_a_baseline_never_lowers_a_grade(value: Decimal, upper: Decimal, base: Decimal) -> None:
    without = creatinine_increased(value, upper, None)
    found = creatinine_increased(value, upper, base)
    assert found is not None
    assert without is None or found.number >= without.number
    assert without is None or without.at_least or found.number == without.number
