"""Typed numbers and units: taken as meant, or refused with what would be right."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.analytes import ANALYTES
from patients.rules.units import EntryError, Quantity, check_range, parse_quantity, to_canonical


def refusal(text: str) -> str:
    with pytest.raises(EntryError) as refused:
        parse_quantity(text)
    message = refused.value.message
    return message.text % message.values


@pytest.mark.parametrize(
    ("text", "comparator", "value"),
    [
        ("7.4", "", "7.4"),
        ("0", "", "0"),
        (" 86 ", "", "86"),
        ("<2", "<", "2"),
        ("< 0.5", "<", "0.5"),
        (">1000", ">", "1000"),
        ("７．４", "", "7.4"),
        ("＜２", "<", "2"),
        ("８６\u3000", "", "86"),
        ("007", "", "7"),
        ("123456789.123456", "", "123456789.123456"),
    ],
)
def test_numbers_as_people_type_them(text: str, comparator: str, value: str) -> None:
    assert parse_quantity(text) == Quantity(comparator, Decimal(value))


def test_entered_precision_is_kept() -> None:
    assert str(parse_quantity("7.40").value) == "7.40"


@pytest.mark.parametrize(
    ("text", "right"), [("7,4", "7.4"), ("7，4", "7.4"), ("<0,12", "<0.12"), ("0,125", "0.125")]
)
def test_a_decimal_comma_is_refused_with_the_right_form(text: str, right: str) -> None:
    assert refusal(text) == f"Write the decimal with a point: {right}"


def test_a_comma_that_can_be_a_thousand_is_never_guessed() -> None:
    said = refusal("1,240")
    assert "1240" in said
    assert "1.240" in said


@pytest.mark.parametrize("text", ["-1", "−1", "－１", "- 0.5"])
def test_a_negative_result_is_refused_as_such(text: str) -> None:
    assert "below zero" in refusal(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "7.4 mg", "7.", ".4", "1e3", "nan", "inf", "+7", "7.4.1", "1,234,567", "1 234", "<",
     "<<2", "≤2", "1/2", "0x10", "7..4", "1234567890", "0.1234567", "١٢", "½"],
)  # fmt: skip
def test_anything_else_is_no_number(text: str) -> None:
    assert "not a number" in refusal(text)


@pytest.mark.parametrize("text", ["10⁴", "5.2×10³", "7²", "①", "H₂"])
def test_a_power_or_ornament_is_never_read_as_a_digit(text: str) -> None:
    assert "not a number" in refusal(text)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_taken_or_refused(text: str) -> None:
    try:
        found = parse_quantity(text)
    except EntryError as refused:
        assert refused.message.text % refused.message.values
    else:
        assert found.value.is_finite()
        assert found.value >= 0


FULL_WIDTH = str.maketrans("0123456789.<>", "０１２３４５６７８９．＜＞")


@given(st.sampled_from(["", "<", ">"]), st.decimals(0, 99999, places=3))
def test_full_width_means_the_same(comparator: str, value: Decimal) -> None:
    text = f"{comparator}{value}"
    assert parse_quantity(text.translate(FULL_WIDTH)) == parse_quantity(text) == Quantity(comparator, value)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("c3", "0.86", "g/L", "86"),
        ("c4", "0.12", "g/L", "12"),
        ("creatinine", "88.4", "umol/L", "1.000000"),
        ("creatinine", "53", "umol/L", "0.599548"),
        ("upcr", "500", "mg/g", "0.5"),
        ("glucose", "5.551", "mmol/L", "100.000000"),
        ("crp", "0.3", "mg/dL", "3"),
        ("potassium", "4.2", "meq/L", "4.2"),
        ("tacrolimus_trough", "7.4", "ug/L", "7.4"),
        ("tacrolimus_trough", "10", "nmol/L", "8.0402"),
    ],
)
def test_conversions(analyte: str, value: str, unit: str, expected: str) -> None:
    """Factors of the table of codes and units; creatinine 53/88.4 and glucose 1/0.05551 by hand."""
    assert to_canonical(analyte, Decimal(value), unit) == Decimal(expected)


def test_the_canonical_unit_keeps_the_number_as_it_is() -> None:
    assert str(to_canonical("upcr", Decimal("0.20"), "g/g{creat}")) == "0.20"


@pytest.mark.parametrize(
    ("analyte", "unit", "fitting"),
    [
        ("tacrolimus_trough", "ug/mL", "ng/ml, µg/l, nmol/l"),
        ("c3", "kg/L", "mg/dl, g/l, mg/l"),
        ("potassium", "mg/dL", "mmol/l, mEq/l"),
        ("creatinine", "", "mg/dl, µmol/l"),
        ("creatinine", "MG/DL", "mg/dl, µmol/l"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused_with_those_that_do(
    analyte: str, unit: str, fitting: str
) -> None:
    with pytest.raises(EntryError) as refused:
        to_canonical(analyte, Decimal(1), unit)
    message = refused.value.message
    assert fitting in message.text % message.values


def test_an_accepted_unit_is_listed_once() -> None:
    for analyte in ANALYTES.values():
        assert len(set(analyte.units)) == len(analyte.units)


@pytest.mark.parametrize(
    ("analyte", "value", "found"),
    [
        ("c3", "8600", "impossible"),
        ("c3", "-1", "impossible"),
        ("c3", "0.86", "impossible"),
        ("c3", "300", "concerning"),
        ("c3", "71", ""),
        ("c3", "86", ""),
        ("potassium", "6.2", "concerning"),
        ("potassium", "42", "impossible"),
        ("wbc", "5200", "impossible"),
        ("platelets", "21", "concerning"),
        ("creatinine", "62", "impossible"),
        ("upcr", "310", "impossible"),
        ("ck", "1240", "concerning"),
        ("dsdna", "0", ""),
    ],
)
def test_impossible_is_kept_apart_from_concerning(analyte: str, value: str, found: str) -> None:
    """A value in another unit (C3 in g/L, white cells per µl, creatinine in µmol/l) is impossible here."""
    assert check_range(analyte, Decimal(value)) == found


@pytest.mark.parametrize(
    ("value", "found"), [("500", "concerning"), ("500.1", "impossible"), ("1", "concerning")]
)
def test_the_edges_of_the_possible_are_possible(value: str, found: str) -> None:
    assert check_range("c3", Decimal(value)) == found
