"""Activity of SLE: LLDAS, DORIS 2021, and flares by activity and by treatment."""

from patients.rules.activity.flares import (
    Flare,
    flare_by_activity,
    is_serology_only,
    sledai_2k_flare,
)
from patients.rules.activity.flares_by_treatment import flare_by_treatment, for_sle
from patients.rules.activity.states import doris, doris_at, lldas, lldas_at, lldas_for_months
from patients.rules.activity.thresholds import ACTIVITY, ActivityThresholds
from patients.rules.activity.visits import clinical_change, comparator_of, format_range, sledai_change

__all__ = [
    "ACTIVITY",
    "ActivityThresholds",
    "Flare",
    "clinical_change",
    "comparator_of",
    "doris",
    "doris_at",
    "flare_by_activity",
    "flare_by_treatment",
    "for_sle",
    "format_range",
    "is_serology_only",
    "lldas",
    "lldas_at",
    "lldas_for_months",
    "sledai_2k_flare",
    "sledai_change",
]
