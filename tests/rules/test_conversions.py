"""Units against what is published: molar masses from atomic weights, tables of equations, printed pairs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.analytes import ANALYTES
from patients.rules.units import from_canonical, to_canonical

# IUPAC, abridged standard atomic weights 2021 (Pure Appl Chem 2022;94:573).
ATOMS = {
    "C": "12.011",
    "H": "1.008",
    "N": "14.007",
    "O": "15.999",
    "P": "30.974",
    "Mg": "24.305",
    "Ca": "40.078",
}
FORMULAS = {
    "creatinine": {"C": 4, "H": 7, "N": 3, "O": 1},
    "glucose": {"C": 6, "H": 12, "O": 6},
    "urate": {"C": 5, "H": 4, "N": 4, "O": 3},
    "bilirubin": {"C": 33, "H": 36, "N": 4, "O": 6},
    "magnesium": {"Mg": 1},
    "calcium": {"Ca": 1},
    "phosphate": {"P": 1},
    "ldl": {"C": 27, "H": 46, "O": 1},
    "triglycerides": {"C": 57, "H": 104, "O": 6},
    "tacrolimus_trough": {"C": 44, "H": 69, "N": 1, "O": 12},
}


def grams_per_mol(analyte: str) -> Decimal:
    return sum((Decimal(ATOMS[atom]) * count for atom, count in FORMULAS[analyte].items()), Decimal(0))


@pytest.mark.parametrize("analyte", sorted(FORMULAS.keys() & ANALYTES.keys() - {"tacrolimus_trough"}))
def test_amounts_of_substance_by_molar_mass(analyte: str) -> None:
    """A millimole in a litre is a tenth of the molar mass in milligrams in a decilitre."""
    unit, litre = ("umol/L", 1000) if "umol/L" in ANALYTES[analyte].units else ("mmol/L", 1)
    found = to_canonical(analyte, Decimal(10) * litre, unit)
    assert found == pytest.approx(grams_per_mol(analyte), rel=Decimal("0.0003"))


def test_tacrolimus_by_molar_mass() -> None:
    """Nanomoles in a litre to nanograms in a millilitre."""
    assert to_canonical("tacrolimus_trough", Decimal(1000), "nmol/L") == pytest.approx(
        grams_per_mol("tacrolimus_trough"), rel=Decimal("0.0001")
    )


@pytest.mark.parametrize("analyte", ["magnesium", "calcium"])
def test_two_equivalents_are_a_mole_of_a_divalent_ion(analyte: str) -> None:
    assert to_canonical(analyte, Decimal(2), "meq/L") == to_canonical(analyte, Decimal(1), "mmol/L")


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        # Powers of ten of one count.
        ("platelets", "21.3", "10*4/uL", "213"),
        ("platelets", "213", "10*9/L", "213"),
        ("platelets", "213000", "/uL", "213"),
        ("wbc", "5200", "/uL", "5.2"),
        ("wbc", "52", "10*2/uL", "5.2"),
        ("wbc", "5.2", "10*9/L", "5.2"),
        ("lymphocytes", "800", "/uL", "0.8"),
        ("haemoglobin", "128", "g/L", "12.8"),
        ("haematocrit", "0.38", "L/L", "38"),
        ("albumin", "45", "g/L", "4.5"),
        ("c3", "0.86", "g/L", "86"),
        ("c4", "120", "mg/L", "12"),
        ("crp", "0.3", "mg/dL", "3"),
        ("qtc", "0.42", "s", "420"),
        ("upcr", "500", "mg/g", "0.5"),
        ("sodium", "140", "meq/L", "140"),
        ("dsdna", "12.5", "k[IU]/L", "12.5"),
        # CGPM 1999: 1 U is 1 µmol in a minute, 1 kat 1 mol in a second.
        ("ck", "2.55", "ukat/L", "153"),
        ("ast", "500", "nkat/L", "30"),
        # Creatinine 88.4 µmol/l is 1 mg/dl; so 1 mg/mmol is 0.00884 g/g.
        ("creatinine", "88.4", "umol/L", "1"),
        ("creatinine", "0.0884", "mmol/L", "1"),
        ("upcr", "100", "mg/mmol", "0.884"),
        ("upcr", "0.1", "g/mmol", "0.884"),
        ("urine_creatinine", "8.84", "mmol/L", "100"),
        ("glucose", "5.551", "mmol/L", "100"),
        ("potassium", "4.2", "meq/L", "4.2"),
        # KDIGO 2012 gives an albumin of 30 mg/g as about 3 mg/mmol: 26.52 by 88.4.
        ("acr", "3", "mg/mmol", "26.52"),
        ("neutrophils", "4100", "/uL", "4.1"),
        ("reticulocytes", "12", "[ppth]", "1.2"),
        ("urine_protein_24h", "500", "mg/d", "0.5"),
        ("cystatin_c", "0.08", "mg/dL", "0.8"),
        ("igg", "12.4", "g/L", "1240"),
        ("ldh", "3", "ukat/L", "180"),
        ("hbv_dna", "3", "log10[IU]/mL", "1000"),
        ("hcv_rna", "6", "log10[IU]/mL", "1000000"),
    ],
)
def test_pairs_that_are_one_result(analyte: str, value: str, unit: str, expected: str) -> None:
    assert to_canonical(analyte, Decimal(value), unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("mmol_per_mol", "percent"),
    [("31", "5.0"), ("42", "6.0"), ("48", "6.5"), ("53", "7.0"), ("64", "8.0"), ("75", "9.0"), ("86", "10.0"),
     ("97", "11.0"), ("108", "12.0")],
)  # fmt: skip
def test_hba1c_by_the_table_of_the_ngsp(mmol_per_mol: str, percent: str) -> None:
    """The NGSP's table of both units, which gives per cent to one decimal."""
    found = to_canonical("hba1c", Decimal(mmol_per_mol), "mmol/mol")
    assert found == pytest.approx(Decimal(percent), abs=Decimal("0.05"))


def test_haemoglobin_of_the_monomer() -> None:
    """12–16 g/dl are 7.5–10 mmol/l (PMC3934467, table 1: × 0.62063)."""
    assert to_canonical("haemoglobin", Decimal("7.45"), "mmol/L") == pytest.approx(12, abs=0.01)
    assert to_canonical("haemoglobin", Decimal("9.93"), "mmol/L") == pytest.approx(16, abs=0.01)


OTHER_UNITS = [
    (analyte.key, unit)
    for analyte in ANALYTES.values()
    for unit, conversion in analyte.conversions.items()
    if not conversion.is_log10
]


@given(st.sampled_from(OTHER_UNITS), st.integers(1, 99999), st.integers(0, 2))
def test_a_result_stands_to_a_limit_of_its_own_unit_as_printed(
    kind: tuple[str, str], steps: int, decimals: int
) -> None:
    """One step of the last printed digit below, at and above the limit: the same once they are stored."""
    analyte, unit = kind
    step = Decimal(1).scaleb(-decimals)
    below, limit, above = (to_canonical(analyte, step * (steps + by), unit) for by in (-1, 0, 1))
    assert below < limit < above


@given(st.sampled_from(OTHER_UNITS), st.decimals("0.1", 9999, places=1))
def test_what_was_printed_comes_back(kind: tuple[str, str], printed: Decimal) -> None:
    analyte, unit = kind
    back = from_canonical(analyte, to_canonical(analyte, printed, unit), unit)
    assert back is None or to_canonical(analyte, back, unit) == to_canonical(analyte, printed, unit)
