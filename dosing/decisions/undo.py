"""A decision about tacrolimus that was made in error: marked as such, and what it wrote is reversed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dosing.alerts.task_services import cancel_task
from dosing.decisions.course_orders import Reason
from dosing.models import COURSE_KINDS, Decision, DecisionKind, TacrolimusCourse, Task, TaskState
from patients import changes
from patients.models import DoseEpisode, Patient
from patients.services import writing
from patients.services.drugs import correct_episode

if TYPE_CHECKING:
    from accounts.models import User

ABOUT_TACROLIMUS = (DecisionKind.START, *COURSE_KINDS)
ONE_DAY = timedelta(days=1)


def last_decision(patient: Patient) -> Decision | None:
    """The newest standing decision that began, changed or ended a treatment: the only one to take back."""
    rows = Decision.objects.active().filter(patient=patient, kind__in=ABOUT_TACROLIMUS)
    return rows.select_related("patient__clinic", "episode").order_by("-pk").first()


@transaction.atomic
def take_back(*, decision: Decision, reason: str, by: User) -> Decision:
    """Mark the last decision as entered in error, and reverse what it wrote to the doses and the course.

    Raises ValidationError: no reason, not the last decision, or doses that were changed since.
    """
    writing.lock(decision.patient)
    if last_decision(decision.patient) != decision:
        raise ValidationError(_("Only the last decision about tacrolimus can be taken back."))
    with changes.held():
        voided = writing.void(decision, by=by, reason=reason)
        opened = TacrolimusCourse.objects.active().filter(decision=decision).first()
        if opened is not None:
            writing.void(opened, by=by, reason=reason)
        if decision.kind in (DecisionKind.PAUSE, DecisionKind.STOP):
            _put_back_end(decision, opened, reason, by)
        else:
            _put_back_dose(decision, opened, reason, by)
        _cancel_work(decision, reason, by)
    return voided


def _put_back_dose(decision: Decision, opened: TacrolimusCourse | None, reason: str, by: User) -> None:
    """Void the dose that the decision began; continue the dose before it, and a course that it closed."""
    episode = decision.episode or (None if opened is None else opened.first_episode)
    if episode is None or _episodes(decision).filter(start__gt=episode.start).exists():
        raise ValidationError(_("The doses were changed since. Correct them in the drug list."))
    if not episode.is_voided:
        writing.void(episode, by=by, reason=reason)
    if decision.kind == DecisionKind.CHANGE_DOSE:
        before = _episodes(decision).filter(last_day=episode.start - ONE_DAY).first()
        if before is not None:
            _end_on(before, episode.last_day, reason, by)
    if decision.kind == DecisionKind.RESUME and opened is not None:
        _reopen_course(decision, reason, by, end_reason_code="")


def _put_back_end(decision: Decision, opened: TacrolimusCourse | None, reason: str, by: User) -> None:
    """Continue the dose as before the decision, and the course that a stop ended."""
    episode = decision.episode
    if episode is None or episode.last_day != decision.effective_on:
        raise ValidationError(_("The doses were changed since. Correct them in the drug list."))
    if _was_ended_by(episode, decision):
        _end_on(episode, _last_day_before(episode), reason, by)
    if decision.kind == DecisionKind.STOP and opened is None:
        _reopen_course(decision, reason, by, ended_on=decision.effective_on)


def _was_ended_by(episode: DoseEpisode, decision: Decision) -> bool:
    """A stop in a pause found the dose ended: by a decision to pause, or in the drug list."""
    paused = Decision.objects.active().filter(episode=episode, kind=DecisionKind.PAUSE)
    if paused.exclude(pk=decision.pk).exists():
        return False
    written = episode.history.filter(version=episode.version).first()
    why = str(Reason(decision.reason_code, decision.reason_text))
    return written is not None and written.history_change_reason == why


def _last_day_before(episode: DoseEpisode) -> date | None:
    """The end that was planned before the decision; None: there was none."""
    before = episode.history.filter(version=episode.version - 1).first()
    return None if before is None else before.last_day


def _end_on(episode: DoseEpisode, last_day: date | None, reason: str, by: User) -> None:
    values = {"last_day": last_day}
    correct_episode(episode=episode, values=values, reason=reason, by=by, expected_version=episode.version)


def _reopen_course(decision: Decision, reason: str, by: User, **which: object) -> None:
    """Let the course run again that this decision closed; `which` tells it from one that ended before."""
    rows = TacrolimusCourse.objects.active().filter(patient=decision.patient, ended_on__isnull=False)
    course = rows.filter(**which).order_by("-ended_on").first()
    if course is not None:
        running = {"ended_on": None, "end_reason_code": "", "end_reason": ""}
        writing.change(course, running, by=by, expected_version=course.version, reason=reason)


def _cancel_work(decision: Decision, reason: str, by: User) -> None:
    for task in Task.objects.filter(decision=decision, state=TaskState.OPEN).select_related("patient"):
        cancel_task(task=task, by=by, comment=reason)


def _episodes(decision: Decision) -> QuerySet[DoseEpisode]:
    return DoseEpisode.objects.active().filter(patient=decision.patient, drug="tacrolimus")
