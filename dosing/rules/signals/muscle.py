"""Muscle symptoms and CK on tacrolimus, at any level: the study's two cases were in range (1.3)."""

from collections.abc import Iterator
from datetime import timedelta

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.signals.matter import (
    above,
    at_least,
    format_result,
    latest_since_start,
    matter,
    present_visit,
)
from dosing.rules.signals.thresholds import SIGNALS
from patients.rules.drugs import DRUGS, STATIN, members
from patients.rules.evidence import episode_evidence, laboratory_evidence, visit_evidence
from patients.rules.findings import MUSCLE_SYMPTOMS, OBSERVATIONS
from patients.rules.reading import active_episodes, laboratory_values
from patients.rules.record import LaboratoryValue, Visit
from patients.rules.verdict import Evidence, Message, Source, gettext_noop, say

SOURCE = Source("Study, cases 1 and 2: at levels of 6.7 and 7.4 ng/ml; limits by specification 4.5")
ALARMING = ("muscle_weakness", "dark_urine")
RHABDOMYOLYSIS = gettext_noop(
    "CK %(ck)s U/l, ten times the upper limit or more, day %(day)s of tacrolimus: rhabdomyolysis pathway, "
    "hold tacrolimus, stop a statin"
)
VERY_HIGH = gettext_noop(
    "CK %(ck)s U/l, five times the upper limit or more, day %(day)s of tacrolimus: stop a statin, "
    "review tacrolimus"
)
WITH_SYMPTOMS = gettext_noop(
    "CK %(ck)s U/l with %(symptom)s, day %(day)s of tacrolimus, whatever the level: review tacrolimus"
)
ON_A_STATIN = gettext_noop(
    "CK %(ck)s U/l with %(symptom)s, on %(statin)s, day %(day)s of tacrolimus, whatever the level: stop "
    "%(statin)s, review tacrolimus"
)
ALARMING_ALONE = gettext_noop("%(symptom)s, day %(day)s of tacrolimus: CK and urine now, whatever the level")
ALARMING_NORMAL = gettext_noop("%(symptom)s with a CK of %(ck)s U/l, not raised: look for another cause")
NO_CK = gettext_noop(
    "%(symptom)s, day %(day)s of tacrolimus: CK today, with magnesium, calcium, potassium, whatever the level"
)
HIGH = gettext_noop("CK %(ck)s U/l, %(times)s times the upper limit or more: repeat, ask for muscle symptoms")


def raised(case: Case) -> Iterator[AlertFinding]:
    """One finding for muscle symptoms and CK, as severe as the worse of them."""
    visit = present_visit(case)
    symptoms = [code for code in MUSCLE_SYMPTOMS if visit is not None and visit.observations.get(code)]
    row = _ck(case, visit if symptoms else None)
    found = _severity_and_sentence(case, symptoms, row)
    if found is None:
        return
    severity, text = found
    sentence = say(
        text,
        ck=None if row is None else format_result(row),
        day=case.days_on_tacrolimus,
        times=SIGNALS.ck_visit_times_upper,
        symptom=OBSERVATIONS[_worst(symptoms)] if symptoms else None,
        statin=_statin(case),
    )
    evidence = list(_evidence(case, visit, symptoms, row))
    yield matter("muscle", severity, sentence, evidence, cautions=_statins(case), source=SOURCE)


def _severity_and_sentence(
    case: Case, symptoms: list[str], row: LaboratoryValue | None
) -> tuple[Severity, str] | None:
    """The first case that applies, from the most serious to the least."""
    alarming = any(code in ALARMING for code in symptoms)
    limit = None if row is None else row.upper_limit
    if row is not None and limit is not None:
        if at_least(row, SIGNALS.ck_hold_times_upper * limit):
            return Severity.ACT_NOW, RHABDOMYOLYSIS
        if symptoms and above(row, limit):
            return Severity.ACT_NOW, ON_A_STATIN if _statin(case) else WITH_SYMPTOMS
        if at_least(row, SIGNALS.ck_act_times_upper * limit):
            return Severity.ACT_NOW, VERY_HIGH
        if at_least(row, SIGNALS.ck_visit_times_upper * limit):
            return Severity.THIS_VISIT, HIGH
    if alarming:
        judged = row is not None and limit is not None
        return (Severity.THIS_VISIT, ALARMING_NORMAL) if judged else (Severity.ACT_NOW, ALARMING_ALONE)
    return (Severity.THIS_VISIT, NO_CK) if symptoms and row is None else None


def _ck(case: Case, visit: Visit | None) -> LaboratoryValue | None:
    """With symptoms, the newest CK from three days before they were seen on; else of this treatment."""
    if visit is None:
        return latest_since_start(case, "ck")
    first = visit.on - timedelta(days=SIGNALS.ck_for_symptoms_days)
    rows = [row for row in laboratory_values(case.record, "ck", case.on) if row.on >= first]
    return rows[-1] if rows and rows[-1].value is not None else None


def _statin(case: Case) -> str | None:
    """The name of the first statin that is taken."""
    taken = active_episodes(case.record, members(STATIN), case.on)
    return DRUGS[taken[0].drug].label if taken else None


def _worst(symptoms: list[str]) -> str:
    return next((code for code in symptoms if code in ALARMING), symptoms[0])


def _evidence(
    case: Case, visit: Visit | None, symptoms: list[str], row: LaboratoryValue | None
) -> Iterator[Evidence]:
    if row is not None:
        yield laboratory_evidence(row)
    if visit is not None:
        yield from (visit_evidence(visit, say(OBSERVATIONS[code]), "yes") for code in symptoms)
    for episode in active_episodes(case.record, members(STATIN), case.on):
        yield episode_evidence(episode)


def _statins(case: Case) -> Iterator[Message]:
    for episode in active_episodes(case.record, members(STATIN), case.on):
        text = gettext_noop("on %(drug)s: the study's case of rhabdomyolysis was on a statin, on day 7")
        yield say(text, drug=DRUGS[episode.drug].label)
