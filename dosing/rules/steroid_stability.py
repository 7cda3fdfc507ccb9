"""C2: the prednisolone equivalent was the same on every day of the last 90. Specification 2.2."""

from datetime import date, timedelta
from functools import partial

from dosing.rules.thresholds import Thresholds
from patients.rules.answers import Answer
from patients.rules.evidence import administration_evidence, drug_name, episode_evidence
from patients.rules.glucocorticoids import DoseChange, Stability, stability
from patients.rules.record import Administration, Episode, Record
from patients.rules.unidentified_drugs import unidentified_missing
from patients.rules.verdict import Evidence, Message, Missing, Source, Verdict, gettext_noop, say

SOURCE = Source("Study: steroid at the same level for 3 months, read as before entry (reading 9)")


def steroid_stable(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C2. A known change, pulse or 0 mg decides before an unknown day or drug does.

    Any drug in free text could be a glucocorticoid: the total is then "at least", and open (second
    specification, section 3).
    """
    found = stability(record, on, thresholds.stable_days)
    evidence = partial(_evidence, found)
    unidentified = [unidentified_missing(row) for row in found.unidentified[:1]]
    against = _against(found, on, thresholds)
    if against is not None:
        return Verdict(Answer.NOT_MET, against, SOURCE, evidence)
    missing = (*_history_missing(found, thresholds), *unidentified)
    if found.dose_mg is None or missing:
        return Verdict(Answer.CANNOT_TELL, missing[0].sentence, SOURCE, evidence, missing=missing)
    sentence = say(
        gettext_noop("Prednisolone %(dose)s mg/day unchanged for %(days)s days"),
        dose=found.dose_mg.normalize(),
        days=_days_unchanged(found, on, thresholds),
    )
    return Verdict(Answer.MET, sentence, SOURCE, evidence, cautions=_stress_note(found))


def _history_missing(found: Stability, thresholds: Thresholds) -> tuple[Missing, ...]:
    if found.dose_mg is not None and not found.unknown_days:
        return ()
    return (Missing("steroid_history", _gap_sentence(found, thresholds), "drug"),)


def _against(found: Stability, on: date, thresholds: Thresholds) -> Message | None:
    if found.pulses:
        return _pulse_sentence(found.pulses[-1], thresholds)
    if found.changes:
        return _change_sentence(found.changes[-1], thresholds)
    first = on - timedelta(days=thresholds.stable_days)
    if found.dose_mg == 0 and not any(_taken_throughout(row, first, on) for row in found.unidentified):
        return say(gettext_noop("No steroid to spare: 0 mg"))
    return None


def _taken_throughout(row: Episode | Administration, first: date, on: date) -> bool:
    """Then it may be the steroid behind a stated 0 mg; any other would be a change, which counts against."""
    return isinstance(row, Episode) and row.covers(first) and row.covers(on)


def _change_sentence(change: DoseChange, thresholds: Thresholds) -> Message:
    return say(
        gettext_noop("Prednisolone changed on %(day)s: %(old)s → %(new)s mg/day; stable from %(passes)s"),
        day=change.on,
        old=change.old_mg.normalize(),
        new=change.new_mg.normalize(),
        passes=change.on + timedelta(days=thresholds.stable_days),
    )


def _pulse_sentence(pulse: Administration, thresholds: Thresholds) -> Message:
    return say(
        gettext_noop("Steroid pulse on %(day)s; stable from %(passes)s"),
        day=pulse.on,
        passes=pulse.on + timedelta(days=thresholds.stable_days),
    )


def _gap_sentence(found: Stability, thresholds: Thresholds) -> Message:
    if not found.unknown_days:
        return say(gettext_noop("The prednisolone dose is not recorded"))
    return say(
        gettext_noop(
            "The prednisolone dose is unknown on %(count)s of the last %(days)s days, from %(first)s"
        ),
        count=len(found.unknown_days),
        days=thresholds.stable_days,
        first=found.unknown_days[0],
    )


def _days_unchanged(found: Stability, on: date, thresholds: Thresholds) -> int:
    """Since the latest start among the present episodes, or the window where that is longer."""
    covering = [row for row in found.episodes if row.covers(on)]
    since = max((row.start for row in covering), default=on)
    return max((on - since).days, thresholds.stable_days)


def _stress_note(found: Stability) -> tuple[Message, ...]:
    return tuple(
        say(
            gettext_noop("stress cover ignored: %(drug)s on %(day)s"),
            drug=drug_name(row.drug, row.drug_text).text,
            day=row.on if isinstance(row, Administration) else row.start,
        )
        for row in found.stress_cover
    )


def _evidence(found: Stability) -> tuple[Evidence, ...]:
    return (
        *(episode_evidence(row) for row in found.episodes),
        *(administration_evidence(row) for row in found.pulses),
    )
