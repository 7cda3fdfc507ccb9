"""What the rules ask for while prednisolone is tapered: the step as planned work, a stop of tacrolimus."""

import re
from collections.abc import Iterator
from datetime import timedelta

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity, TaskFinding
from dosing.rules.taper.conditions import SOURCE
from dosing.rules.taper.decision import StepAction, StepDecision, decide_step
from dosing.rules.taper.plan import TaperPlan
from dosing.rules.taper.thresholds import TAPER
from patients.rules.answers import Answer
from patients.rules.evidence import episode_evidence
from patients.rules.reading import latest_visit
from patients.rules.verdict import Message, Verdict, gettext_noop, say

STEP = "taper_step"
PLAN = re.compile(r"plan (\d+):")
WITHOUT_TACROLIMUS = "taper_without_tacrolimus"
NEXT = gettext_noop("Next step of the taper: %(to)s mg (now %(from)s mg since %(since)s)")
HELD = gettext_noop("Taper held at %(from)s mg since %(since)s: look again whether %(to)s mg may follow")
UNSUPPORTED = gettext_noop(
    "Prednisolone is tapered, but tacrolimus is not taken since %(day)s: hold the taper and look again"
)


def raised(case: Case) -> Iterator[AlertFinding]:
    """Stopping the immunosuppressant while tapering brings relapses (WIN-Lupus, S53)."""
    plan = case.treatment.taper
    if plan is None or not case.doses or case.is_on_tacrolimus:
        return
    last = case.doses[-1]
    sentence = say(UNSUPPORTED, day=last.last_day)
    evidence = (episode_evidence(last),)
    yield AlertFinding(
        WITHOUT_TACROLIMUS, Severity.THIS_VISIT, Verdict(Answer.MET, sentence, SOURCE, evidence), str(plan.id)
    )


def due(case: Case) -> Iterator[TaskFinding]:
    """One work for a running plan until its goal: the step, or another look at what holds it."""
    plan = case.treatment.taper
    if plan is None:
        return
    step = decide_step(case, plan)
    if step.earliest_on is None or step.action in (StepAction.AT_GOAL, StepAction.STEP_BACK):
        return
    if step.action is StepAction.PAUSE:
        yield _recheck(case, plan, step)
        return
    overdue_from = step.earliest_on + timedelta(days=TAPER.step_overdue_after_days + 1)
    yield TaskFinding(STEP, _step_message(NEXT, step), step.earliest_on, overdue_from, _subject(plan, step))


def _recheck(case: Case, plan: TaperPlan, step: StepDecision) -> TaskFinding:
    """Two to four weeks after the visit that held it, or after the day the step could have been taken."""
    visit = latest_visit(case.record, case.on)
    days = [day for day in (step.earliest_on, None if visit is None else visit.on) if day is not None]
    held = max(days)
    first = held + timedelta(days=TAPER.recheck_first_day)
    last = held + timedelta(days=TAPER.recheck_last_day + 1)
    return TaskFinding(STEP, _step_message(HELD, step), first, last, _subject(plan, step))


def _step_message(text: str, step: StepDecision) -> Message:
    """The same words from day to day: a task that the nightly run rewords would fill the history."""
    from_mg, to_mg = (None if mg is None else mg.normalize() for mg in (step.from_mg, step.to_mg))
    return say(text, to=to_mg, since=step.since, **{"from": from_mg})


def plan_of(subject: str) -> int | None:
    """The id of the plan that such work is about; None for work that a person planned."""
    found = PLAN.match(subject)
    return None if found is None else int(found[1])


def _subject(plan: TaperPlan, step: StepDecision) -> str:
    """The same from day to day while the same dose of the same plan is next."""
    return f"plan {plan.id}: {step.to_mg}"
