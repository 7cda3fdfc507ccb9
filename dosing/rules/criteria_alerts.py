"""Which alerts the criteria for adding tacrolimus raise."""

from datetime import date

from dosing.rules.criteria import Assessment
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.safety import Gate, SafetyAssessment
from patients.rules.answers import Answer
from patients.rules.reading import active_episodes
from patients.rules.record import Record
from patients.rules.verdict import Message, Missing, Source, Verdict, gettext_noop, say

DESIGN = Source("TACSLE design: which verdicts become alerts", published=False)


# A decision about tacrolimus answers these and no others.
CRITERIA_RULES = frozenset(
    {"consider_tacrolimus", "criteria_met_safety_open", "c3_may_be_falling", "criteria_cannot_tell"}
)


def raised_alerts(
    record: Record, on: date, assessment: Assessment, safety: SafetyAssessment
) -> tuple[AlertFinding, ...]:
    """The alerts of the criteria rules for a patient who is not on tacrolimus; none for one who is."""
    if not assessment.applicable or active_episodes(record, ["tacrolimus"], on):
        return ()
    if assessment.answer is Answer.MET:
        return (_criteria_met_alert(assessment, safety),)
    if assessment.answer is Answer.CANNOT_TELL:
        return (*_c3_may_be_falling(assessment), _cannot_tell(assessment))
    return ()


def _criteria_met_alert(assessment: Assessment, safety: SafetyAssessment) -> AlertFinding:
    trigger = assessment.criteria["C6"]
    if safety.state in (Gate.CLEAR, Gate.CAUTION):
        sentence = say(gettext_noop("Criteria for adding tacrolimus are met"))
        rule = "consider_tacrolimus"
    else:
        sentence = say(
            gettext_noop("Criteria for adding tacrolimus are met, but safety before start is not settled")
        )
        rule = "criteria_met_safety_open"
    settled = rule == "consider_tacrolimus"
    verdict = Verdict(
        answer=Answer.MET,
        sentence=sentence,
        source=DESIGN,
        evidence=trigger.evidence,
        obligations=assessment.obligations,
        cautions=assessment.cautions,
        parts=(trigger,) if settled else (trigger, _worst_safety_verdict(safety)),
    )
    return AlertFinding(rule, Severity.THIS_VISIT, verdict)


def _worst_safety_verdict(safety: SafetyAssessment) -> Verdict:
    """The worst safety finding as a part of the alert's verdict."""
    worst = safety.findings[0]
    missing = () if worst.missing is None else (worst.missing,)
    answer = Answer.CANNOT_TELL if missing else Answer.NOT_MET
    return Verdict(answer, worst.sentence, worst.source, worst.evidence, missing=missing)


def _c3_may_be_falling(assessment: Assessment) -> tuple[AlertFinding, ...]:
    confirmation = [item for item in assessment.criteria["C6"].missing if item.item == "c3_confirmation"]
    if not confirmation:
        return ()
    sentence = say(gettext_noop("C3 may be falling, repeat it"))
    return (
        AlertFinding(
            "c3_may_be_falling",
            Severity.THIS_VISIT,
            _undecided(sentence, tuple(confirmation), assessment.criteria["C6"]),
        ),
    )


def _cannot_tell(assessment: Assessment) -> AlertFinding:
    first = assessment.missing[0].sentence
    count = len(assessment.missing)
    sentence: Message = first if count == 1 else _with_count(count)
    return AlertFinding("criteria_cannot_tell", Severity.KNOW, _undecided(sentence, assessment.missing))


def _with_count(count: int) -> Message:
    return say(gettext_noop("Cannot tell yet: %(count)s things are missing"), count=count)


def _undecided(sentence: Message, missing: tuple[Missing, ...], *parts: Verdict) -> Verdict:
    return Verdict(answer=Answer.CANNOT_TELL, sentence=sentence, source=DESIGN, missing=missing, parts=parts)
