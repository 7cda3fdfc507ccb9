"""Each criterion's rule in words, with the numbers in force. Clinical specification 2.2 to 2.5."""

from collections.abc import Mapping
from types import MappingProxyType

from dosing.rules.thresholds import RULE_SIMPLE, Thresholds
from patients.rules.verdict import Message, gettext_noop, say

# Text of the rule, and the thresholds that it names.
_RULES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "C0": (
            gettext_noop(
                "At least %(acr_1997_criteria)s of the 11 ACR 1997 criteria, or the EULAR/ACR 2019 criteria "
                "(at least %(eular_acr_2019_points)s points with one clinical criterion). Not met only when "
                "both sets were judged completely and neither is fulfilled."
            ),
            ("acr_1997_criteria", "eular_acr_2019_points"),
        ),
        "C1": (
            gettext_noop(
                "More than %(maintenance_years)s calendar year(s) since the first treatment for SLE; the "
                "anniversary itself is not enough."
            ),
            ("maintenance_years",),
        ),
        "C2": (
            gettext_noop(
                "The same prednisolone equivalent, above 0 mg/day, on each of the last %(stable_days)s days. "
                "Every other day counts as its two-day mean; stress cover for up to 3 days that is not for "
                "SLE is left out. A steroid pulse or a change in the window is not met; a day without a "
                "known dose cannot be told."
            ),
            ("stable_days",),
        ),
        "C3": (
            gettext_noop(
                "No immunosuppressant started, increased or infused in the last %(stable_days)s days. Needs "
                "a drug list that somebody confirmed as complete for that time, not longer than "
                "%(drug_history_max_age_days)s days ago."
            ),
            ("stable_days", "drug_history_max_age_days"),
        ),
        "C4a": (
            gettext_noop(
                "Cyclophosphamide never used, or the last dose at least %(washout_months)s calendar "
                "month(s) ago."
            ),
            ("washout_months",),
        ),
        "C4b": (
            gettext_noop(
                "Rituximab never used, or the last dose at least %(washout_months)s calendar month(s) ago. "
                "Within %(rituximab_caution_months)s months it is met with a caution."
            ),
            ("washout_months", "rituximab_caution_months"),
        ),
        "C4c": (
            gettext_noop(
                "Ciclosporin, methotrexate, mycophenolate mofetil and azathioprine are not taken, or a stop "
                "on or before the first tacrolimus dose is recorded: then the stop becomes an obligation."
            ),
            (),
        ),
        "C5": (
            gettext_noop(
                "No mizoribine, or the same dose over the last %(stable_days)s days, and it is kept constant."
            ),
            ("stable_days",),
        ),
        "C6": (
            gettext_noop(
                "One of two is enough. Symptoms: headache, arthritis, rash, alopecia, mucosal ulcers or "
                "fever is new or worse and due to SLE, at the last signed visit (not older than "
                "%(visit_max_age_days)s days) against one %(comparator_min_days)s to %(comparator_max_days)s "
                "days before it. C3: "
            ),
            ("visit_max_age_days", "comparator_min_days", "comparator_max_days"),
        ),
        "C7": (
            gettext_noop(
                "No active major organ disease: each sign answered no, not older than %(visit_max_age_days)s "
                "days; urine protein/creatinine up to %(upcr_g_per_g)s g/gCr, platelets at least "
                "%(platelets_10e3_per_ul)s ×10³/µl, eGFR (CKD-EPI 2021) at least %(egfr_ml_min_173)s "
                "ml/min/1.73 m², creatinine risen by less than %(creatinine_rise_percent)s %%, laboratory "
                "values not older than %(laboratory_max_age_days)s days. Lupus headache alone is allowed."
            ),
            (
                "visit_max_age_days", "upcr_g_per_g", "platelets_10e3_per_ul", "egfr_ml_min_173",
                "creatinine_rise_percent", "laboratory_max_age_days",
            ),
        ),
    }
)  # fmt: skip

_SIMPLE_FALL = gettext_noop("lower than the value before, as the study's paper words it.")
_REFERENCE_CHANGE = gettext_noop(
    "a value not older than %(c3_max_age_days)s days and not from an infection or pregnancy, below the "
    "laboratory's lower limit (else %(c3_lower_limit_mg_dl)s mg/dl), that fell beyond what assay and "
    "biology explain against the mean of up to %(c3_baseline_values)s earlier values of the same laboratory "
    "and method."
)
_CONFIRMED = gettext_noop(
    "A single fall is confirmed by a second sample %(c3_confirmation_min_days)s to "
    "%(c3_confirmation_max_days)s days apart, unless it is very large."
)
_C3_NUMBERS = (
    "c3_max_age_days", "c3_lower_limit_mg_dl", "c3_baseline_values", "c3_confirmation_min_days",
    "c3_confirmation_max_days",
)  # fmt: skip


def explain(criterion: str, thresholds: Thresholds) -> tuple[Message, ...]:
    """The rule of C0 to C7 in sentences, one after the other. Raises KeyError for anything else."""
    text, names = _RULES[criterion]
    first = say(text, **{name: getattr(thresholds, name) for name in names})
    return (first, *_c3(thresholds)) if criterion == "C6" else (first,)


def _c3(thresholds: Thresholds) -> tuple[Message, ...]:
    if thresholds.c3_rule == RULE_SIMPLE:
        return (say(_SIMPLE_FALL),)
    numbers = {name: getattr(thresholds, name) for name in _C3_NUMBERS}
    fall = say(_REFERENCE_CHANGE, **numbers)
    return (fall, say(_CONFIRMED, **numbers)) if thresholds.c3_confirmation else (fall,)
