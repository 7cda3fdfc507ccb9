"""The thresholds of the rules as a clinic's settings: label, unit, source, allowed range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.settings_catalogue import Setting
from dosing.rules.thresholds import (
    BAND_24_HOURS,
    BAND_BOTH,
    BAND_MORNING,
    RANGES,
    RULE_REFERENCE_CHANGE,
    RULE_SIMPLE,
    STUDY,
    allowed_range,
    override,
)

PAPER = _("study's paper")
CHOICE = _("choice of this project")
TO_CONFIRM = _("general knowledge, to be confirmed")
SLEDAI = _("SLEDAI-2K")

DAYS, MONTHS, YEARS = _("days"), _("month(s)"), _("year(s)")
WHO, DRUGS, SYMPTOMS = _("Who is asked about"), _("Drugs"), _("Symptoms and visits")
C3, ORGANS, LEVELS = _("Falling C3"), _("Organ disease"), _("Tacrolimus levels")


class ThresholdLabel(NamedTuple):
    """How one threshold is called, and where its default comes from."""

    name: str
    group: Any
    label: Any
    unit: Any
    source: Any
    published: bool = False


_WORDS = (
    ThresholdLabel("acr_1997_criteria", WHO, _("ACR 1997 criteria needed"), _("of 11"), PAPER, True),
    ThresholdLabel("eular_acr_2019_points", WHO, _("EULAR/ACR 2019 points needed"), _("points"), _("EULAR/ACR 2019"), True),
    ThresholdLabel("maintenance_years", WHO, _("More than so long since the first treatment"), YEARS, PAPER, True),
    ThresholdLabel("stable_days", DRUGS, _("Prednisolone and immunosuppressants unchanged for"), DAYS, PAPER, True),
    ThresholdLabel("washout_months", DRUGS, _("Last cyclophosphamide or rituximab at least so long ago"), MONTHS, PAPER, True),
    ThresholdLabel("rituximab_caution_months", DRUGS, _("Rituximab within so long is a caution"), MONTHS, TO_CONFIRM),
    ThresholdLabel("drug_history_max_age_days", DRUGS, _("Drug list confirmed not longer ago than"), DAYS, CHOICE),
    ThresholdLabel("adherence_percent", DRUGS, _("Prednisolone taken regularly: at least"), "%", CHOICE),
    ThresholdLabel("visit_max_age_days", SYMPTOMS, _("Last signed visit not older than"), DAYS, CHOICE),
    ThresholdLabel("comparator_min_days", SYMPTOMS, _("Visit to compare with: at least so long before"), DAYS, CHOICE),
    ThresholdLabel("comparator_max_days", SYMPTOMS, _("Visit to compare with: at most so long before"), DAYS, CHOICE),
    ThresholdLabel("fever_c", SYMPTOMS, _("Fever above"), "°C", SLEDAI, True),
    ThresholdLabel("inflamed_joints", SYMPTOMS, _("Arthritis: inflamed joints, at least"), _("joints"), SLEDAI, True),
    ThresholdLabel("severe_symptom_grade", SYMPTOMS, _("A symptom is severe from grade"), _("of 3"), CHOICE),
    ThresholdLabel("sledai_caution_above", SYMPTOMS, _("SLEDAI-2K above this is a caution"), _("points"), PAPER, True),
    ThresholdLabel("c3_rule", C3, _("What counts as falling"), "", CHOICE),
    ThresholdLabel("c3_lower_limit_mg_dl", C3, _("Lower limit where the laboratory gives none"), "mg/dl", PAPER, True),
    ThresholdLabel("c3_max_age_days", C3, _("Last C3 not older than"), DAYS, CHOICE),
    ThresholdLabel("c3_baseline_values", C3, _("Earlier values that make the usual C3, up to"), _("values"), CHOICE),
    ThresholdLabel("c3_baseline_min_days", C3, _("Earlier values: at least so long before"), DAYS, CHOICE),
    ThresholdLabel("c3_baseline_max_days", C3, _("Earlier values: at most so long before"), DAYS, CHOICE),
    ThresholdLabel("c3_biological_variation_percent", C3, _("Biological variation (CVI)"), "%", TO_CONFIRM),
    ThresholdLabel("c3_analytical_variation_percent", C3, _("Variation of the assay (CVA), where the laboratory states none"), "%", CHOICE),
    ThresholdLabel("c3_unclear_fall_percent", C3, _("A change from here on is unclear, not stable"), "%", _("PMID 30309286"), True),
    ThresholdLabel("c3_confirmation", C3, _("A single fall is confirmed by a second sample"), "", CHOICE),
    ThresholdLabel("c3_confirmation_min_days", C3, _("Second sample: at least so long after"), DAYS, CHOICE),
    ThresholdLabel("c3_confirmation_max_days", C3, _("Second sample: at most so long after"), DAYS, CHOICE),
    ThresholdLabel("laboratory_max_age_days", ORGANS, _("Laboratory results not older than"), DAYS, CHOICE),
    ThresholdLabel("upcr_g_per_g", ORGANS, _("Urine protein/creatinine up to"), "g/gCr", SLEDAI, True),
    ThresholdLabel("allow_mild_renal", ORGANS, _("Mild stable nephritis is allowed"), "", CHOICE),
    ThresholdLabel("upcr_mild_g_per_g", ORGANS, _("Mild nephritis: urine protein/creatinine up to"), "g/gCr", CHOICE),
    ThresholdLabel("mild_renal_stable_days", ORGANS, _("Mild nephritis: stable for"), DAYS, CHOICE),
    ThresholdLabel("platelets_10e3_per_ul", ORGANS, _("Platelets at least"), "×10³/µl", _("SELENA-SLEDAI flare index"), True),
    ThresholdLabel("egfr_ml_min_173", ORGANS, _("eGFR (CKD-EPI 2021) at least"), "ml/min/1.73 m²", _("KDIGO 2024"), True),
    ThresholdLabel("creatinine_rise_percent", ORGANS, _("Creatinine risen by less than"), "%", CHOICE),
    ThresholdLabel("level_band", LEVELS, _("Which levels are judged against a range"), "", CHOICE),
    ThresholdLabel("level_low_ng_ml", LEVELS, _("Morning levels: lowest in range"), "ng/ml", PAPER, True),
    ThresholdLabel("level_high_ng_ml", LEVELS, _("Morning levels: highest in range"), "ng/ml", PAPER, True),
    ThresholdLabel("level_24_hours_low_ng_ml", LEVELS, _("24-hour levels: lowest in range"), "ng/ml", CHOICE),
    ThresholdLabel("level_24_hours_high_ng_ml", LEVELS, _("24-hour levels: highest in range"), "ng/ml", CHOICE),
    ThresholdLabel("cyp3a5_non_expresser_percent", LEVELS, _("Forecast: CYP3A5 non-expressers where not tested"), "%", TO_CONFIRM),
)  # fmt: skip

_UPPER = dict(RANGES)
_CHOICES = {
    "c3_rule": (
        (RULE_REFERENCE_CHANGE, _("a fall beyond what assay and biology explain")),
        (RULE_SIMPLE, _("lower than the value before, as the paper words it")),
    ),
    "level_band": (
        (BAND_MORNING, _("morning levels only, 10 to 16 hours after the dose")),
        (BAND_24_HOURS, _("24-hour levels only")),
        (BAND_BOTH, _("both, each against its own range")),
    ),
}


def _setting(words: ThresholdLabel) -> Setting:
    default = getattr(STUDY, words.name)
    lowest, highest = allowed_range(words.name) or (None, None)
    return Setting(
        name=words.name,
        group=words.group,
        label=words.label,
        default=default,
        source=words.source,
        published=words.published,
        unit=words.unit,
        lowest=lowest,
        highest=highest,
        whole=isinstance(default, int) and not isinstance(default, bool),
        not_above=_UPPER.get(words.name, ""),
        choices=_CHOICES.get(words.name, ()),
    )


SETTINGS = tuple(_setting(words) for words in _WORDS)


def check(values: Mapping[str, Any]) -> None:
    """Raise ValueError, naming the key, unless the rules accept a clinic's values."""
    override(STUDY, values)
