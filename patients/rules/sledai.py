"""SLEDAI-2K: 24 weighted answers of one visit; an interval while something is unanswered.

Weights and items: Gladman 2002 (SLEDAI-2K). Definitions are in this project's own words. An item
counts only when it is due to SLE and reversible.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from patients.rules.verdict import gettext_noop

SOURCE = "SLEDAI-2K, Gladman 2002"
JOINTS_SOURCE = "SLEDAI-2K, Gladman 2002; two or more joints, the original wording says more than two"
SEROLOGY = frozenset({"low_complement", "dna_binding"})


@dataclass(frozen=True)
class Item:
    """One of the 24 items. derived: a laboratory value or a measurement can propose the answer."""

    code: str
    weight: int
    label: str
    definition: str
    source: str = SOURCE
    derived: bool = False


@dataclass(frozen=True)
class Score:
    """The range that the total can still take. total is None unless low equals high.

    clinical_low and clinical_high leave out complement and DNA binding (cSLEDAI).
    """

    low: int
    high: int
    clinical_low: int
    clinical_high: int

    @property
    def total(self) -> int | None:
        return self.low if self.low == self.high else None


ITEMS: tuple[Item, ...] = (
    Item("seizure", 8, gettext_noop("Seizure"),
         gettext_noop("Recent onset; not from metabolic, infectious or drug causes.")),
    Item("psychosis", 8, gettext_noop("Psychosis"),
         gettext_noop("Severely disturbed sense of reality that impairs function; not from uraemia or drugs.")),
    Item("organic_brain_syndrome", 8, gettext_noop("Organic brain syndrome"),
         gettext_noop("Acute fluctuating loss of orientation, memory or intellect with reduced attention.")),
    Item("visual", 8, gettext_noop("Visual disturbance"),
         gettext_noop("Lupus retinopathy or optic neuritis; not from hypertension, infection or drugs.")),
    Item("cranial_nerve", 8, gettext_noop("Cranial nerve disorder"),
         gettext_noop("New sensory or motor neuropathy of a cranial nerve.")),
    Item("lupus_headache", 8, gettext_noop("Lupus headache"),
         gettext_noop("Severe and persistent, not relieved by narcotic analgesics.")),
    Item("cerebrovascular_accident", 8, gettext_noop("Stroke"),
         gettext_noop("New stroke; not from arteriosclerosis.")),
    Item("vasculitis", 8, gettext_noop("Vasculitis"),
         gettext_noop("Ulcers, gangrene, tender finger nodules, periungual infarcts, splinter haemorrhages, "
                      "or proof by biopsy or angiogram.")),
    Item("arthritis", 4, gettext_noop("Arthritis"),
         gettext_noop("Two or more joints with pain and signs of inflammation."), JOINTS_SOURCE, derived=True),
    Item("myositis", 4, gettext_noop("Myositis"),
         gettext_noop("Proximal ache or weakness with raised CK, EMG changes or biopsy; "
                      "statins and tacrolimus can cause it too.")),
    Item("casts", 4, gettext_noop("Urinary casts"),
         gettext_noop("Haem-granular or red cell casts."), derived=True),
    Item("haematuria", 4, gettext_noop("Haematuria"),
         gettext_noop("More than 5 red cells per field; not from stone, infection or other cause."),
         derived=True),
    Item("proteinuria", 4, gettext_noop("Proteinuria"),
         gettext_noop("More than 0.5 g a day, or more than 0.5 g/g creatinine."),
         "SLEDAI-2K, Gladman 2002; protein/creatinine accepted by this project", derived=True),
    Item("pyuria", 4, gettext_noop("Pyuria"),
         gettext_noop("More than 5 white cells per field; not from infection."), derived=True),
    Item("rash", 2, gettext_noop("Rash"), gettext_noop("Inflammatory rash.")),
    Item("alopecia", 2, gettext_noop("Alopecia"), gettext_noop("Abnormal patchy or diffuse hair loss.")),
    Item("mucosal_ulcers", 2, gettext_noop("Mucosal ulcers"), gettext_noop("Oral or nasal ulcers.")),
    Item("pleurisy", 2, gettext_noop("Pleurisy"),
         gettext_noop("Pleuritic pain with rub, effusion or pleural thickening.")),
    Item("pericarditis", 2, gettext_noop("Pericarditis"),
         gettext_noop("Pericardial pain with rub, effusion, or proof by ECG or echo.")),
    Item("low_complement", 2, gettext_noop("Low complement"),
         gettext_noop("CH50, C3 or C4 below the laboratory's lower limit."), derived=True),
    Item("dna_binding", 2, gettext_noop("Raised DNA binding"),
         gettext_noop("Anti-dsDNA above the laboratory's limit."), derived=True),
    Item("fever", 1, gettext_noop("Fever"), gettext_noop("Above 38 °C; not from infection."), derived=True),
    Item("thrombocytopenia", 1, gettext_noop("Thrombocytopenia"),
         gettext_noop("Platelets below 100 ×10⁹/l; not from drugs."), derived=True),
    Item("leukopenia", 1, gettext_noop("Leukopenia"),
         gettext_noop("White cells below 3.0 ×10⁹/l; not from drugs."), derived=True),
)  # fmt: skip

NEW_OR_RECURRENT = ("rash", "alopecia", "mucosal_ulcers", "proteinuria")
CODES = frozenset(item.code for item in ITEMS)


def score(answers: Mapping[str, bool | None]) -> Score:
    """The score of answers by item code; an absent code counts as not assessed.

    Raises ValueError for a code that is not one of the 24.
    """
    if not answers.keys() <= CODES:
        raise ValueError(f"not SLEDAI items: {', '.join(sorted(answers.keys() - CODES))}")
    low = high = clinical_low = clinical_high = 0
    for item in [item for item in ITEMS if answers.get(item.code) is not False]:
        clinical = 0 if item.code in SEROLOGY else item.weight
        high += item.weight
        clinical_high += clinical
        if answers.get(item.code):
            low += item.weight
            clinical_low += clinical
    return Score(low=low, high=high, clinical_low=clinical_low, clinical_high=clinical_high)


def score_original(answers: Mapping[str, bool | None], again: Mapping[str, bool | None]) -> Score:
    """The original SLEDAI of 1992 from the same answers.

    It counts rash, hair loss, mucosal ulcers and proteinuria only when new or recurrent, which `again` says
    by item code (Gladman 2002 compares the two). Present, but not stated whether new: an interval.
    """
    counted = {code: answers.get(code) for code in CODES}
    for code in NEW_OR_RECURRENT:
        if counted[code]:
            counted[code] = again.get(code)
    return score(counted)
