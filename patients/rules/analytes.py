"""The laboratory catalogue: one row an analyte, with its code, unit, limits and their source.

Codes were checked in public tables; where none could be verified the code is empty. Impossible
values are refused, concerning ones asked about. [M] marks a range from general knowledge that the
clinic should confirm; a laboratory's own limit always goes first.
"""

from collections.abc import Mapping
from types import MappingProxyType

from patients.rules import conversions as in_unit
from patients.rules.analyte import ABSENT_PRESENT, NORMAL_ABNORMAL, STUDY, Analyte, finding, quantity
from patients.rules.verdict import gettext_noop

IMMUNOLOGY = gettext_noop("Immunology")
URINE = gettext_noop("Urine")
CHEMISTRY = gettext_noop("Chemistry")
BLOOD_COUNT = gettext_noop("Blood count")
SCREENING = gettext_noop("Screening")
DRUG_LEVEL = gettext_noop("Drug level")

_ALL = (
    quantity("c3", gettext_noop("C3"), IMMUNOLOGY, "mg/dL", "4485-9", possible=("1", "500"),
             reference=("86", "160"), concerning=("20", "250"), source=STUDY,
             conversions=in_unit.PROTEINS_MG_DL),
    quantity("c4", gettext_noop("C4"), IMMUNOLOGY, "mg/dL", "4498-2", possible=("0.1", "200"),
             reference=("10", "40"), concerning=("2", "80"), conversions=in_unit.PROTEINS_MG_DL),
    quantity("ch50", gettext_noop("CH50"), IMMUNOLOGY, "U/mL", "", possible=("0", "200"),
             reference=("30", "53"), conversions=in_unit.PER_ML),
    quantity("dsdna", gettext_noop("Anti-dsDNA"), IMMUNOLOGY, "[IU]/mL", "5130-0", possible=("0", "10000"),
             concerning=(None, "1000"), method_required=True, conversions=in_unit.INTERNATIONAL_PER_ML),
    finding("ana", gettext_noop("Antinuclear antibody"), IMMUNOLOGY),
    finding("antiphospholipid", gettext_noop("Antiphospholipid antibodies"), IMMUNOLOGY),
    quantity("upcr", gettext_noop("Urine protein/creatinine"), URINE, "g/g{creat}", "2890-2",
             possible=("0", "50"), reference=(None, "0.15"), concerning=(None, "3.5"),
             conversions=in_unit.UPCR, decimals=2),
    quantity("urine_protein", gettext_noop("Urine protein"), URINE, "mg/dL", "", possible=("0", "5000"),
             conversions=in_unit.PROTEINS_MG_DL),
    quantity("urine_creatinine", gettext_noop("Urine creatinine"), URINE, "mg/dL", "",
             possible=("1", "1000"), concerning=("20", "400"), conversions=in_unit.URINE_CREATININE),
    quantity("urine_rbc", gettext_noop("Urine red cells"), URINE, "/[HPF]", "13945-1",
             possible=("0", "1000"), reference=(None, "5"), concerning=(None, "50"), decimals=0,
             is_counted_in_ranges=True),
    quantity("urine_wbc", gettext_noop("Urine white cells"), URINE, "/[HPF]", "5821-4",
             possible=("0", "1000"), reference=(None, "5"), concerning=(None, "50"), decimals=0,
             is_counted_in_ranges=True),
    finding("urine_casts", gettext_noop("Haem-granular or red cell casts"), URINE, ABSENT_PRESENT),
    quantity("creatinine", gettext_noop("Creatinine"), CHEMISTRY, "mg/dL", "2160-0",
             possible=("0.1", "25"), concerning=("0.3", "2.0"),
             conversions=in_unit.CREATININE, decimals=2),
    quantity("potassium", gettext_noop("Potassium"), CHEMISTRY, "mmol/L", "2823-3", possible=("1", "12"),
             reference=("3.5", "5.0"), concerning=("3.0", "5.5"), conversions=in_unit.MONOVALENT),
    quantity("sodium", gettext_noop("Sodium"), CHEMISTRY, "mmol/L", "2951-2", possible=("90", "200"),
             reference=("135", "147"), concerning=("125", "155"), decimals=0, conversions=in_unit.MONOVALENT),
    quantity("magnesium", gettext_noop("Magnesium"), CHEMISTRY, "mg/dL", "19123-9", possible=("0.2", "15"),
             reference=("1.8", "2.4"), concerning=("1.2", "4.0"), conversions=in_unit.MAGNESIUM),
    quantity("glucose", gettext_noop("Glucose"), CHEMISTRY, "mg/dL", "2345-7", possible=("10", "2000"),
             reference=("70", "109"), concerning=("50", "300"),
             conversions=in_unit.GLUCOSE, decimals=0),
    quantity("hba1c", gettext_noop("HbA1c (NGSP)"), CHEMISTRY, "%", "4548-4", possible=("2", "25"),
             reference=(None, "6.0"), concerning=("4", "10"), conversions=in_unit.HBA1C),
    quantity("ck", gettext_noop("CK"), CHEMISTRY, "U/L", "2157-6", possible=("1", "500000"),
             reference=("41", "153"), male=("59", "248"), concerning=(None, "1000"), decimals=0,
             conversions=in_unit.ENZYMES),
    quantity("ast", gettext_noop("AST"), CHEMISTRY, "U/L", "1920-8", possible=("1", "20000"),
             reference=(None, "30"), concerning=(None, "100"), decimals=0, conversions=in_unit.ENZYMES),
    quantity("alt", gettext_noop("ALT"), CHEMISTRY, "U/L", "1742-6", possible=("1", "20000"),
             reference=(None, "23"), male=(None, "42"), concerning=(None, "100"), decimals=0,
             conversions=in_unit.ENZYMES),
    quantity("albumin", gettext_noop("Albumin"), CHEMISTRY, "g/dL", "1751-7", possible=("0.5", "8"),
             reference=("4.1", "5.1"), concerning=("2.5", None), conversions=in_unit.ALBUMIN),
    quantity("urate", gettext_noop("Urate"), CHEMISTRY, "mg/dL", "3084-1", possible=("0.1", "30"),
             reference=("2.6", "5.5"), male=("3.7", "7.8"), concerning=(None, "10"),
             conversions=in_unit.URATE),
    quantity("crp", gettext_noop("CRP"), CHEMISTRY, "mg/L", "1988-5", possible=("0", "1000"),
             reference=(None, "3"), concerning=(None, "100"), conversions=in_unit.CRP),
    quantity("wbc", gettext_noop("White cells"), BLOOD_COUNT, "10*3/uL", "6690-2", possible=("0.05", "500"),
             reference=("3.3", "8.6"), concerning=("2.0", "20"), conversions=in_unit.CELLS),
    quantity("haemoglobin", gettext_noop("Haemoglobin"), BLOOD_COUNT, "g/dL", "718-7", possible=("1", "30"),
             reference=("11.6", "14.8"), male=("13.7", "16.8"), concerning=("8", "18"),
             conversions=in_unit.HAEMOGLOBIN),
    quantity("platelets", gettext_noop("Platelets"), BLOOD_COUNT, "10*3/uL", "777-3", possible=("1", "3000"),
             reference=("158", "348"), concerning=("60", "600"), decimals=0, conversions=in_unit.CELLS),
    quantity("lymphocytes", gettext_noop("Lymphocytes"), BLOOD_COUNT, "10*3/uL", "731-0",
             possible=("0", "500"), concerning=("0.5", None), decimals=2, conversions=in_unit.CELLS),
    quantity("haematocrit", gettext_noop("Haematocrit"), BLOOD_COUNT, "%", "4544-3", possible=("5", "75"),
             reference=("35.1", "44.4"), male=("40.7", "50.1"), concerning=("25", "55"),
             conversions=in_unit.HAEMATOCRIT),
    finding("hbsag", gettext_noop("HBs antigen"), SCREENING),
    finding("anti_hbc", gettext_noop("Anti-HBc"), SCREENING),
    finding("anti_hbs", gettext_noop("Anti-HBs"), SCREENING),
    finding("hbv_dna", gettext_noop("HBV-DNA"), SCREENING),
    finding("hcv", gettext_noop("HCV antibody"), SCREENING),
    finding("tb_screen", gettext_noop("Tuberculosis screen"), SCREENING),
    finding("pregnancy_test", gettext_noop("Pregnancy test"), SCREENING),
    finding("chest_xray", gettext_noop("Chest X-ray"), SCREENING, NORMAL_ABNORMAL),
    quantity("qtc", gettext_noop("QTc (ECG)"), SCREENING, "ms", "", possible=("200", "800"),
             reference=(None, "450"), concerning=("330", "500"), decimals=0, conversions=in_unit.SECONDS),
    quantity("tacrolimus_trough", gettext_noop("Tacrolimus level"), DRUG_LEVEL, "ng/mL", "77348-1",
             possible=("0.1", "200"), conversions=in_unit.TACROLIMUS, goes_to_levels=True,
             accepted_loinc=("11253-2", "74097-7", "74096-9")),
)  # fmt: skip

ANALYTES: Mapping[str, Analyte] = MappingProxyType({analyte.key: analyte for analyte in _ALL})
