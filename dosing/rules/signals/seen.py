"""What was observed or reported at the last visit: nerves, gut, infection; pregnancy, a live vaccine."""

from collections.abc import Iterator
from datetime import timedelta

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.signals.matter import matter, present_visit
from patients.rules.evidence import statement_evidence, visit_evidence
from patients.rules.findings import OBSERVATIONS
from patients.rules.reading import laboratory_values, latest_statement
from patients.rules.record import Attribution, Visit
from patients.rules.verdict import Source, gettext_noop, say

PREGNANCY = Source("Japanese label: contraindication removed in 2018, benefit over risk")
BRAIN = ("visual_disturbance", "confusion")
DEHYDRATION_DAYS = 3


def neurological(case: Case) -> Iterator[AlertFinding]:
    """Seizure, lost vision, confusion: stop and MRI. Tremor, or headache not due to lupus: at this visit."""
    visit = present_visit(case)
    if visit is None:
        return
    grave = [code for code in BRAIN if visit.observations.get(code)]
    if visit.sledai.get("seizure") or grave:
        what = OBSERVATIONS[grave[0]] if grave else gettext_noop("seizure")
        text = gettext_noop("%(what)s on tacrolimus: stop it, MRI (posterior reversible encephalopathy?)")
        yield _seen("neurological", Severity.ACT_NOW, visit, text, what)
    elif visit.observations.get("tremor"):
        text = gettext_noop("%(what)s on tacrolimus: level, dose")
        yield _seen("neurological", Severity.THIS_VISIT, visit, text, OBSERVATIONS["tremor"])
    elif _unexplained_headache(visit):
        text = gettext_noop("%(what)s on tacrolimus: lupus, tacrolimus or blood pressure?")
        yield _seen("neurological", Severity.THIS_VISIT, visit, text, gettext_noop("headache"))


def gut(case: Case) -> Iterator[AlertFinding]:
    """Diarrhoea or vomiting raises level, creatinine and potassium: until all three are known since then."""
    visit = present_visit(case)
    if visit is None or not visit.observations.get("gastrointestinal_symptoms"):
        return
    since = visit.on - timedelta(days=DEHYDRATION_DAYS)
    known = [
        any(row.on >= since for row in laboratory_values(case.record, analyte, case.on))
        for analyte in ("creatinine", "potassium")
    ]
    if all(known) and any(level.on >= since for level in case.treatment.levels):
        return
    text = gettext_noop(
        "%(what)s: level, creatinine and potassium within 72 hours; pause an NSAID, review an ACE inhibitor "
        "or ARB"
    )
    yield _seen("gut", Severity.THIS_VISIT, visit, text, OBSERVATIONS["gastrointestinal_symptoms"])


def infection(case: Case) -> Iterator[AlertFinding]:
    """A serious one is for now; any other is to be known."""
    visit = present_visit(case)
    if visit is None:
        return
    if visit.observations.get("serious_infection"):
        text = gettext_noop("%(what)s on tacrolimus: hold it? Never stop prednisolone")
        yield _seen("infection", Severity.ACT_NOW, visit, text, OBSERVATIONS["serious_infection"])
    elif visit.observations.get("infection"):
        text = gettext_noop("%(what)s: no taper step now; drugs against it may change the level")
        yield _seen("infection", Severity.KNOW, visit, text, OBSERVATIONS["infection"])


def pregnancy(case: Case) -> Iterator[AlertFinding]:
    stated = latest_statement(case.record, "pregnant", case.on)
    if stated is not None and stated.answer:
        sentence = say(gettext_noop("Pregnant on tacrolimus: benefit over risk, with a specialist"))
        yield matter(
            "pregnancy", Severity.THIS_VISIT, sentence, [statement_evidence(stated)], source=PREGNANCY
        )


def live_vaccine(case: Case) -> Iterator[AlertFinding]:
    """Planned or given while tacrolimus is taken."""
    stated = latest_statement(case.record, "live_vaccine", case.on)
    first = case.first_dose_on
    if stated is None or not stated.answer or first is None:
        return
    if stated.event is None or stated.event.latest >= first:
        sentence = say(gettext_noop("A live vaccine is contraindicated on tacrolimus"))
        yield matter("live_vaccine", Severity.THIS_VISIT, sentence, [statement_evidence(stated)])


def _unexplained_headache(visit: Visit) -> bool:
    headache = visit.symptoms.get("headache")
    if headache is None or not headache.severity:
        return False
    return headache.attribution is not Attribution.YES


def _seen(rule: str, severity: Severity, visit: Visit, text: str, what: str) -> AlertFinding:
    return matter(rule, severity, say(text, what=what), [visit_evidence(visit, say(what), "yes")])
