"""The laboratory catalogue against the table of codes and units; ranges that make sense."""

from decimal import Decimal

import pytest

from patients.rules.analyte import NEGATIVE_POSITIVE
from patients.rules.analytes import ANALYTES

# Codes and canonical units as verified in public tables; nothing may be added from memory.
CODES = {
    "tacrolimus_trough": ("77348-1", "ng/mL"),
    "c3": ("4485-9", "mg/dL"),
    "c4": ("4498-2", "mg/dL"),
    "dsdna": ("5130-0", "[IU]/mL"),
    "creatinine": ("2160-0", "mg/dL"),
    "upcr": ("2890-2", "g/g{creat}"),
    "urine_rbc": ("13945-1", "/[HPF]"),
    "urine_wbc": ("5821-4", "/[HPF]"),
    "ck": ("2157-6", "U/L"),
    "potassium": ("2823-3", "mmol/L"),
    "glucose": ("2345-7", "mg/dL"),
    "hba1c": ("4548-4", "%"),
    "wbc": ("6690-2", "10*3/uL"),
    "haemoglobin": ("718-7", "g/dL"),
    "platelets": ("777-3", "10*3/uL"),
    "lymphocytes": ("731-0", "10*3/uL"),
    "haematocrit": ("4544-3", "%"),
    "crp": ("1988-5", "mg/L"),
    "albumin": ("1751-7", "g/dL"),
    "ast": ("1920-8", "U/L"),
    "alt": ("1742-6", "U/L"),
    "urate": ("3084-1", "mg/dL"),
    "magnesium": ("19123-9", "mg/dL"),
    "sodium": ("2951-2", "mmol/L"),
}
WITHOUT_CODE = {
    "ch50", "urine_protein", "urine_creatinine", "urine_casts", "ana", "antiphospholipid", "hbsag",
    "anti_hbc", "anti_hbs", "hbv_dna", "hcv", "tb_screen", "pregnancy_test", "chest_xray", "qtc",
    "lupus_anticoagulant", "anticardiolipin_igg", "anticardiolipin_igm", "anti_b2gpi_igg", "anti_b2gpi_igm",
    "igg", "kl6", "beta_d_glucan", "urine_protein_dipstick", "urine_protein_24h", "acr", "cystatin_c",
    "calcium", "phosphate", "bilirubin", "alp", "ggt", "ldh", "haptoglobin", "ldl", "triglycerides",
    "neutrophils", "reticulocytes", "reticulocyte_count", "direct_coombs", "schistocytes", "hcv_rna",
}  # fmt: skip


def test_the_catalogue_holds_these_analytes_and_no_others() -> None:
    assert set(ANALYTES) == CODES.keys() | WITHOUT_CODE


@pytest.mark.parametrize("key", sorted(CODES))
def test_codes_and_units_are_those_of_the_table(key: str) -> None:
    assert (ANALYTES[key].loinc, ANALYTES[key].unit) == CODES[key]


@pytest.mark.parametrize("key", sorted(WITHOUT_CODE))
def test_what_could_not_be_verified_has_no_code(key: str) -> None:
    assert ANALYTES[key].loinc == ""


def test_other_codes_of_a_tacrolimus_level_are_accepted() -> None:
    assert ANALYTES["tacrolimus_trough"].accepted_loinc == ("11253-2", "74097-7", "74096-9")


def test_only_a_tacrolimus_level_goes_to_the_levels_page() -> None:
    assert [row.key for row in ANALYTES.values() if row.goes_to_levels] == ["tacrolimus_trough"]


def test_what_needs_its_method_has_no_limits_here() -> None:
    """Methods have limits of their own, so the catalogue has none; and no unit changes them."""
    asked = [row for row in ANALYTES.values() if row.method_required]
    assert {row.key for row in asked} == {
        "dsdna", "kl6", "beta_d_glucan", "anticardiolipin_igg", "anticardiolipin_igm", "anti_b2gpi_igg",
        "anti_b2gpi_igm",
    }  # fmt: skip
    for row in asked:
        assert row.reference_low is row.reference_high is None
        assert all(conversion(Decimal(7)) == 7 for conversion in row.conversions.values())


def test_the_study_range_of_c3() -> None:
    c3 = ANALYTES["c3"]
    assert (c3.reference_low, c3.reference_high) == (86, 160)
    assert "study" in c3.reference_source


QUANTITIES = [row for row in ANALYTES.values() if row.is_quantity]


@pytest.mark.parametrize("row", QUANTITIES, ids=lambda row: row.key)
def test_ranges_lie_one_inside_the_other(row) -> None:
    lows = [row.impossible_below, row.concerning_below, row.reference_low]
    highs = [row.reference_high, row.concerning_above, row.impossible_above]
    edges = [edge for edge in (*lows, *highs) if edge is not None]
    assert edges == sorted(edges)
    assert row.impossible_below is not None
    assert row.impossible_below >= 0
    assert row.impossible_above is not None


@pytest.mark.parametrize("row", QUANTITIES, ids=lambda row: row.key)
def test_a_reference_range_names_its_source(row) -> None:
    has_range = row.reference_low is not None or row.reference_high is not None
    assert bool(row.reference_source) is has_range


def test_an_unchecked_range_says_so() -> None:
    unchecked = [row for row in QUANTITIES if row.reference_source and row.key != "c3"]
    assert all("[M]" in row.reference_source for row in unchecked)


def test_findings_have_no_unit_and_quantities_have_one() -> None:
    for row in ANALYTES.values():
        assert bool(row.unit) is row.is_quantity
        assert row.findings or row.is_quantity
        assert set(row.wording) <= set(row.findings)


@pytest.mark.parametrize(
    ("key", "findings"),
    [
        ("hbsag", NEGATIVE_POSITIVE),
        ("pregnancy_test", ("negative", "positive", "indeterminate")),
        ("urine_casts", ("absent", "present")),
        ("chest_xray", ("normal", "abnormal")),
        ("urine_protein_dipstick", ("negative", "±", "1+", "2+", "3+", "4+")),
        ("schistocytes", ("absent", "present")),
        ("hbv_dna", ("negative", "positive", "indeterminate")),
    ],
)
def test_what_a_finding_can_say(key: str, findings: tuple[str, ...]) -> None:
    assert ANALYTES[key].findings == findings


def test_labels_tell_analytes_apart() -> None:
    assert len({row.label for row in ANALYTES.values()}) == len(ANALYTES)
    assert all(row.label and row.group for row in ANALYTES.values())


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("c3", "74.7 86.4"), ("dsdna", "39.6 24.8"), ("upcr", "0.31 1.85"), ("creatinine", "0.72 0.78"),
        ("ck", "153 90"), ("potassium", "4.2 5.1"), ("platelets", "210 100"), ("wbc", "3.0 8.0"),
    ],
)  # fmt: skip
def test_values_of_patients_like_those_of_the_study_are_taken_unasked(key: str, values: str) -> None:
    row = ANALYTES[key]
    for value in map(Decimal, values.split()):
        assert row.concerning_below is None or value >= row.concerning_below
        assert row.concerning_above is None or value <= row.concerning_above
