"""The laboratory catalogue: one row an analyte, with its code, unit, limits and their source.

Codes were checked in public tables; where none could be verified the code is empty. Impossible
values are refused, concerning ones asked about. [M] marks a range from general knowledge that the
clinic should confirm; a laboratory's own limit always goes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from patients.rules.verdict import gettext_noop

NEGATIVE_POSITIVE = ("negative", "positive", "indeterminate")
ABSENT_PRESENT = ("absent", "present")
NORMAL_ABNORMAL = ("normal", "abnormal")

STUDY = "the study's normal range (methods section)"
GENERAL = "general adult range [M], to be confirmed by the clinic"

_NONE: Mapping[str, Decimal] = MappingProxyType({})


@dataclass(frozen=True)
class Analyte:
    """A measurable thing. factors turn an accepted unit into `unit`; findings make it qualitative."""

    key: str
    label: str
    group: str
    unit: str = ""
    loinc: str = ""
    accepted_loinc: tuple[str, ...] = ()
    factors: Mapping[str, Decimal] = field(default_factory=lambda: _NONE)
    reference_low: Decimal | None = None
    reference_high: Decimal | None = None
    reference_source: str = ""
    male_reference: tuple[Decimal | None, Decimal | None] | None = None
    impossible_below: Decimal | None = None
    impossible_above: Decimal | None = None
    concerning_below: Decimal | None = None
    concerning_above: Decimal | None = None
    findings: tuple[str, ...] = ()
    decimals: int = 1
    method_required: bool = False
    goes_to_levels: bool = False

    @property
    def is_quantity(self) -> bool:
        return not self.findings

    def reference(self, sex: str) -> tuple[Decimal | None, Decimal | None]:
        """The lower and upper limit for a woman ("F") or a man ("M")."""
        if sex == "M" and self.male_reference is not None:
            return self.male_reference
        return self.reference_low, self.reference_high

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that can be entered, the canonical one first."""
        return (self.unit, *self.factors)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _quantity(
    key: str,
    label: str,
    group: str,
    unit: str,
    loinc: str,
    *,
    possible: tuple[str, str],
    reference: tuple[str | None, str | None] = (None, None),
    concerning: tuple[str | None, str | None] = (None, None),
    male: tuple[str | None, str | None] | None = None,
    source: str = GENERAL,
    factors: Mapping[str, str] | None = None,
    decimals: int = 1,
    method_required: bool = False,
    goes_to_levels: bool = False,
    accepted_loinc: tuple[str, ...] = (),
) -> Analyte:
    return Analyte(
        key=key,
        label=label,
        group=group,
        unit=unit,
        loinc=loinc,
        accepted_loinc=accepted_loinc,
        factors=MappingProxyType({name: Decimal(factor) for name, factor in (factors or {}).items()}),
        reference_low=_number(reference[0]),
        reference_high=_number(reference[1]),
        reference_source=source if any(reference) else "",
        male_reference=None if male is None else (_number(male[0]), _number(male[1])),
        impossible_below=_number(possible[0]),
        impossible_above=_number(possible[1]),
        concerning_below=_number(concerning[0]),
        concerning_above=_number(concerning[1]),
        decimals=decimals,
        method_required=method_required,
        goes_to_levels=goes_to_levels,
    )


def _finding(key: str, label: str, group: str, findings: tuple[str, ...] = NEGATIVE_POSITIVE) -> Analyte:
    return Analyte(key=key, label=label, group=group, findings=findings)


IMMUNOLOGY = gettext_noop("Immunology")
URINE = gettext_noop("Urine")
CHEMISTRY = gettext_noop("Chemistry")
BLOOD_COUNT = gettext_noop("Blood count")
SCREENING = gettext_noop("Screening")
DRUG_LEVEL = gettext_noop("Drug level")

_ALL = (
    _quantity("c3", gettext_noop("C3"), IMMUNOLOGY, "mg/dL", "4485-9", possible=("1", "500"),
              reference=("86", "160"), concerning=("20", "250"), source=STUDY, factors={"g/L": "100"}),
    _quantity("c4", gettext_noop("C4"), IMMUNOLOGY, "mg/dL", "4498-2", possible=("0.1", "200"),
              reference=("10", "40"), concerning=("2", "80"), factors={"g/L": "100"}),
    _quantity("ch50", gettext_noop("CH50"), IMMUNOLOGY, "U/mL", "", possible=("0", "200"),
              reference=("30", "53")),
    _quantity("dsdna", gettext_noop("Anti-dsDNA"), IMMUNOLOGY, "[IU]/mL", "5130-0", possible=("0", "10000"),
              concerning=(None, "1000"), method_required=True),
    _finding("ana", gettext_noop("Antinuclear antibody"), IMMUNOLOGY),
    _finding("antiphospholipid", gettext_noop("Antiphospholipid antibodies"), IMMUNOLOGY),
    _quantity("upcr", gettext_noop("Urine protein/creatinine"), URINE, "g/g{creat}", "2890-2",
              possible=("0", "50"), reference=(None, "0.15"), concerning=(None, "3.5"),
              factors={"mg/g": "0.001"}, decimals=2),
    _quantity("urine_protein", gettext_noop("Urine protein"), URINE, "mg/dL", "", possible=("0", "5000")),
    _quantity("urine_creatinine", gettext_noop("Urine creatinine"), URINE, "mg/dL", "",
              possible=("1", "1000"), concerning=("20", "400")),
    _quantity("urine_rbc", gettext_noop("Urine red cells"), URINE, "/[HPF]", "13945-1",
              possible=("0", "1000"), reference=(None, "5"), concerning=(None, "50"), decimals=0),
    _quantity("urine_wbc", gettext_noop("Urine white cells"), URINE, "/[HPF]", "5821-4",
              possible=("0", "1000"), reference=(None, "5"), concerning=(None, "50"), decimals=0),
    _finding("urine_casts", gettext_noop("Haem-granular or red cell casts"), URINE, ABSENT_PRESENT),
    _quantity("creatinine", gettext_noop("Creatinine"), CHEMISTRY, "mg/dL", "2160-0",
              possible=("0.1", "25"), concerning=("0.3", "2.0"),
              factors={"umol/L": "0.0113122171945701"}, decimals=2),
    _quantity("potassium", gettext_noop("Potassium"), CHEMISTRY, "mmol/L", "2823-3", possible=("1", "12"),
              reference=("3.5", "5.0"), concerning=("3.0", "5.5"), factors={"meq/L": "1"}),
    _quantity("sodium", gettext_noop("Sodium"), CHEMISTRY, "mmol/L", "2951-2", possible=("90", "200"),
              reference=("135", "147"), concerning=("125", "155"), decimals=0),
    _quantity("magnesium", gettext_noop("Magnesium"), CHEMISTRY, "mg/dL", "19123-9", possible=("0.2", "15"),
              reference=("1.8", "2.4"), concerning=("1.2", "4.0")),
    _quantity("glucose", gettext_noop("Glucose"), CHEMISTRY, "mg/dL", "2345-7", possible=("10", "2000"),
              reference=("70", "109"), concerning=("50", "300"),
              factors={"mmol/L": "18.0147721131328"}, decimals=0),
    _quantity("hba1c", gettext_noop("HbA1c (NGSP)"), CHEMISTRY, "%", "4548-4", possible=("2", "25"),
              reference=(None, "6.0"), concerning=("4", "10")),
    _quantity("ck", gettext_noop("CK"), CHEMISTRY, "U/L", "2157-6", possible=("1", "500000"),
              reference=("41", "153"), male=("59", "248"), concerning=(None, "1000"), decimals=0),
    _quantity("ast", gettext_noop("AST"), CHEMISTRY, "U/L", "1920-8", possible=("1", "20000"),
              reference=(None, "30"), concerning=(None, "100"), decimals=0),
    _quantity("alt", gettext_noop("ALT"), CHEMISTRY, "U/L", "1742-6", possible=("1", "20000"),
              reference=(None, "23"), male=(None, "42"), concerning=(None, "100"), decimals=0),
    _quantity("albumin", gettext_noop("Albumin"), CHEMISTRY, "g/dL", "1751-7", possible=("0.5", "8"),
              reference=("4.1", "5.1"), concerning=("2.5", None)),
    _quantity("urate", gettext_noop("Urate"), CHEMISTRY, "mg/dL", "3084-1", possible=("0.1", "30"),
              reference=("2.6", "5.5"), male=("3.7", "7.8"), concerning=(None, "10")),
    _quantity("crp", gettext_noop("CRP"), CHEMISTRY, "mg/L", "1988-5", possible=("0", "1000"),
              reference=(None, "3"), concerning=(None, "100"), factors={"mg/dL": "10"}),
    _quantity("wbc", gettext_noop("White cells"), BLOOD_COUNT, "10*3/uL", "6690-2", possible=("0.05", "500"),
              reference=("3.3", "8.6"), concerning=("2.0", "20")),
    _quantity("haemoglobin", gettext_noop("Haemoglobin"), BLOOD_COUNT, "g/dL", "718-7", possible=("1", "30"),
              reference=("11.6", "14.8"), male=("13.7", "16.8"), concerning=("8", "18")),
    _quantity("platelets", gettext_noop("Platelets"), BLOOD_COUNT, "10*3/uL", "777-3", possible=("1", "3000"),
              reference=("158", "348"), concerning=("60", "600"), decimals=0),
    _quantity("lymphocytes", gettext_noop("Lymphocytes"), BLOOD_COUNT, "10*3/uL", "731-0",
              possible=("0", "500"), concerning=("0.5", None), decimals=2),
    _quantity("haematocrit", gettext_noop("Haematocrit"), BLOOD_COUNT, "%", "4544-3", possible=("5", "75"),
              reference=("35.1", "44.4"), male=("40.7", "50.1"), concerning=("25", "55")),
    _finding("hbsag", gettext_noop("HBs antigen"), SCREENING),
    _finding("anti_hbc", gettext_noop("Anti-HBc"), SCREENING),
    _finding("anti_hbs", gettext_noop("Anti-HBs"), SCREENING),
    _finding("hbv_dna", gettext_noop("HBV-DNA"), SCREENING),
    _finding("hcv", gettext_noop("HCV antibody"), SCREENING),
    _finding("tb_screen", gettext_noop("Tuberculosis screen"), SCREENING),
    _finding("pregnancy_test", gettext_noop("Pregnancy test"), SCREENING),
    _finding("chest_xray", gettext_noop("Chest X-ray"), SCREENING, NORMAL_ABNORMAL),
    _quantity("qtc", gettext_noop("QTc (ECG)"), SCREENING, "ms", "", possible=("200", "800"),
              reference=(None, "450"), concerning=("330", "500"), decimals=0),
    _quantity("tacrolimus_trough", gettext_noop("Tacrolimus level"), DRUG_LEVEL, "ng/mL", "77348-1",
              possible=("0.1", "200"), factors={"ug/L": "1", "nmol/L": "0.80402"}, goes_to_levels=True,
              accepted_loinc=("11253-2", "74097-7", "74096-9")),
)  # fmt: skip

ANALYTES: Mapping[str, Analyte] = MappingProxyType({analyte.key: analyte for analyte in _ALL})
