"""How a result in another unit becomes one in the catalogue's: factors, and where each comes from.

Mass against amount of substance: the molar mass in g/mol, from the formula and IUPAC's standard atomic
weights (abridged). Where the table of codes and units gives a divisor (creatinine 88.4, glucose 0.05551), it
is used. Enzymes: 1 kat is 1 mol/s and 1 U is 1 µmol/min (CGPM 1999, resolution 12), so 1 µkat/l is 60 U/l.
HbA1c: the master equation of IFCC and NGSP (ngsp.org/ifcc.asp; Hoelzel, Clin Chem 2004;50:166). Haemoglobin
in mmol/l is that of the monomer with one iron (16 114.5 g/mol [M]; × 0.62063 from g/dl, PMC3934467), as
Dutch and Danish laboratories print it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

# No viral load is higher: what is typed beyond it is impossible whatever it would be.
MOST_LOG10 = Decimal(15)


@dataclass(frozen=True)
class Conversion:
    """canonical = number × factor + offset, or 10 to the number where is_log10."""

    factor: Fraction = Fraction(1)
    offset: Decimal = Decimal(0)
    is_log10: bool = False

    def __call__(self, number: Decimal) -> Decimal:
        """The number in the canonical unit, unrounded to 28 digits. All of these rise with the number."""
        if self.is_log10:
            return Decimal(10) ** min(number, MOST_LOG10)
        return number * self.factor.numerator / self.factor.denominator + self.offset

    def back(self, canonical: Decimal) -> Decimal:
        """The number that a canonical one is in this unit, which for a logarithm must be above 0."""
        if self.is_log10:
            return canonical.log10()
        return (canonical - self.offset) * self.factor.denominator / self.factor.numerator


Units = Mapping[str, Conversion]
NONE: Units = MappingProxyType({})


def times(factor: str) -> Conversion:
    """A factor as "0.1" or "10/884"."""
    upper, _, lower = factor.partition("/")
    return Conversion(Fraction(upper) / Fraction(lower or 1))


def by_factor(factors: Mapping[str, str]) -> Units:
    """Units that need a factor only."""
    return MappingProxyType({code: times(factor) for code, factor in factors.items()})


def of_molar_mass(grams_per_mol: str, *codes: str) -> Units:
    """mmol/l and µmol/l, or the one of them that is named, of what is kept in mg/dl."""
    mg_per_dl = {"mmol/L": Fraction(grams_per_mol) / 10, "umol/L": Fraction(grams_per_mol) / 10_000}
    return MappingProxyType({code: Conversion(mg_per_dl[code]) for code in codes or mg_per_dl})


# Of what is kept in 10³/µl. Japanese laboratories print platelets in 10⁴/µl, white cells in /µl or 10²/µl.
CELLS = by_factor({"10*4/uL": "10", "10*2/uL": "0.1", "/uL": "0.001", "10*9/L": "1"})
MONOVALENT = by_factor({"meq/L": "1"})
ENZYMES = by_factor({"ukat/L": "60", "nkat/L": "0.06"})
PROTEINS_MG_DL = by_factor({"g/L": "100", "mg/L": "0.1"})
CRP = by_factor({"mg/dL": "10", "ug/mL": "1"})
ALBUMIN = by_factor({"g/L": "0.1"})
HAEMATOCRIT = by_factor({"L/L": "100"})
SECONDS = by_factor({"s": "1000"})
PER_ML = by_factor({"kU/L": "1"})
INTERNATIONAL_PER_ML = by_factor({"k[IU]/L": "1"})
TACROLIMUS = by_factor({"ug/L": "1", "nmol/L": "0.80402"})  # C44H69NO12, 804.02 g/mol
CREATININE = by_factor({"umol/L": "10/884", "mmol/L": "10000/884"})
GLUCOSE = by_factor({"mmol/L": "1/0.05551"})
URATE = of_molar_mass("168.11")  # C5H4N4O3
BILIRUBIN = of_molar_mass("584.67", "umol/L")  # C33H36N4O6
CALCIUM = MappingProxyType({**of_molar_mass("40.078", "mmol/L"), "meq/L": times("40.078/20")})
MAGNESIUM = MappingProxyType({**of_molar_mass("24.305", "mmol/L"), "meq/L": times("24.305/20")})
PHOSPHATE = of_molar_mass("30.974", "mmol/L")  # as phosphorus, P, as laboratories of mg/dl give it
CHOLESTEROL = of_molar_mass("386.66", "mmol/L")  # C27H46O
TRIGLYCERIDES = of_molar_mass("885.45", "mmol/L")  # as triolein, C57H104O6
HAEMOGLOBIN = by_factor({"g/L": "0.1", "mmol/L": "1.61145"})
RETICULOCYTES = by_factor({"[ppth]": "0.1"})
GRAMS_A_DAY = by_factor({"mg/d": "0.001"})
CYSTATIN_C = by_factor({"mg/dL": "10"})
PICOGRAMS = by_factor({"ng/L": "1"})
HBA1C = MappingProxyType({"mmol/mol": Conversion(Fraction("0.09148"), Decimal("2.152"))})
# Grams of protein for a gram of creatinine; 1 mmol of creatinine is 0.1131 g (88.4, as above).
UPCR = by_factor({"mg/g": "0.001", "mg/mmol": "0.00884", "g/mol": "0.00884", "g/mmol": "8.84"})
ACR = by_factor({"mg/mmol": "8.84", "g/mol": "8.84", "g/g": "1000"})
URINE_CREATININE = by_factor({"mmol/L": "10000/884", "umol/L": "10/884", "g/L": "100"})
VIRAL_LOAD = MappingProxyType({"log10[IU]/mL": Conversion(is_log10=True), "k[IU]/mL": times("1000")})
