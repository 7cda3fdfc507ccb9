"""The course after its start: another dose, a pause, its end, and the stop. Each keeps what was proposed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dosing.decisions.course import TreatmentPhase, TreatmentStatus, treatment_status
from dosing.decisions.course_orders import (
    DoseOrder,
    Reason,
    check_change,
    check_end,
    check_resume,
    is_another_course,
    is_override,
    last_day_in_words,
    last_dose,
    taken,
)
from dosing.decisions.services import (
    ChangedVerdictError,
    check_reason,
    label_reasons,
    same_submission,
    store_assessment,
)
from dosing.models import Decision, DecisionKind, TacrolimusCourse
from dosing.rules.levels.proposal_json import proposal_to_json
from patients import changes
from patients.models import DoseEpisode, Patient
from patients.services import writing
from patients.services.drugs import end_episode, start_episode

if TYPE_CHECKING:
    from accounts.models import User

ONE_DAY = timedelta(days=1)


@transaction.atomic
def change_dose(
    *,
    patient: Patient,
    order: DoseOrder,
    by: User,
    fingerprint: str | None = None,
    submission: UUID | None = None,
) -> Decision:
    """Go on at another dose, or with another product, from a day on; the present dose ends the day before.

    A dose that the proposal does not contain, and one above 3 mg, needs a coded reason. fingerprint None is
    for loaders: no page was shown. Raises ChangedVerdictError, or ValidationError by field.
    """
    first = same_submission(patient, submission)
    if first is not None:
        return first
    now = _as_shown(patient, fingerprint)
    present = taken(now)
    check_change(now, present, order)
    with changes.held():
        episode = _follow(present, order, by=by)
        return _keep(now, DecisionKind.CHANGE_DOSE, episode, order.start, order.reason, by, submission, order)


@transaction.atomic
def pause(
    *,
    patient: Patient,
    last_dose_on: date,
    reason: Reason,
    by: User,
    fingerprint: str | None = None,
    submission: UUID | None = None,
) -> Decision:
    """Take no tacrolimus after a day, and mean to go on. Raises ChangedVerdictError or ValidationError."""
    first = same_submission(patient, submission)
    if first is not None:
        return first
    now = _as_shown(patient, fingerprint)
    check_reason(DecisionKind.PAUSE, reason.code, reason.text)
    if now.phase is TreatmentPhase.PAUSED:
        raise ValidationError(
            _("Tacrolimus is paused already; the last dose was on %s.") % last_day_in_words(now)
        )
    present = taken(now)
    with changes.held():
        episode = _end(present, last_dose_on, reason, by=by)
        return _keep(now, DecisionKind.PAUSE, episode, last_dose_on, reason, by, submission)


@transaction.atomic
def resume(
    *,
    patient: Patient,
    order: DoseOrder,
    by: User,
    fingerprint: str | None = None,
    submission: UUID | None = None,
) -> Decision:
    """Take tacrolimus again after a pause or a stop; the safety gate holds as it does before a start.

    After more than four weeks without a dose it is another course. Raises ChangedVerdictError or
    ValidationError by field.
    """
    first = same_submission(patient, submission)
    if first is not None:
        return first
    now = _as_shown(patient, fingerprint)
    check_resume(now, order, by)
    with changes.held():
        episode = start_episode(episode=_episode(patient, order), by=by)
        if now.running is not None and is_another_course(now, order.start):
            ended = Reason(text=gettext("no dose for more than four weeks"))
            close_course(course=now.running, last=last_dose(now), reason=ended, by=by)
        kind = DecisionKind.RESUME
        return _keep(now, kind, episode, order.start, order.reason, by, submission, order)


@transaction.atomic
def stop_tacrolimus(
    *,
    patient: Patient,
    last_dose_on: date | None,
    reason: Reason,
    by: User,
    fingerprint: str | None = None,
    submission: UUID | None = None,
) -> Decision:
    """End the course after its last dose; in a pause that was taken already, and None says so.

    Raises ChangedVerdictError, or ValidationError by field: stopped already, never taken, a day outside
    the present dose.
    """
    first = same_submission(patient, submission)
    if first is not None:
        return first
    now = _as_shown(patient, fingerprint)
    check_reason(DecisionKind.STOP, reason.code, reason.text)
    if now.phase is TreatmentPhase.STOPPED:
        raise ValidationError(
            _("Tacrolimus was stopped already; the last dose was on %s.") % last_day_in_words(now)
        )
    with changes.held():
        episode, last = _last_episode(now, last_dose_on, reason, by=by)
        decision = _keep(now, DecisionKind.STOP, episode, last, reason, by, submission)
        course = TacrolimusCourse.objects.active().get(patient=patient, ended_on=None)
        close_course(course=course, last=last, reason=reason, by=by)
    return decision


@transaction.atomic
def close_course(*, course: TacrolimusCourse, last: date, reason: Reason, by: User) -> TacrolimusCourse:
    """End a course with its last dose; the doses themselves end in the drug list."""
    ended = {"ended_on": last, "end_reason_code": reason.code, "end_reason": reason.text.strip()}
    return writing.change(course, ended, by=by, expected_version=course.version, reason=str(reason))


def _as_shown(patient: Patient, fingerprint: str | None) -> TreatmentStatus:
    """The course as it is, under the patient's lock; refused when the page showed something else."""
    writing.lock(patient)
    now = treatment_status(patient)
    if fingerprint is not None and now.fingerprint() != fingerprint:
        raise ChangedVerdictError
    return now


def _follow(present: DoseEpisode, order: DoseOrder, *, by: User) -> DoseEpisode:
    """End the present dose the day before; a planned stop stays planned."""
    stop = present.last_day
    end_episode(
        episode=present,
        last_day=order.start - ONE_DAY,
        reason=str(order.reason) or gettext("another dose"),
        by=by,
        expected_version=present.version,
    )
    return start_episode(episode=_episode(present.patient, order, last_day=stop), by=by)


def _episode(patient: Patient, order: DoseOrder, last_day: date | None = None) -> DoseEpisode:
    """Once daily, in the evening."""
    return DoseEpisode(
        patient=patient,
        drug="tacrolimus",
        dose_mg=order.dose_mg,
        start=order.start,
        last_day=last_day,
        formulation=order.formulation,
        usual_time=order.usual_time,
        reason=str(order.reason),
    )


def _end(present: DoseEpisode, last_dose_on: date, reason: Reason, *, by: User) -> DoseEpisode:
    check_end(present, last_dose_on)
    return end_episode(
        episode=present, last_day=last_dose_on, reason=str(reason), by=by, expected_version=present.version
    )


def _last_episode(
    now: TreatmentStatus, last_dose_on: date | None, reason: Reason, *, by: User
) -> tuple[DoseEpisode, date]:
    """The dose period that a stop ends, and its last day; in a pause both are known already."""
    if now.phase is TreatmentPhase.PAUSED and now.episode is not None:
        last = last_dose(now)
        if last_dose_on not in (None, last):
            text = _("In the pause the last dose was on %(day)s; leave this empty, or correct the drug list.")
            raise ValidationError({"last_dose_on": text % {"day": last_day_in_words(now)}})
        return now.episode, last
    present = taken(now)
    if last_dose_on is None:
        raise ValidationError({"last_dose_on": _("Say on which day the last dose is taken.")})
    return _end(present, last_dose_on, reason, by=by), last_dose_on


def _keep(
    now: TreatmentStatus,
    kind: DecisionKind,
    episode: DoseEpisode,
    effective_on: date,
    reason: Reason,
    by: User,
    submission: UUID | None,
    order: DoseOrder | None = None,
) -> Decision:
    """The decision with the assessment and the proposal as they stood, and its course where there is none."""
    decision = Decision(
        patient=now.patient,
        kind=kind,
        on=now.on,
        effective_on=effective_on,
        episode=episode,
        proposal=None if now.proposal is None else proposal_to_json(now.proposal),
        against_verdict=is_override(now, order),
        reason_code=reason.code,
        reason_text=reason.text.strip(),
    )
    if order is not None:
        decision.dose_mg = order.dose_mg
        decision.outside_label = label_reasons(order.dose_mg, now.assessed.record, order.start)
        decision.high_dose_confirmed = order.high_dose_confirmed
        decision.second_person = order.second_person
    store_assessment(decision, now.assessed)
    writing.insert(decision, by=by, submission=submission)
    anew = kind == DecisionKind.RESUME and is_another_course(now, effective_on)
    if anew or now.running is None:
        _open_course(decision, episode if anew else _first_episode(now), by=by)
    return decision


def _open_course(decision: Decision, first: DoseEpisode, *, by: User) -> None:
    """A treatment that is only in the drug list, or a new one, becomes a course with this decision."""
    course = TacrolimusCourse(
        patient=decision.patient, decision=decision, first_episode=first, started_on=first.start
    )
    writing.insert(course, by=by)


def _first_episode(now: TreatmentStatus) -> DoseEpisode:
    """The first dose period of the treatment, after the course before it if there is one."""
    ended = None if now.course is None else now.course.ended_on
    first = next(row for row in now.case.doses if ended is None or row.start > ended)
    return DoseEpisode.objects.get(pk=first.id)
