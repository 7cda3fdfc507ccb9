"""What results answer about a taper step."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from dosing.rules.c3_samples import samples
from dosing.rules.case import Case
from dosing.rules.complement import complement_trigger, reach_days
from dosing.rules.taper.conditions.shared import SOURCE, inverse
from dosing.rules.taper.thresholds import TAPER
from patients.rules.activity.visits import (
    unknown,
    verdict_from,
)
from patients.rules.answers import Answer
from patients.rules.evidence import laboratory_evidence
from patients.rules.reading import laboratory_values, latest_laboratory
from patients.rules.record import LaboratoryValue
from patients.rules.verdict import Missing, Value, Verdict, gettext_noop, say

# What must have been measured recently: the result that shows it, and its name.
REQUIRED = {
    "c3": gettext_noop("C3"),
    "upcr": gettext_noop("urine protein"),
    "creatinine": gettext_noop("creatinine"),
    "haemoglobin": gettext_noop("blood count"),
}


def of_the_laboratory(case: Case) -> Iterator[Verdict]:
    """The conditions that results answer."""
    yield _complement(case)
    yield _urine_protein(case)
    yield _required(case)


def _complement(case: Case) -> Verdict:
    """A confirmed fall holds the step, low and stable does not (S51). Four weeks is recent enough [D]."""
    thresholds = replace(case.thresholds, c3_max_age_days=TAPER.laboratory_max_age_days)
    taken = samples(case.record, case.on, reach_days(thresholds))
    return inverse(complement_trigger(taken, case.on, thresholds))


def _urine_protein(case: Case) -> Verdict:
    """Not newly above 0.5 g/g, and not 0.2 more than the value before [D]."""
    rows = [row for row in laboratory_values(case.record, "upcr", case.on) if row.value is not None]
    recent = latest_laboratory(case.record, "upcr", case.on, TAPER.laboratory_max_age_days)
    if recent is None or recent.value is None:
        return unknown(_too_old("upcr"), SOURCE)
    earlier = rows[-2] if len(rows) > 1 else None
    values: dict[str, Value] = {
        "value": recent.value,
        "before": None if earlier is None else earlier.value,
    }
    absent = say(gettext_noop("There is no earlier urine protein to compare with"))
    return verdict_from(
        _stable_protein(recent, earlier, case.thresholds.upcr_g_per_g),
        (
            say(gettext_noop("Urine protein %(value)s g/gCr did not rise"), **values),
            say(gettext_noop("Urine protein rose to %(value)s g/gCr, %(before)s before"), **values),
        ),
        SOURCE,
        tuple(laboratory_evidence(row) for row in (earlier, recent) if row is not None),
        Missing("upcr_before", absent, "laboratory"),
    )


def _stable_protein(recent: LaboratoryValue, earlier: LaboratoryValue | None, limit: Decimal) -> bool | None:
    """None where a value above the limit has nothing to be compared with."""
    now = recent.value or Decimal(0)
    if earlier is None or earlier.value is None:
        return True if now <= limit else None
    newly_above = now > limit >= earlier.value
    return not newly_above and now - earlier.value < TAPER.upcr_rise_g_per_g


def _required(case: Case) -> Verdict:
    """Everything that the step depends on was measured in the last four weeks."""
    days = TAPER.laboratory_max_age_days
    rows = {key: latest_laboratory(case.record, key, case.on, days) for key in REQUIRED}
    missing = tuple(_too_old(key) for key, row in rows.items() if row is None)
    if missing:
        return Verdict(Answer.CANNOT_TELL, missing[0].sentence, SOURCE, missing=missing)
    found = [row for row in rows.values() if row is not None]
    text = gettext_noop("The laboratory results are from %(day)s or later")
    sentence = say(text, day=min(row.on for row in found))
    return Verdict(Answer.MET, sentence, SOURCE, tuple(laboratory_evidence(row) for row in found))


def _too_old(analyte: str) -> Missing:
    text = gettext_noop("No %(what)s of the last %(days)s days")
    days = TAPER.laboratory_max_age_days
    return Missing(analyte, say(text, what=REQUIRED[analyte], days=days), "laboratory")
