"""What is asked or examined at a visit, in addition to SLEDAI. Codes name columns and record keys."""

from collections.abc import Mapping
from types import MappingProxyType

from patients.rules.verdict import gettext_noop

# The six symptoms that can trigger tacrolimus (the study's methods section).
SYMPTOMS: Mapping[str, str] = MappingProxyType(
    {
        "headache": gettext_noop("headache"),
        "arthritis": gettext_noop("arthritis"),
        "rash": gettext_noop("rash"),
        "alopecia": gettext_noop("alopecia"),
        "mucosal_ulcers": gettext_noop("mucosal ulcers"),
        "fever": gettext_noop("fever"),
    }
)

# Major organ disease that SLEDAI has no item for (this project's list, after LLDAS and SFI).
ORGAN_FINDINGS: Mapping[str, str] = MappingProxyType(
    {
        "myocarditis": gettext_noop("myocarditis"),
        "interstitial_lung_disease": gettext_noop("active interstitial lung disease"),
        "pulmonary_hypertension": gettext_noop("pulmonary hypertension"),
        "alveolar_haemorrhage": gettext_noop("alveolar haemorrhage"),
        "haemolytic_anaemia": gettext_noop("haemolytic anaemia"),
        "gut_vasculitis_or_pancreatitis": gettext_noop("gut vasculitis or pancreatitis"),
        "thrombotic_microangiopathy": gettext_noop("thrombotic microangiopathy"),
    }
)

OBSERVATIONS: Mapping[str, str] = MappingProxyType(
    {
        "muscle_pain": gettext_noop("muscle pain"),
        "muscle_weakness": gettext_noop("muscle weakness"),
        "dark_urine": gettext_noop("dark urine"),
        "tremor": gettext_noop("tremor"),
        "visual_disturbance": gettext_noop("visual disturbance"),
        "confusion": gettext_noop("confusion"),
        "gastrointestinal_symptoms": gettext_noop("diarrhoea or vomiting"),
        "adrenal_symptoms": gettext_noop("symptoms of adrenal insufficiency"),
        "infection": gettext_noop("infection"),
        "serious_infection": gettext_noop("serious infection"),
        "hospital_stay": gettext_noop("hospital stay since the last visit"),
    }
)

# What the history and the exports call a finding whose question says more.
COLUMN_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "interstitial_lung_disease": gettext_noop("interstitial lung disease"),
        "gastrointestinal_symptoms": gettext_noop("gastrointestinal symptoms"),
        "adrenal_symptoms": gettext_noop("adrenal symptoms"),
        "hospital_stay": gettext_noop("hospital stay"),
    }
)

MUSCLE_SYMPTOMS = ("muscle_pain", "muscle_weakness", "dark_urine")
