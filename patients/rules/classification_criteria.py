"""The items of the two sets of classification criteria for SLE, in the order of their publications.

ACR 1997: Hochberg, Arthritis Rheum 1997 (update of 1982). EULAR/ACR 2019: Aringer, Ann Rheum Dis 2019.
Definitions are shortened in this project's words. An item counts when it was ever present and SLE explains it
better than anything else; the items need not be present together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from patients.rules.verdict import gettext_noop

ACR_1997, EULAR_ACR_2019 = "acr_1997", "eular_acr_2019"
ANA = "ana"
# Domains of 2019 that are not clinical.
IMMUNOLOGY = ("antiphospholipid", "complement", "antibodies")


@dataclass(frozen=True)
class Criterion:
    """One item. points count in its domain, of which only the highest counts; ACR 1997 has no domains."""

    code: str
    label: str
    definition: str
    points: int = 1
    domain: str = ""

    @property
    def is_clinical(self) -> bool:
        return self.domain not in IMMUNOLOGY


ACR_ITEMS = (
    Criterion("malar_rash", gettext_noop("Malar rash"),
              gettext_noop("Fixed redness over the cheeks, sparing the nasolabial folds.")),
    Criterion("discoid_rash", gettext_noop("Discoid rash"),
              gettext_noop("Raised red patches with scaling and plugging; scars in old ones.")),
    Criterion("photosensitivity", gettext_noop("Photosensitivity"),
              gettext_noop("A rash from sunlight, by history or seen.")),
    Criterion("oral_ulcers", gettext_noop("Oral ulcers"),
              gettext_noop("In mouth or nose and throat, usually painless, seen by a doctor.")),
    Criterion("arthritis", gettext_noop("Arthritis"),
              gettext_noop("Not erosive, two or more peripheral joints, tender or swollen.")),
    Criterion("serositis", gettext_noop("Serositis"), gettext_noop("Pleuritis or pericarditis.")),
    Criterion("renal", gettext_noop("Renal disorder"),
              gettext_noop("Protein above 0.5 g a day or 3+, or cellular casts.")),
    Criterion("neurologic", gettext_noop("Neurological disorder"),
              gettext_noop("Seizures or psychosis, not from drugs or metabolism.")),
    Criterion("haematologic", gettext_noop("Haematological disorder"),
              gettext_noop("Haemolytic anaemia; white cells below 4.0 or lymphocytes below 1.5 ×10³/µl "
                           "twice; platelets below 100 ×10³/µl.")),
    Criterion("immunologic", gettext_noop("Immunological disorder"),
              gettext_noop("Anti-DNA, anti-Sm or antiphospholipid antibodies.")),
    Criterion(ANA, gettext_noop("Antinuclear antibody"),
              gettext_noop("An abnormal titre at any time, not from a drug.")),
)  # fmt: skip

EULAR_ITEMS = (
    Criterion(ANA, gettext_noop("ANA 1:80 or more, ever"),
              gettext_noop("The entry criterion: without it the other items do not count."), points=0),
    Criterion("fever", gettext_noop("Fever"), gettext_noop("Above 38.3 °C."), 2, "constitutional"),
    Criterion("leukopenia", gettext_noop("Leukopenia"), gettext_noop("White cells below 4.0 ×10³/µl."),
              3, "haematologic"),
    Criterion("thrombocytopenia", gettext_noop("Thrombocytopenia"),
              gettext_noop("Platelets below 100 ×10³/µl."), 4, "haematologic"),
    Criterion("haemolysis", gettext_noop("Autoimmune haemolysis"),
              gettext_noop("Signs of haemolysis and a positive Coombs test."), 4, "haematologic"),
    Criterion("delirium", gettext_noop("Delirium"), gettext_noop("Changed consciousness, acute."),
              2, "neuropsychiatric"),
    Criterion("psychosis", gettext_noop("Psychosis"),
              gettext_noop("Delusions or hallucinations without delirium."), 3, "neuropsychiatric"),
    Criterion("seizure", gettext_noop("Seizure"), gettext_noop("Generalised, partial or focal."),
              5, "neuropsychiatric"),
    Criterion("alopecia", gettext_noop("Non-scarring alopecia"), gettext_noop("Seen by a clinician."),
              2, "mucocutaneous"),
    Criterion("oral_ulcers", gettext_noop("Oral ulcers"), gettext_noop("Seen by a clinician."),
              2, "mucocutaneous"),
    Criterion("subacute_or_discoid", gettext_noop("Subacute cutaneous or discoid lupus"),
              gettext_noop("Seen by a clinician, or by biopsy."), 4, "mucocutaneous"),
    Criterion("acute_cutaneous", gettext_noop("Acute cutaneous lupus"),
              gettext_noop("Malar or generalised maculopapular rash."), 6, "mucocutaneous"),
    Criterion("effusion", gettext_noop("Pleural or pericardial effusion"), gettext_noop("By imaging."),
              5, "serosal"),
    Criterion("pericarditis", gettext_noop("Acute pericarditis"),
              gettext_noop("Two or more of pain, rub, ECG changes, effusion."), 6, "serosal"),
    Criterion("joints", gettext_noop("Joint involvement"),
              gettext_noop("Synovitis of two joints, or tenderness of two with morning stiffness."),
              6, "musculoskeletal"),
    Criterion("proteinuria", gettext_noop("Proteinuria"), gettext_noop("Above 0.5 g in 24 h."), 4, "renal"),
    Criterion("nephritis_ii_v", gettext_noop("Lupus nephritis class II or V"), gettext_noop("By biopsy."),
              8, "renal"),
    Criterion("nephritis_iii_iv", gettext_noop("Lupus nephritis class III or IV"), gettext_noop("By biopsy."),
              10, "renal"),
    Criterion("antiphospholipid", gettext_noop("Antiphospholipid antibodies"),
              gettext_noop("Anticardiolipin or anti-β2-glycoprotein I, or lupus anticoagulant."),
              2, "antiphospholipid"),
    Criterion("low_c3_or_c4", gettext_noop("Low C3 or low C4"), gettext_noop("One of the two."),
              3, "complement"),
    Criterion("low_c3_and_c4", gettext_noop("Low C3 and low C4"), gettext_noop("Both."), 4, "complement"),
    Criterion("dsdna_or_sm", gettext_noop("Anti-dsDNA or anti-Sm"),
              gettext_noop("By a specific assay."), 6, "antibodies"),
)  # fmt: skip

ITEMS: Mapping[str, tuple[Criterion, ...]] = MappingProxyType(
    {ACR_1997: ACR_ITEMS, EULAR_ACR_2019: EULAR_ITEMS}
)
NAMES: Mapping[str, str] = MappingProxyType({ACR_1997: "ACR 1997", EULAR_ACR_2019: "EULAR/ACR 2019"})
