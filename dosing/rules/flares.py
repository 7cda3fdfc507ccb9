"""A flare on tacrolimus, or while prednisolone is tapered, as an alert. Specification 3.2 and 6.3."""

from collections.abc import Iterator
from datetime import date

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from patients.rules.activity import ACTIVITY, comparator_of, flare_by_activity, is_serology_only
from patients.rules.activity.flares import SOURCE
from patients.rules.answers import Answer
from patients.rules.reading import latest_visit
from patients.rules.record import Visit
from patients.rules.verdict import Verdict, gettext_noop, say

RULE = "flare"
SEVERE = gettext_noop("Severe flare by the visit of %(day)s")
MILD = gettext_noop("Mild or moderate flare by the visit of %(day)s")
SEROLOGY = gettext_noop("SLEDAI rose by serology alone at the visit of %(day)s")


def raised(case: Case) -> Iterator[AlertFinding]:
    """The findings of the last visit hold until another visit changes them."""
    treated_from = _treated_from(case)
    visit = latest_visit(case.record, case.on)
    if treated_from is None or visit is None or visit.on <= treated_from:
        return
    flare = flare_by_activity(case.record, visit)
    if flare.severe.answer is Answer.MET:
        yield _alert(Severity.ACT_NOW, SEVERE, flare.severe, visit)
    elif is_serology_only(comparator_of(case.record, visit, ACTIVITY), visit, flare):
        yield _alert(Severity.KNOW, SEROLOGY, flare.mild_or_moderate, visit)
    elif flare.mild_or_moderate.answer is Answer.MET:
        yield _alert(Severity.THIS_VISIT, MILD, flare.mild_or_moderate, visit)


def _treated_from(case: Case) -> date | None:
    """The first dose of tacrolimus, else of the plan: the visit that led to it is no flare on treatment."""
    if case.is_on_tacrolimus:
        return case.first_dose_on
    return None if case.treatment.taper is None else case.treatment.taper.start_on


def _alert(severity: Severity, text: str, found: Verdict, visit: Visit) -> AlertFinding:
    """The signs of the flare are shown, what was looked at and is fine is not."""
    signs = tuple(part for part in found.parts if part.answer is Answer.MET)
    verdict = Verdict(Answer.MET, say(text, day=visit.on), SOURCE, signs[0].evidence, parts=signs)
    return AlertFinding(RULE, severity, verdict, subject=f"visit {visit.id}")
