"""Results as laboratories print them and people type them: spellings of units, bounds, ranges, words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.analytes import ANALYTES
from patients.rules.typed_result import as_printed, parse_result
from patients.rules.unit_names import PRINTED, unit_named
from patients.rules.units import EntryError, Quantity, check_range, to_canonical

QUANTITIES = [row for row in ANALYTES.values() if row.is_quantity]


def refusal(analyte: str, text: str) -> str:
    with pytest.raises(EntryError) as refused:
        parse_result(analyte, text)
    return refused.value.message.text % refused.value.message.values


@pytest.mark.parametrize(
    ("analyte", "text", "unit"),
    [
        ("platelets", "×10⁴/µl", "10*4/uL"),
        ("platelets", "x10^4/μL", "10*4/uL"),
        ("platelets", "10**4/uL", "10*4/uL"),
        ("platelets", "万/µL", "10*4/uL"),
        ("platelets", "万／μｌ", "10*4/uL"),
        ("platelets", "× 10e3 / mm³", "10*3/uL"),
        ("platelets", "K/uL", "10*3/uL"),
        ("platelets", "k/mcL", "10*3/uL"),
        ("platelets", "×10³/µL", "10*3/uL"),
        ("platelets", "/nL", "10*3/uL"),
        ("platelets", "Tsd./µl", "10*3/uL"),
        ("platelets", "G/L", "10*9/L"),
        ("platelets", "Gpt/l", "10*9/L"),
        ("platelets", "10E9/L", "10*9/L"),
        ("wbc", "/mm3", "/uL"),
        ("wbc", "個/μL", "/uL"),
        ("wbc", "×10²/µL", "10*2/uL"),
        ("haemoglobin", "G/L", "g/L"),
        ("creatinine", "μmol/L", "umol/L"),
        ("creatinine", "µmol/l", "umol/L"),
        ("creatinine", "UMOL/L", "umol/L"),
        ("c3", "mg／dl", "mg/dL"),
        ("c3", "㎎/㎗", "mg/dL"),
        ("upcr", "g/gCr", "g/g{creat}"),
        ("upcr", "g/g・Cr", "g/g{creat}"),
        ("upcr", "mg/mg", "g/g{creat}"),
        ("upcr", "mg/g Cr", "mg/g"),
        ("upcr", "mg/mmolCr", "mg/mmol"),
        ("ck", "IU/L", "U/L"),
        ("ck", "μkat/L", "ukat/L"),
        ("dsdna", "IU/mL", "[IU]/mL"),
        ("dsdna", "kIU/L", "k[IU]/L"),
        ("ch50", "CH50/mL", "U/mL"),
        ("urine_rbc", "/HPF", "/[HPF]"),
        ("urine_rbc", "個/HPF", "/[HPF]"),
        ("urine_rbc", "／視野", "/[HPF]"),
        ("haematocrit", "％", "%"),
        ("potassium", "mEq/L", "meq/L"),
        ("qtc", "msec", "ms"),
    ],
)
def test_spellings_of_a_unit(analyte: str, text: str, unit: str) -> None:
    assert unit_named(analyte, text) == unit
    assert parse_result(analyte, f"5 {text}").unit == unit


@pytest.mark.parametrize("row", QUANTITIES, ids=lambda row: row.key)
def test_each_unit_is_found_by_its_code_and_as_it_is_printed(row) -> None:
    for code in row.units:
        assert unit_named(row.key, code) == code
        found = unit_named(row.key, PRINTED.get(code, code))
        assert to_canonical(row.key, Decimal(1), found) == to_canonical(row.key, Decimal(1), code)


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [("c3", "g/dL"), ("wbc", "×10³"), ("platelets", "10^5/uL"), ("lymphocytes", "%"), ("ck", "U"),
     ("tacrolimus_trough", "ug/mL"), ("dsdna", "U"), ("potassium", "mg/dL"), ("haemoglobin", "×10⁹/l")],
)  # fmt: skip
def test_a_unit_that_is_none_of_the_analyte_is_refused_with_those_that_are(analyte: str, unit: str) -> None:
    said = refusal(analyte, f"5 {unit}")
    assert said.startswith(f"This unit does not fit: {unit}. Use ")
    assert PRINTED.get(ANALYTES[analyte].unit, ANALYTES[analyte].unit) in said


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [("5103/uL", "5103", "/uL"), ("21.3×10⁴/µl", "21.3", "10*4/uL"), ("10 10^3/ul", "10", "10*3/uL"),
     ("110/uL", "110", "/uL"), ("21.3 x 10^4 / uL", "21.3", "10*4/uL")],
)  # fmt: skip
def test_a_power_is_the_units_only_where_it_is_set_apart(text: str, number: str, unit: str) -> None:
    typed = parse_result("platelets", text)
    assert (typed.quantity, typed.unit) == (Quantity("", Decimal(number)), unit)


@pytest.mark.parametrize("text", ["210^3/uL", "10⁴", "7.4.1", "1 234", "abc", "5–", "≥", "<5–9", "5–9–12"])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    assert "number" in refusal("urine_rbc", text)


@pytest.mark.parametrize(
    ("text", "comparator", "value", "high"),
    [
        ("5-9", "", "5", "9"),
        ("5–9 /HPF", "", "5", "9"),
        ("5~9", "", "5", "9"),
        ("5〜9", "", "5", "9"),
        ("５～９", "", "5", "9"),
        ("5 − 9/HPF", "", "5", "9"),
        ("0-1", "", "0", "1"),
        ("≥100", "≥", "100", None),
        (">= 100 /HPF", "≥", "100", None),
        ("100以上/HPF", "≥", "100", None),
        ("≦4", "≤", "4", None),
        ("1未満", "<", "1", None),
        (">100", ">", "100", None),
    ],
)
def test_ranges_and_bounds(text: str, comparator: str, value: str, high: str | None) -> None:
    expected = Quantity(comparator, Decimal(value), None if high is None else Decimal(high))
    assert parse_result("urine_rbc", text).quantity == expected


@pytest.mark.parametrize("text", ["numerous", "Numerous /HPF", "TNTC", "多数", "無数/HPF"])
def test_numerous_cells_are_a_bound_and_stay_a_word(text: str) -> None:
    quantity = parse_result("urine_rbc", text).quantity
    assert (quantity.comparator, quantity.value, quantity.digits) == (">", 50, "numerous")


def test_a_range_goes_from_its_lower_to_its_higher_end() -> None:
    assert "lower end first" in refusal("urine_rbc", "9-5")


def test_only_cells_in_urine_are_counted_in_ranges() -> None:
    assert "Only cells in urine" in refusal("potassium", "4.2-6.1")


def test_a_range_is_not_a_negative_number() -> None:
    assert "below zero" in refusal("urine_rbc", "-5")


@given(st.sampled_from(["urine_rbc", "platelets", "c3", "hba1c"]), st.text(max_size=16))
def test_whatever_is_typed_is_taken_or_refused(analyte: str, text: str) -> None:
    try:
        found = parse_result(analyte, text)
    except EntryError as refused:
        assert refused.message.text % refused.message.values
    else:
        assert found.quantity is not None
        assert found.quantity.value >= 0


@pytest.mark.parametrize(
    ("analyte", "entered", "stored", "expected"),
    [
        ("wbc", "5200 /uL", ("5.2", None, ""), ("5200", "/uL")),
        ("creatinine", "62.0 umol/L", ("0.701357", None, ""), ("62.0", "umol/L")),
        ("creatinine", "<27 umol/L", ("0.305430", None, "<"), ("<27", "umol/L")),
        ("urine_rbc", "5–9 /[HPF]", ("5", "9", ""), ("5–9", "/[HPF]")),
        ("urine_rbc", "numerous /[HPF]", ("50", None, ">"), ("numerous", "/[HPF]")),
        ("urine_rbc", "5–9 /[HPF]", ("5", None, ""), None),
        ("wbc", "5200 /uL", ("5.3", None, ""), None),
        ("wbc", "5200 /uL", ("5.2", None, "<"), None),
        ("wbc", "5.2", ("5.2", None, ""), None),
        ("wbc", "as told", ("5.2", None, ""), None),
        ("gone", "5.2 x", ("5.2", None, ""), None),
    ],
)
def test_the_printed_digits_are_shown_only_where_they_say_what_is_stored(
    analyte: str, entered: str, stored: tuple[str, str | None, str], expected: tuple[str, str] | None
) -> None:
    value, high, comparator = stored
    end = None if high is None else Decimal(high)
    assert as_printed(analyte, entered, Decimal(value), end, comparator) == expected


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("negative", "negative"), ("Neg.", "negative"), ("(−)", "negative"), ("（－）", "negative"),
        ("陰性", "negative"), ("not detected", "negative"), ("検出せず", "negative"),
        ("<20 IU/mL, not detected", "negative"), ("<1.0 LogIU/mL 検出せず", "negative"),
        ("positive", "positive"), ("(+)", "positive"), ("陽性", "positive"), ("detected", "positive"),
        ("indeterminate", "indeterminate"), ("判定保留", "indeterminate"),
    ],
)  # fmt: skip
def test_words_beside_numbers(text: str, finding: str) -> None:
    typed = parse_result("hbv_dna", text)
    assert (typed.finding, typed.quantity) == (finding, None)


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("35 IU/mL", "", "35", "[IU]/mL"),
        ("<20", "<", "20", ""),
        ("<20 detected", "<", "20", ""),
        ("<1.3 log IU/mL (detected)", "<", "1.3", "log10[IU]/mL"),
        ("2.1 LogIU/mL", "", "2.1", "log10[IU]/mL"),
        ("9.0 log10 IU/ml以上", "≥", "9.0", "log10[IU]/mL"),
    ],
)
def test_a_viral_load(text: str, comparator: str, value: str, unit: str) -> None:
    typed = parse_result("hbv_dna", text)
    assert (typed.quantity, typed.unit) == (Quantity(comparator, Decimal(value)), unit)


def test_a_number_that_was_not_detected_contradicts_itself() -> None:
    assert refusal("hbv_dna", "120 not detected")


@pytest.mark.parametrize("text", ["negative", "(-)", "陽性"])
def test_what_is_only_a_number_has_no_words(text: str) -> None:
    assert refusal("potassium", text)


@pytest.mark.parametrize("text", ["99 log IU/mL", "999999999 log IU/mL"])
def test_a_logarithm_beyond_all_loads_is_impossible_not_an_error(text: str) -> None:
    typed = parse_result("hbv_dna", text)
    assert check_range("hbv_dna", to_canonical("hbv_dna", typed.quantity.value, typed.unit)) == "impossible"
