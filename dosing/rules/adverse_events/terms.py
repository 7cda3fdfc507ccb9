"""The terms that adverse events are named by, and the grades in words.

A small list of what tacrolimus and the study make likely [D]; any other event is written as free text.
"""

from collections.abc import Mapping
from types import MappingProxyType

from patients.rules.verdict import Message, gettext_noop, say

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "rhabdomyolysis": gettext_noop("rhabdomyolysis"),
        "muscle_cramps": gettext_noop("muscle cramps"),
        "muscle_pain": gettext_noop("muscle pain"),
        "cpk_increased": gettext_noop("CPK increased"),
        "creatinine_increased": gettext_noop("creatinine increased"),
        "acute_kidney_injury": gettext_noop("acute kidney injury"),
        "hyperkalaemia": gettext_noop("hyperkalaemia"),
        "hypomagnesaemia": gettext_noop("hypomagnesaemia"),
        "hyperglycaemia": gettext_noop("hyperglycaemia"),
        "diabetes": gettext_noop("new diabetes"),
        "hypertension": gettext_noop("hypertension"),
        "qtc_prolonged": gettext_noop("QTc prolonged"),
        "tremor": gettext_noop("tremor"),
        "headache": gettext_noop("headache"),
        "paraesthesia": gettext_noop("paraesthesia"),
        "seizure": gettext_noop("seizure"),
        "posterior_reversible_encephalopathy": gettext_noop("posterior reversible encephalopathy"),
        "diarrhoea": gettext_noop("diarrhoea"),
        "nausea_vomiting": gettext_noop("nausea or vomiting"),
        "liver_enzymes_increased": gettext_noop("liver enzymes increased"),
        "leukopenia": gettext_noop("leukopenia"),
        "pneumonia": gettext_noop("pneumonia"),
        "pneumocystis_pneumonia": gettext_noop("Pneumocystis pneumonia"),
        "herpes_zoster": gettext_noop("herpes zoster"),
        "urinary_tract_infection": gettext_noop("urinary tract infection"),
        "thrombotic_microangiopathy": gettext_noop("thrombotic microangiopathy"),
        "rash_or_allergy": gettext_noop("rash or allergic reaction"),
    }
)
# CTCAE v5.0, general grades.
GRADES: Mapping[int, str] = MappingProxyType(
    {
        1: gettext_noop("mild; observation only"),
        2: gettext_noop("moderate; minimal or local treatment, limits activities"),
        3: gettext_noop("severe, not immediately life-threatening; hospital stay, limits self-care"),
        4: gettext_noop("life-threatening; urgent treatment"),
        5: gettext_noop("death"),
    }
)


def term_name(term: str, term_text: str = "") -> Message:
    """The list's name of a term, or the words as they were written."""
    return say(TERMS[term]) if term in TERMS else say("%(term)s", term=term_text or term)
