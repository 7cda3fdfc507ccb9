"""W: clinical symptoms that became worse, each with its attribution to SLE.

Clinical specification 2.3; the six symptoms are the study's.
"""

from datetime import date, timedelta

from dosing.rules.thresholds import Thresholds
from patients.rules.answers import Answer, any_of
from patients.rules.evidence import visit_evidence
from patients.rules.findings import SYMPTOMS
from patients.rules.reading import latest_visit
from patients.rules.record import Attribution, Record, Symptom, Visit
from patients.rules.verdict import (
    Evidence,
    Message,
    Missing,
    Source,
    Verdict,
    conjunction,
    disjunction,
    gettext_noop,
    say,
)

SOURCE = Source("Study: clinical symptoms worsened; new or worse as in SLEDAI and SFI", published=True)
NOT_ASSESSED = Symptom()
NOT_WORSE = say(gettext_noop("No symptom became worse"))
MEASURED = ("arthritis", "fever")
LABELS = {symptom: say(label) for symptom, label in SYMPTOMS.items()}


def worsening(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """Whether any of the six symptoms became worse and is due to SLE, at the latest visit."""
    visit = latest_visit(record, on, thresholds.visit_max_age_days)
    if visit is None:
        return _no_visit(record, on, thresholds)
    before = comparator_visit(record, visit, thresholds)
    asked = [symptom for symptom in SYMPTOMS if not _is_absent(symptom, visit, before, thresholds)]
    parts = tuple([_worsened(symptom, visit, before, thresholds) for symptom in asked])
    return disjunction(parts, _joint_sentence(parts), SOURCE, lambda: _each(visit, before, thresholds))


def _is_absent(symptom: str, visit: Visit, before: Visit | None, thresholds: Thresholds) -> bool:
    """The usual case: graded 0, and no measurement says otherwise."""
    if visit.symptoms.get(symptom, NOT_ASSESSED).severity != 0:
        return False
    return symptom not in MEASURED or _stated_worse(symptom, visit, before, thresholds) is None


def _each(visit: Visit, before: Visit | None, thresholds: Thresholds) -> tuple[Verdict, ...]:
    return tuple([_worsened(symptom, visit, before, thresholds) for symptom in SYMPTOMS])


def comparator_visit(record: Record, visit: Visit, thresholds: Thresholds) -> Visit | None:
    """The latest visit 14 to 180 days before this one."""
    newest = visit.on - timedelta(days=thresholds.comparator_min_days)
    oldest = visit.on - timedelta(days=thresholds.comparator_max_days)
    earlier = (other for other in reversed(record.visits_in_order) if oldest <= other.on <= newest)
    return next(earlier, None)


def _worsened(symptom: str, visit: Visit, before: Visit | None, thresholds: Thresholds) -> Verdict:
    change = _change(symptom, visit, before, thresholds)
    if change.answer is Answer.NOT_MET:
        return change
    attribution = _attribution(symptom, visit)
    return conjunction([change, attribution], _sentence(change, attribution), SOURCE)


def _change(symptom: str, visit: Visit, before: Visit | None, thresholds: Thresholds) -> Verdict:
    evidence = _evidence(symptom, visit, before)
    stated = _stated_worse(symptom, visit, before, thresholds)
    if stated is not None:
        return _met_verdict(stated, evidence)
    now = visit.symptoms.get(symptom, NOT_ASSESSED).severity
    if now is None:
        return _unknown(
            symptom, say(gettext_noop("%(symptom)s was not assessed"), symptom=SYMPTOMS[symptom]), evidence
        )
    earlier = before.symptoms.get(symptom, NOT_ASSESSED).severity if before else None
    return _compared(symptom, earlier, now, evidence)


def _stated_worse(symptom: str, visit: Visit, before: Visit | None, thresholds: Thresholds) -> Message | None:
    """What says "worse" without comparing grades: the doctor's tick, a measured fever, a joint count."""
    now = visit.symptoms.get(symptom, NOT_ASSESSED)
    if now.worse_than_before and now.severity != 0:
        return say(gettext_noop("%(symptom)s: worse than before"), symptom=SYMPTOMS[symptom])
    if symptom == "fever" and _fever_measured(visit, before, thresholds):
        return _fever_sentence(visit)
    if symptom == "arthritis" and _more_joints(visit, before, thresholds):
        return say(gettext_noop("%(count)s swollen joints, more than before"), count=visit.swollen_joints)
    return None


def _compared(symptom: str, earlier: int | None, now: int, evidence: tuple[Evidence, ...]) -> Verdict:
    name = SYMPTOMS[symptom]
    if now == 0:
        return _not_met_verdict(say(gettext_noop("%(symptom)s: none"), symptom=name), evidence)
    if earlier is None:
        sentence = say(
            gettext_noop("%(symptom)s is present, but there is no earlier visit to compare with"),
            symptom=name,
        )
        return _unknown(f"{symptom}_before", sentence, evidence)
    text = (
        gettext_noop("%(symptom)s %(before)s → %(now)s")
        if now > earlier
        else gettext_noop("%(symptom)s not worse: %(before)s → %(now)s")
    )
    sentence = say(text, symptom=name, before=earlier, now=now)
    return _met_verdict(sentence, evidence) if now > earlier else _not_met_verdict(sentence, evidence)


def _attribution(symptom: str, visit: Visit) -> Verdict:
    given = visit.symptoms.get(symptom, NOT_ASSESSED).attribution
    name = SYMPTOMS[symptom]
    if given is Attribution.YES:
        return _met_verdict(say(gettext_noop("%(symptom)s is due to SLE"), symptom=name), ())
    if given is Attribution.NO:
        return _not_met_verdict(say(gettext_noop("%(symptom)s is not due to SLE"), symptom=name), ())
    sentence = (
        say(gettext_noop("whether %(symptom)s is due to SLE is uncertain"), symptom=name)
        if given is Attribution.UNCERTAIN
        else say(gettext_noop("whether %(symptom)s is due to SLE was not judged"), symptom=name)
    )
    return _unknown(f"{symptom}_attribution", sentence, ())


def _fever_measured(visit: Visit, before: Visit | None, thresholds: Thresholds) -> bool:
    """A fever since the comparator, with none at it; a comparator without a temperature does not tell."""
    if visit.highest_temperature_c is None or visit.highest_temperature_c <= thresholds.fever_c:
        return False
    if before is None or before.highest_temperature_c is None:
        return False
    return before.highest_temperature_c <= thresholds.fever_c


def _fever_sentence(visit: Visit) -> Message:
    return say(
        gettext_noop("fever of %(temperature)s °C since the visit before"),
        temperature=visit.highest_temperature_c,
    )


def _more_joints(visit: Visit, before: Visit | None, thresholds: Thresholds) -> bool:
    if visit.swollen_joints is None or before is None or before.swollen_joints is None:
        return False
    inflamed = visit.inflamed_joints is not None and visit.inflamed_joints >= thresholds.inflamed_joints
    return inflamed and visit.swollen_joints > before.swollen_joints


def _sentence(change: Verdict, attribution: Verdict) -> Message:
    if change.answer is Answer.MET and attribution.answer is Answer.MET:
        return change.sentence
    return attribution.sentence if change.answer is Answer.MET else change.sentence


def _joint_sentence(parts: tuple[Verdict, ...]) -> Message:
    """The sentence of the first part that decides is that of the whole."""
    answer = any_of(part.answer for part in parts)
    if answer is Answer.NOT_MET:
        return NOT_WORSE
    return next(part.sentence for part in parts if part.answer is answer)


def _no_visit(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    last = latest_visit(record, on)
    sentence = (
        say(gettext_noop("There is no signed visit"))
        if last is None
        else say(
            gettext_noop("The last signed visit is %(age)s days old (limit %(limit)s)"),
            age=(on - last.on).days,
            limit=thresholds.visit_max_age_days,
        )
    )
    return Verdict(
        answer=Answer.CANNOT_TELL,
        sentence=sentence,
        source=SOURCE,
        missing=(Missing("visit", sentence, "visit"),),
    )


def _evidence(symptom: str, visit: Visit, before: Visit | None) -> tuple[Evidence, ...]:
    label = LABELS[symptom]
    rows = (visit,) if before is None else (before, visit)
    return tuple(
        [visit_evidence(row, label, row.symptoms.get(symptom, NOT_ASSESSED).severity, "of 3") for row in rows]
    )


def _met_verdict(sentence: Message, evidence: tuple[Evidence, ...]) -> Verdict:
    return Verdict(Answer.MET, sentence, SOURCE, evidence)


def _not_met_verdict(sentence: Message, evidence: tuple[Evidence, ...]) -> Verdict:
    return Verdict(Answer.NOT_MET, sentence, SOURCE, evidence)


def _unknown(item: str, sentence: Message, evidence: tuple[Evidence, ...]) -> Verdict:
    return Verdict(
        Answer.CANNOT_TELL, sentence, SOURCE, evidence, missing=(Missing(item, sentence, "visit"),)
    )
