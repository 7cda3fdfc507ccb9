"""What another dose of prednisolone would mean: low disease activity, remission, and the study's efficacy 3.

Clinical specification 6.3: a step back "makes E3 NOT_MET (show consequence)".
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from dosing.rules.case import Case
from dosing.rules.efficacy import WEEK_52, Efficacy, dose_before, efficacy
from dosing.rules.taper.decision import StepDecision
from patients.rules.activity import doris, lldas
from patients.rules.answers import Answer
from patients.rules.drugs import STEROID, members
from patients.rules.record import Episode, Purpose, Record
from patients.rules.verdict import Message, Verdict, gettext_noop, say

ONE_DAY = timedelta(days=1)
REACHED = {
    "lldas": gettext_noop("At %(mg)s mg the last visit would count as low disease activity (LLDAS)"),
    "doris": gettext_noop("At %(mg)s mg the last visit would count as remission (DORIS)"),
}


@dataclass(frozen=True)
class DoseConsequences:
    """The verdicts of today with prednisolone at `mg` a day; efficacy is None before any tacrolimus."""

    mg: Decimal
    lldas: Verdict
    doris: Verdict
    efficacy: Efficacy | None


def effect_of(case: Case, mg: Decimal) -> DoseConsequences:
    """What the rules would say if the dose were `mg` from the day of the case on; nothing else changes."""
    record = with_dose(case.record, mg, case)
    return DoseConsequences(
        mg, lldas(record, case.on), doris(record, case.on), efficacy(replace(case, record=record))
    )


def consequences(case: Case, step: StepDecision) -> Iterator[Message]:
    """What the next step would win, and what an increase would cost."""
    if step.from_mg is None:
        return
    if step.to_mg is not None:
        yield from _won(effect_of(case, step.from_mg), effect_of(case, step.to_mg))
    if step.back_to_mg is not None:
        yield from _lost(case, step.back_to_mg)
    else:
        yield from _ceiling(case)


def costs_efficacy(case: Case, mg: Decimal) -> bool:
    """Whether this dose from today on would make a patient who can still respond a non-responder (E3)."""
    present, then = efficacy(case), effect_of(case, mg).efficacy
    if present is None or then is None or case.on > present.judged_on:
        return False
    return _is_lost(then) and not _is_lost(present)


def with_dose(record: Record, mg: Decimal, case: Case) -> Record:
    """The record with prednisolone at `mg` a day from the day of the case on, in place of today's steroid."""
    replaced = [
        row
        for row in record.episodes
        if row.drug in members(STEROID) and row.covers(case.on) and row.purpose is not Purpose.STRESS_COVER
    ]
    kept = [row for row in record.episodes if row not in replaced]
    ended = [replace(row, last_day=case.on - ONE_DAY) for row in replaced if row.start < case.on]
    return replace(record, episodes=(*kept, *ended, Episode(0, "prednisolone", case.on, mg)))


def _won(now: DoseConsequences, then: DoseConsequences) -> Iterator[Message]:
    for name, text in REACHED.items():
        before, after = getattr(now, name), getattr(then, name)
        if before.answer is not Answer.MET and after.answer is Answer.MET:
            yield say(text, mg=then.mg.normalize())


def _lost(case: Case, mg: Decimal) -> Iterator[Message]:
    """The study's third criterion, if the doctor goes back to the earlier dose."""
    present, then = efficacy(case), effect_of(case, mg).efficacy
    if present is None or then is None or _is_lost(present) or case.on > present.judged_on:
        return
    if _is_lost(then):
        text = gettext_noop(
            "An increase to %(mg)s mg is above the dose before tacrolimus and would make the patient a "
            "non-responder (E3)"
        )
    else:
        text = gettext_noop(
            "An increase to %(mg)s mg is not above the dose before tacrolimus: the patient can still respond "
            "(E3), but it counts as an increase after a reduction (E3b)"
        )
    yield say(text, mg=mg.normalize())


def _ceiling(case: Case) -> Iterator[Message]:
    """The dose that must not be passed until week 52."""
    present = efficacy(case)
    if present is None or _is_lost(present) or case.on > present.judged_on:
        return
    base = dose_before(case.record, present.first_dose_on)
    if base is not None:
        text = gettext_noop(
            "More than %(base)s mg, the dose before tacrolimus, before %(day)s would make the patient a "
            "non-responder (E3)"
        )
        yield say(text, base=base.normalize(), day=present.first_dose_on + timedelta(days=WEEK_52))


def _is_lost(found: Efficacy) -> bool:
    return found.no_increase.answer is Answer.NOT_MET
