"""The next step of a taper: GO, not yet, PAUSE, STEP BACK, or what is missing to say so. Specification 6.3.

A step is only ever down. Only a doctor orders a step back: the rules say that something supports it,
what the dose was before, and what an increase would mean for the study's efficacy.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dosing.rules.case import Case
from dosing.rules.taper.advice import notes
from dosing.rules.taper.against_plan import earliest_step
from dosing.rules.taper.conditions import (
    Seen,
    in_time,
    of_a_low_dose,
    of_the_laboratory,
    of_the_treatment,
    of_the_visit,
    seen_at,
)
from dosing.rules.taper.plan import TaperPlan
from dosing.rules.taper.present import Present, present_dose
from dosing.rules.taper.steps import SOURCE, next_dose
from patients.rules.activity import is_serology_only
from patients.rules.activity.visits import unknown
from patients.rules.answers import Answer
from patients.rules.evidence import episode_evidence
from patients.rules.reading import latest_visit
from patients.rules.verdict import (
    Evidence,
    Message,
    Missing,
    Source,
    Value,
    Verdict,
    gettext_noop,
    say,
)


class StepAction(enum.StrEnum):
    """What may be done now. NOT_YET: only the time is not over. AT_GOAL: the plan goes no further."""

    GO = "go"
    NOT_YET = "not_yet"
    PAUSE = "pause"
    STEP_BACK = "step_back"
    CANNOT_TELL = "cannot_tell"
    AT_GOAL = "at_goal"


SENTENCES = {
    StepAction.GO: gettext_noop(
        "Next step: %(to)s mg from %(day)s (current %(from)s mg since %(since)s, %(days)s days)"
    ),
    StepAction.NOT_YET: gettext_noop(
        "Next step: %(to)s mg, not before %(day)s (current %(from)s mg since %(since)s, %(days)s days)"
    ),
    StepAction.PAUSE: gettext_noop(
        "Hold %(from)s mg and look again in 2 to 4 weeks (since %(since)s, %(days)s days; "
        "%(to)s mg would be next)"
    ),
    StepAction.STEP_BACK: gettext_noop(
        "Flare at %(from)s mg (since %(since)s, %(days)s days): no step down; review whether to go back"
    ),
    StepAction.CANNOT_TELL: gettext_noop(
        "Next step: %(to)s mg from %(day)s, if what is missing allows it "
        "(current %(from)s mg since %(since)s, %(days)s days)"
    ),
}
AT_GOAL = gettext_noop("Prednisolone %(from)s mg since %(since)s: the plan goes no further")


@dataclass(frozen=True)
class StepDecision:
    """Whether the next step may be taken on the day.

    from_mg: the present dose; None: not known. to_mg: the next planned dose, always lower; None at the end of
    the plan. earliest_on: the first day it may be taken. conditions: MET lets it go on, NOT_MET holds it.
    back_to_mg: in a flare, the dose before the last reduction. is_severe: a severe flare.
    """

    action: StepAction
    sentence: Message
    from_mg: Decimal | None
    since: date | None = None
    to_mg: Decimal | None = None
    earliest_on: date | None = None
    conditions: tuple[Verdict, ...] = ()
    missing: tuple[Missing, ...] = ()
    back_to_mg: Decimal | None = None
    is_severe: bool = False
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[Message, ...] = ()
    source: Source = SOURCE

    @property
    def blocks(self) -> tuple[Verdict, ...]:
        """Every reason that holds the step."""
        return tuple(verdict for verdict in self.conditions if verdict.answer is Answer.NOT_MET)

    @property
    def reasons(self) -> tuple[Verdict, ...]:
        """The reasons for the step."""
        return tuple(verdict for verdict in self.conditions if verdict.answer is Answer.MET)


def decide_step(case: Case, plan: TaperPlan) -> StepDecision:
    """The next step of a plan on the day of the case."""
    present = present_dose(case.record, case.on)
    evidence = tuple(episode_evidence(row) for row in present.episodes)
    if present.mg is None or present.since is None:
        return _unknown_dose(present, evidence)
    to_mg = next_dose(plan, present.mg)
    values: dict[str, Value] = {"from": present.mg.normalize(), "since": present.since}
    if to_mg is None:
        sentence = say(AT_GOAL, **values)
        return StepDecision(StepAction.AT_GOAL, sentence, present.mg, present.since, evidence=evidence)
    earliest_on = earliest_step(case, plan, present.mg, present.since)
    seen, conditions = _conditions(case, plan, present, to_mg, earliest_on)
    action = _action(conditions, seen)
    values |= {
        "to": to_mg.normalize(),
        "day": max(earliest_on, case.on),
        "days": (case.on - present.since).days,
    }
    is_back = action is StepAction.STEP_BACK
    return StepDecision(
        action=action,
        sentence=say(SENTENCES[action], **values),
        from_mg=present.mg,
        since=present.since,
        to_mg=to_mg,
        earliest_on=earliest_on,
        conditions=conditions,
        missing=_open(conditions),
        back_to_mg=present.before_cut_mg if is_back else None,
        is_severe=is_back and seen is not None and seen.flare.severe.answer is Answer.MET,
        evidence=evidence,
        notes=tuple(notes(case)),
    )


def _unknown_dose(present: Present, evidence: tuple[Evidence, ...]) -> StepDecision:
    missing = present.missing
    given = () if missing is None else (missing,)
    sentence = given[0].sentence if given else say("")
    return StepDecision(StepAction.CANNOT_TELL, sentence, None, missing=given, evidence=evidence)


def _conditions(
    case: Case, plan: TaperPlan, present: Present, to_mg: Decimal, earliest_on: date
) -> tuple[Seen | None, tuple[Verdict, ...]]:
    """Every condition of the step; without a visit at this dose what a visit answers is one open point."""
    visit = latest_visit(case.record, case.on, case.thresholds.visit_max_age_days)
    turns = [day for day in (present.since, case.first_dose_on) if day is not None]
    if visit is not None and turns and visit.on <= max(turns):
        visit = None
    seen = None if visit is None else seen_at(case, visit)
    conditions = (
        in_time(earliest_on, case.on),
        *(of_the_visit(case, seen) if seen is not None else _no_visit(case, present)),
        *of_the_laboratory(case),
        *of_the_treatment(case, visit),
        *of_a_low_dose(case, plan, to_mg),
    )
    return seen, conditions


def _no_visit(case: Case, present: Present) -> Iterator[Verdict]:
    """A step is decided by a visit at the present dose and on tacrolimus: earlier ones do not count [D]."""
    days = [case.on - timedelta(days=case.thresholds.visit_max_age_days), present.since, case.first_dose_on]
    since = max(day for day in days if day is not None)
    sentence = say(gettext_noop("There is no visit at this dose, after %(day)s"), day=since)
    yield unknown(Missing("visit", sentence, "visit"), SOURCE)


def _action(conditions: tuple[Verdict, ...], seen: Seen | None) -> StepAction:
    if seen is not None and _is_flare(seen):
        return StepAction.STEP_BACK
    blocked = [number for number, each in enumerate(conditions) if each.answer is Answer.NOT_MET]
    if blocked:
        return StepAction.NOT_YET if blocked == [0] else StepAction.PAUSE
    return StepAction.CANNOT_TELL if _open(conditions) else StepAction.GO


def _is_flare(seen: Seen) -> bool:
    """A severe flare, or a milder one that is more than serology: that alone holds the step [D] (S51)."""
    if seen.flare.severe.answer is Answer.MET:
        return True
    mild = seen.flare.mild_or_moderate.answer is Answer.MET
    return mild and not is_serology_only(seen.before, seen.visit, seen.flare)


def _open(conditions: tuple[Verdict, ...]) -> tuple[Missing, ...]:
    """Everything that is missing, each item once, also where something else holds the step already."""
    found = {item.item: item for each in reversed(conditions) for item in reversed(each.missing)}
    return tuple(reversed(found.values()))
