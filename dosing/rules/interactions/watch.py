"""What is raised about other drugs while tacrolimus is taken, and the controls that their table asks for."""

from collections.abc import Iterator
from datetime import date, timedelta

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity, TaskFinding
from dosing.rules.interactions.check import Check, Concern, begins, check
from dosing.rules.interactions.table import LEVEL
from patients.rules.analytes import ANALYTES
from patients.rules.answers import Answer
from patients.rules.drugs import DRUGS, QT_PROLONGING, members
from patients.rules.evidence import administration_evidence, episode_evidence
from patients.rules.glucocorticoids import stability
from patients.rules.reading import active_episodes, latest_laboratory
from patients.rules.record import Administration
from patients.rules.verdict import Missing, Source, Verdict, gettext_noop, say

RULE, UNKNOWN, QT = "interaction", "interaction_unknown", "interaction_qt"
LEVEL_DUE, CONTROL = "level_due", "interaction_control"
SOURCE = Source("Specification 4.3, interaction table", published=False)
# Ciclosporin has an alert of its own (signals: drug_restarted).
ELSEWHERE = frozenset({"ciclosporin"})
# [D] How long after the start of a drug a missing control is requested.
ASKED_FOR = timedelta(days=56)
OVERDUE_AFTER = timedelta(days=3)
# [D] A pulse, or a cut of prednisolone by so much, changes the clearance: level in one to two weeks.
LARGE_CUT_MG = 5
STEROID_FIRST, STEROID_LAST = 7, 14
SECOND_QT_DRUG = 2

STARTED = gettext_noop("%(drug)s since %(day)s: %(effect)s; %(action)s")
STOPPED = gettext_noop("%(drug)s stopped, last day %(day)s: tacrolimus changes back; %(action)s")


def raised(case: Case) -> Iterator[AlertFinding]:
    """Drugs newly started during tacrolimus, until their control is done; drugs that are not recognised."""
    if not case.is_on_tacrolimus:
        return
    found = check(case)
    yield from _of_the_table(case, found)
    yield from _unknown(found)
    yield from _qt(case)


def due(case: Case) -> Iterator[TaskFinding]:
    """The control after a start, after a stop, and after a pulse or a large cut of the steroid."""
    if not case.is_on_tacrolimus:
        return
    for concern in check(case).concerns:
        if concern.missing and _is_new(case, concern) and case.on - concern.since <= ASKED_FOR:
            yield _control(concern)
    yield from _after_steroid(case)


def _is_new(case: Case, concern: Concern) -> bool:
    """Started or stopped after the first dose of tacrolimus: earlier drugs were considered at that time."""
    first = case.first_dose_on
    if first is None:
        return False
    if concern.stopped_on is not None:
        return concern.stopped_on >= first
    return concern.episode.start > first and begins(case, concern.episode)


def _of_the_table(case: Case, found: Check) -> Iterator[AlertFinding]:
    """One finding a drug, from the most serious of its classes; contraindicated drugs until they end."""
    concerns: dict[str, Concern] = {}
    for concern in found.concerns:
        drug, severity = concern.episode.drug, concern.interaction.severity
        if severity is None or drug in ELSEWHERE or not _stands(case, concern):
            continue
        known = concerns.get(drug)
        if known is None or severity > (known.interaction.severity or 0):
            concerns[drug] = concern
    for drug, concern in sorted(concerns.items()):
        yield _alert(drug, concern)


def _stands(case: Case, concern: Concern) -> bool:
    if concern.interaction.control is None:
        return True
    return bool(concern.missing) and _is_new(case, concern) and case.on - concern.since <= ASKED_FOR


def _alert(drug: str, concern: Concern) -> AlertFinding:
    row = concern.interaction
    sentence = say(
        STARTED if concern.stopped_on is None else STOPPED,
        drug=DRUGS[drug].label,
        day=concern.since,
        effect=row.effect,
        action=row.action,
    )
    verdict = Verdict(Answer.MET, sentence, row.source, (episode_evidence(concern.episode),))
    return AlertFinding(RULE, row.severity or Severity.KNOW, verdict, subject=drug)


def _unknown(found: Check) -> Iterator[AlertFinding]:
    for row in found.unidentified:
        text = gettext_noop("“%(drug)s” is not in the catalogue: whether it interacts cannot be told")
        sentence = say(text, drug=row.drug_text)
        missing = (Missing("unmapped_drug", sentence, "which_drug"),)
        evidence = (
            administration_evidence(row) if isinstance(row, Administration) else episode_evidence(row),
        )
        verdict = Verdict(Answer.CANNOT_TELL, sentence, SOURCE, evidence, missing=missing)
        kind = "given" if isinstance(row, Administration) else "taken"
        yield AlertFinding(UNKNOWN, Severity.KNOW, verdict, subject=f"{kind} {row.id}")


def _qt(case: Case) -> Iterator[AlertFinding]:
    """A second drug that prolongs QT without an ECG since it was started. QTc itself is a signal."""
    rows = [row for row in active_episodes(case.record, members(QT_PROLONGING), case.on) if row.dose_mg != 0]
    if len({row.drug for row in rows}) < SECOND_QT_DRUG:
        return
    second = max(rows, key=lambda row: (row.start, row.drug))
    ecg = latest_laboratory(case.record, "qtc", case.on)
    if (ecg is not None and ecg.on >= second.start) or case.on - second.start > ASKED_FOR:
        return
    text = gettext_noop("%(drugs)s together prolong QT: ECG")
    sentence = say(text, drugs=tuple(sorted({DRUGS[row.drug].label for row in rows})))
    evidence = tuple(episode_evidence(row) for row in rows)
    yield AlertFinding(QT, Severity.KNOW, Verdict(Answer.MET, sentence, SOURCE, evidence), subject="ecg")


def _control(concern: Concern) -> TaskFinding:
    control = concern.interaction.control
    first, last = (0, 0) if control is None else (control.first_day, control.last_day)
    stopped = concern.stopped_on is not None
    text = (
        gettext_noop("After the stop of %(drug)s on %(day)s: %(items)s")
        if stopped
        else gettext_noop("After the start of %(drug)s on %(day)s: %(items)s")
    )
    drug = concern.episode.drug
    sentence = say(text, drug=DRUGS[drug].label, day=concern.since, items=_names(concern.missing))
    turn = "stop" if stopped else "start"
    return TaskFinding(
        LEVEL_DUE if LEVEL in concern.missing else CONTROL,
        sentence,
        concern.since + timedelta(days=first),
        concern.since + timedelta(days=last) + OVERDUE_AFTER,
        f"{concern.interaction.key}: {drug} {turn} {concern.since.isoformat()}",
    )


def _names(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(gettext_noop("level") if item == LEVEL else ANALYTES[item].label for item in items)


def _after_steroid(case: Case) -> Iterator[TaskFinding]:
    """A level after a pulse, or after a large cut: steroids induce the enzyme that clears tacrolimus."""
    first = case.first_dose_on
    if first is None:
        return
    window = STEROID_LAST + OVERDUE_AFTER.days + STEROID_LAST
    found = stability(case.record, case.on, window)
    days = [row.on for row in found.pulses]
    days += [change.on for change in found.changes if change.old_mg - change.new_mg >= LARGE_CUT_MG]
    for day in sorted({day for day in days if day > first}):
        if not _level_since(case, day + timedelta(days=STEROID_FIRST)):
            text = gettext_noop("After the pulse or the large cut of prednisolone on %(day)s: level")
            last = day + timedelta(days=STEROID_LAST) + OVERDUE_AFTER
            yield TaskFinding(
                LEVEL_DUE, say(text, day=day), day + timedelta(days=STEROID_FIRST), last, f"steroid {day}"
            )


def _level_since(case: Case, day: date) -> bool:
    return any(level.on >= day for level in case.treatment.levels)
