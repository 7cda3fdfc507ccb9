"""Efficacy at week 52 as the study defined it: E1, E2 and E3, and E3b in addition. Specification 2.7.

Each is three-valued; what the patient has lost before week 52 is said at once, what they have won only then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dosing.rules.case import LONGEST_PAUSE, Case
from dosing.rules.drug_changes import IMMUNOSUPPRESSANTS, unknown_dose_missing
from patients.rules.activity.drugs import goes_on_at_unknown_dose, started_or_raised
from patients.rules.activity.flares_by_treatment import for_sle
from patients.rules.activity.visits import format_range, sledai_evidence, unanswered_sledai, unknown
from patients.rules.answers import Answer
from patients.rules.evidence import administration_evidence, episode_evidence
from patients.rules.glucocorticoids import SAME_DOSE, DoseChange, Stability, stability
from patients.rules.reading import episodes_of, latest_visit
from patients.rules.record import Administration, Episode, Record, Visit
from patients.rules.sledai import score
from patients.rules.unidentified_drugs import unidentified_drugs, unidentified_missing
from patients.rules.verdict import (
    Evidence,
    Message,
    Missing,
    Source,
    Value,
    Verdict,
    conjunction,
    gettext_noop,
    say,
)

E1_SOURCE = Source("Study, efficacy 1: SLEDAI at week 52 below that at week 0")
E2_SOURCE = Source("Study, efficacy 2: tacrolimus continued at week 52; a short pause is allowed [D]")
E3_SOURCE = Source("Study, efficacy 3: no increase of steroid and no immunosuppressant added")
E3B_SOURCE = Source("No increase for SLE after a reduction, specification 2.7", published=False)
RESPONDER_SOURCE = Source("Study: responder, all three criteria")
WEEK_52 = 364
WINDOW_FIRST, WINDOW_LAST = 336, 392  # [D] days after the first dose on which a visit counts as week 52
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Efficacy:
    """The outcome of a treatment. visit is that of week 52; judged_on its day, else day 364."""

    first_dose_on: date
    judged_on: date
    visit: Visit | None
    less_active: Verdict
    continued: Verdict
    no_increase: Verdict
    never_raised_again: Verdict
    responder: Verdict


def efficacy(case: Case) -> Efficacy | None:
    """E1 to E3 of the patient's first treatment, as of the day of the case; None before any tacrolimus."""
    doses = [row for row in episodes_of(case.record, ["tacrolimus"], case.on) if row.dose_mg != 0]
    if not doses:
        return None
    first = doses[0].start
    visit = week_52_visit(case.record, first)
    judged_on = visit.on if visit else first + timedelta(days=WEEK_52)
    less_active = _less_active(case, first, visit)
    continued = _continued(case, doses, judged_on)
    no_increase = no_increase_until(case, first, judged_on)
    parts = (less_active, continued, no_increase)
    return Efficacy(
        first_dose_on=first,
        judged_on=judged_on,
        visit=visit,
        less_active=less_active,
        continued=continued,
        no_increase=no_increase,
        never_raised_again=_never_raised_again(case, first, judged_on),
        responder=conjunction(parts, _responder_sentence(parts), RESPONDER_SOURCE),
    )


def week_52_visit(record: Record, first: date) -> Visit | None:
    """The visit of day 336 to 392 that is nearest to day 364; of two as near the earlier."""
    days = [((visit.on - first).days, visit) for visit in record.visits_in_order]
    found = [(abs(day - WEEK_52), visit) for day, visit in days if WINDOW_FIRST <= day <= WINDOW_LAST]
    return min(found, key=lambda item: item[0])[1] if found else None


def _less_active(case: Case, first: date, visit: Visit | None) -> Verdict:
    """E1. With open items it is met, or not, only where every completion says the same."""
    if visit is None:
        return unknown(_no_week_52_visit(case, first), E1_SOURCE)
    start = latest_visit(case.record, first, case.thresholds.visit_max_age_days)
    if start is None:
        text = gettext_noop("There is no visit in the %(days)s days before tacrolimus")
        sentence = say(text, days=case.thresholds.visit_max_age_days)
        return unknown(Missing("sledai_before", sentence, "visit"), E1_SOURCE)
    if start.sledai_window_days != visit.sledai_window_days:
        sentence = say(gettext_noop("SLEDAI of week 0 and week 52 were taken over different times"))
        return unknown(Missing("sledai_window", sentence, "visit"), E1_SOURCE)
    return _compared(start, visit)


def _compared(start: Visit, visit: Visit) -> Verdict:
    before, after = score(start.sledai), score(visit.sledai)
    evidence = sledai_evidence(start, visit)
    if before.high == 0:
        sentence = say(gettext_noop("SLEDAI was 0 before tacrolimus: it cannot fall"))
        return Verdict(Answer.NOT_MET, sentence, E1_SOURCE, evidence)
    values: dict[str, Value] = {
        "before": format_range(before.low, before.high),
        "after": format_range(after.low, after.high),
    }
    if after.high < before.low:
        text = gettext_noop("SLEDAI fell from %(before)s to %(after)s")
        return Verdict(Answer.MET, say(text, **values), E1_SOURCE, evidence)
    if after.low >= before.high:
        text = gettext_noop("SLEDAI did not fall: %(before)s to %(after)s")
        return Verdict(Answer.NOT_MET, say(text, **values), E1_SOURCE, evidence)
    missing = unanswered_sledai(visit if after.total is None else start)
    return Verdict(Answer.CANNOT_TELL, missing.sentence, E1_SOURCE, evidence, missing=(missing,))


def _no_week_52_visit(case: Case, first: date) -> Missing:
    opens, closes = (first + timedelta(days=day) for day in (WINDOW_FIRST, WINDOW_LAST))
    if case.on < opens:
        text = gettext_noop("Week 52 is judged by a visit from %(first)s to %(last)s")
        return Missing("week_52", say(text, first=opens, last=closes), "wait")
    text = gettext_noop("There is no visit from %(first)s to %(last)s, the time of week 52")
    fill = "visit" if case.on <= closes else "wait"
    return Missing("week_52_visit", say(text, first=opens, last=closes), fill)


def _continued(case: Case, doses: Sequence[Episode], judged_on: date) -> Verdict:
    """E2: taken on the day, pauses of up to 28 days listed; a stop fails at once."""
    evidence = tuple(episode_evidence(row) for row in doses)
    stopped = _stopped_on(case, doses, judged_on)
    if stopped is not None:
        sentence = say(gettext_noop("Tacrolimus was stopped; the last dose was on %(day)s"), day=stopped)
        return Verdict(Answer.NOT_MET, sentence, E2_SOURCE, evidence)
    last = doses[-1].last_day
    if last is not None and last < min(judged_on, case.on):
        sentence = say(gettext_noop("Tacrolimus is paused since %(day)s"), day=last)
        return _undecided(Missing("pause", sentence, "wait"), E2_SOURCE, evidence)
    if case.on < judged_on:
        return _undecided(_wait(judged_on), E2_SOURCE, evidence)
    sentence = say(gettext_noop("Tacrolimus was taken on %(day)s"), day=judged_on)
    return Verdict(Answer.MET, sentence, E2_SOURCE, evidence, cautions=tuple(_pauses(doses, judged_on)))


def _stopped_on(case: Case, doses: Sequence[Episode], judged_on: date) -> date | None:
    """The last dose before a recorded stop, or before a break that is longer than a pause."""
    ends = [row.ended_on for row in case.treatment.courses if row.ended_on is not None]
    ends += [before for before, after in _breaks(doses, case.on) if after - before > LONGEST_PAUSE]
    return min((day for day in ends if day < judged_on), default=None)


def _breaks(doses: Sequence[Episode], on: date) -> Iterator[tuple[date, date]]:
    """Each last dose before a break, and the day of the next dose, or today."""
    for number, row in enumerate(doses):
        following = doses[number + 1].start if number + 1 < len(doses) else on
        if row.last_day is not None and following - row.last_day > ONE_DAY:
            yield row.last_day, following


def _pauses(doses: Sequence[Episode], judged_on: date) -> Iterator[Message]:
    for before, after in _breaks(doses, judged_on):
        if before < judged_on:
            text = gettext_noop("paused after %(last)s until %(next)s, %(days)s days without a dose")
            yield say(text, last=before, next=after, days=(after - before).days - 1)


def no_increase_until(case: Case, first: date, judged_on: date) -> Verdict:
    """E3 from the first dose of tacrolimus to a day, or to the day of the case where that comes first."""
    day_before, until = first - ONE_DAY, min(judged_on, case.on)
    found = stability(case.record, until, (until - day_before).days)
    added = started_or_raised(case.record, IMMUNOSUPPRESSANTS, day_before, until)
    base_mg = _known_dose(case.record, day_before)
    against = _against(found, base_mg, added)
    evidence = (*_steroid_evidence(found), *added)
    if against is not None:
        return Verdict(Answer.NOT_MET, against, E3_SOURCE, evidence)
    missing = tuple(_not_known(case.record, found, base_mg, day_before, until))
    if missing:
        return Verdict(Answer.CANNOT_TELL, missing[0].sentence, E3_SOURCE, evidence, missing=missing)
    if case.on < judged_on:
        return _undecided(_wait(judged_on), E3_SOURCE, evidence)
    text = gettext_noop("Prednisolone never above %(base)s mg/day, and no immunosuppressant added")
    sentence = say(text, base=None if base_mg is None else base_mg.normalize())
    return Verdict(Answer.MET, sentence, E3_SOURCE, evidence, cautions=_stress(found))


def dose_before(record: Record, first: date) -> Decimal | None:
    """The prednisolone equivalent in mg of the day before the first dose; None where it is not known."""
    return _known_dose(record, first - ONE_DAY)


def _known_dose(record: Record, day: date) -> Decimal | None:
    """The prednisolone equivalent of a day in mg, stress cover aside; None where it is not known."""
    found = stability(record, day, 1)
    return None if day in found.unknown_days else found.dose_mg


def _against(found: Stability, base_mg: Decimal | None, added: Sequence[Evidence]) -> Message | None:
    if found.pulses:
        return say(gettext_noop("Steroid pulse on %(day)s"), day=found.pulses[0].on)
    above = [row for row in found.changes if base_mg is not None and row.new_mg - base_mg >= SAME_DOSE]
    if above:
        text = gettext_noop("Prednisolone %(new)s mg from %(day)s, above the %(base)s mg before tacrolimus")
        base = None if base_mg is None else base_mg.normalize()
        return say(text, new=above[0].new_mg.normalize(), day=above[0].on, base=base)
    if added:
        label = added[0].label
        text = gettext_noop("%(drug)s was started, raised or given on %(day)s")
        return say(text, drug=label.values.get("drug") or label.text, day=added[0].on)
    return None


def _not_known(
    record: Record, found: Stability, base_mg: Decimal | None, day_before: date, until: date
) -> Iterator[Missing]:
    if base_mg is None:
        text = gettext_noop("The prednisolone dose of %(day)s, the day before tacrolimus, is not known")
        yield Missing("steroid_before", say(text, day=day_before), "drug")
    days = [day for day in found.unknown_days if day > day_before]
    if days:
        text = gettext_noop("The prednisolone dose is unknown on %(count)s days, from %(first)s")
        yield Missing("steroid_history", say(text, count=len(days), first=days[0]), "drug")
    for row in unidentified_drugs(record, day_before + timedelta(days=1), until)[:1]:
        yield unidentified_missing(row)
    for row in goes_on_at_unknown_dose(record, IMMUNOSUPPRESSANTS, day_before, until):
        yield unknown_dose_missing(row)


def _never_raised_again(case: Case, first: date, judged_on: date) -> Verdict:
    """E3b [D]: no increase for SLE after any reduction, even below the dose of day 0."""
    day_before, until = first - ONE_DAY, min(judged_on, case.on)
    found = stability(case.record, until, (until - day_before).days)
    raised = _raised_after_a_cut(case.record, found.changes)
    evidence = _steroid_evidence(found)
    if raised is not None:
        text = gettext_noop("Prednisolone was raised again from %(old)s to %(new)s mg on %(day)s")
        old, new = raised.old_mg.normalize(), raised.new_mg.normalize()
        sentence = say(text, old=old, new=new, day=raised.on)
        return Verdict(Answer.NOT_MET, sentence, E3B_SOURCE, evidence)
    missing = tuple(_not_known(case.record, found, found.dose_mg, day_before, until))
    if missing:
        return Verdict(Answer.CANNOT_TELL, missing[0].sentence, E3B_SOURCE, evidence, missing=missing)
    if case.on < judged_on:
        return _undecided(_wait(judged_on), E3B_SOURCE, evidence)
    sentence = say(gettext_noop("Prednisolone was never raised again after a reduction"))
    return Verdict(Answer.MET, sentence, E3B_SOURCE, evidence)


def _raised_after_a_cut(record: Record, changes: Sequence[DoseChange]) -> DoseChange | None:
    reduced = False
    for change in changes:
        if change.new_mg < change.old_mg:
            reduced = True
        elif reduced and for_sle(record, change):
            return change
    return None


def _stress(found: Stability) -> tuple[Message, ...]:
    text = gettext_noop("stress cover of %(day)s is not counted")
    days = [row.on if isinstance(row, Administration) else row.start for row in found.stress_cover]
    return tuple(say(text, day=day) for day in days)


def _steroid_evidence(found: Stability) -> tuple[Evidence, ...]:
    return (
        *(episode_evidence(row) for row in found.episodes),
        *(administration_evidence(row) for row in found.pulses),
    )


def _wait(judged_on: date) -> Missing:
    return Missing("week_52", say(gettext_noop("Week 52 is on %(day)s"), day=judged_on), "wait")


def _undecided(missing: Missing, source: Source, evidence: tuple[Evidence, ...]) -> Verdict:
    return Verdict(Answer.CANNOT_TELL, missing.sentence, source, evidence, missing=(missing,))


def _responder_sentence(parts: Sequence[Verdict]) -> Message:
    for answer in (Answer.NOT_MET, Answer.CANNOT_TELL):
        for part in parts:
            if part.answer is answer:
                return part.sentence
    return say(gettext_noop("Less active, on tacrolimus, and without more steroid: a responder"))
