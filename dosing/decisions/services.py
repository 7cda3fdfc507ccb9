"""The doctor's decision about tacrolimus: start, not now, not suitable. Each keeps the verdict."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.rights import Right, may
from dosing.assessment.assess import PatientAssessment, assess_patient, assessment_json, safety_json
from dosing.decisions.follow_up import override_criteria_alerts, plan_after_start, snooze_criteria_alerts
from dosing.decisions.reasons import REASONS
from dosing.models import Decision, DecisionKind, ReasonCode, TacrolimusCourse
from dosing.rules.start_policy import StartPolicy, start_policy
from dosing.rules.starting_dose import needs_reason, needs_second_confirmation, outside_label
from patients import changes
from patients.models import DoseEpisode, Patient
from patients.rules.dates import add_years
from patients.rules.person_states import died_by
from patients.rules.record import Record
from patients.rules.verdict_json import message_to_json
from patients.services import writing
from patients.services.checks import check_day
from patients.services.drugs import start_episode

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class StartOrder:
    """What the doctor asked for. fingerprint is that of the assessment on their screen."""

    first_dose_on: date
    dose_mg: Decimal
    formulation: str
    usual_time: time | None = None
    reason_code: str = ""
    reason_text: str = ""
    cautions_accepted: tuple[str, ...] = ()
    high_dose_confirmed: bool = False
    second_person: User | None = None


class ChangedVerdictError(ValidationError):
    """The facts changed between the page and the decision: the doctor must look again."""

    def __init__(self) -> None:
        super().__init__(
            _("The facts changed since you opened this page. Nothing was decided; look again."),
            code="changed",
        )


@transaction.atomic
def start_tacrolimus(
    *, patient: Patient, order: StartOrder, by: User, fingerprint: str | None, submission: UUID | None = None
) -> Decision:
    """Decide to start: opens the course and its first dose episode, and plans the obligations.

    fingerprint None is for loaders: no page was shown, and the day of the first dose is assessed.
    Raises ChangedVerdictError, or ValidationError with messages by field.
    """
    first = same_submission(patient, submission)
    if first is not None:
        return first
    check_day(patient, "first_dose_on", order.first_dose_on)
    assessed = _assess_as_seen(patient, order.first_dose_on, fingerprint)
    policy = start_policy(assessed.assessment.answer, assessed.safety)
    _check_start(order, assessed, policy, by)
    decision = writing.insert(start_row(patient, order, assessed), by=by, submission=submission)
    with changes.held():
        episode = start_episode(episode=_first_episode(patient, order), by=by)
        course = TacrolimusCourse(
            patient=patient, decision=decision, first_episode=episode, started_on=order.first_dose_on
        )
        writing.insert(course, by=by)
    plan_after_start(decision, assessed, order.first_dose_on)
    return decision


@transaction.atomic
def decide_not_now(
    *,
    patient: Patient,
    by: User,
    reason_code: str,
    reason_text: str,
    snooze_until: date | None,
    fingerprint: str | None,
    submission: UUID | None = None,
) -> Decision:
    """Decide to ask again on a day. Raises ChangedVerdictError or ValidationError."""
    first = same_submission(patient, submission)
    if first is not None:
        return first
    today = local_today(patient.clinic)
    check_reason(DecisionKind.NOT_NOW, reason_code, reason_text)
    if snooze_until is None or not today < snooze_until <= add_years(today, 1):
        raise ValidationError({"snooze_until": _("Choose a day after today and within a year.")})
    decision = Decision(
        patient=patient,
        kind=DecisionKind.NOT_NOW,
        on=today,
        reason_code=reason_code,
        reason_text=reason_text.strip(),
        snooze_until=snooze_until,
    )
    decision = _insert(decision, _assess_as_seen(patient, today, fingerprint), by=by, submission=submission)
    snooze_criteria_alerts(decision, by=by)
    return decision


@transaction.atomic
def decide_not_suitable(
    *,
    patient: Patient,
    by: User,
    reason_code: str,
    reason_text: str,
    fingerprint: str | None,
    submission: UUID | None = None,
) -> Decision:
    """Decide against tacrolimus for this patient. Raises ChangedVerdictError or ValidationError."""
    first = same_submission(patient, submission)
    if first is not None:
        return first
    today = local_today(patient.clinic)
    check_reason(DecisionKind.NOT_SUITABLE, reason_code, reason_text)
    decision = Decision(
        patient=patient,
        kind=DecisionKind.NOT_SUITABLE,
        on=today,
        reason_code=reason_code,
        reason_text=reason_text.strip(),
    )
    decision = _insert(decision, _assess_as_seen(patient, today, fingerprint), by=by, submission=submission)
    override_criteria_alerts(decision, by=by)
    return decision


def same_submission(patient: Patient, submission: UUID | None) -> Decision | None:
    """The decision that this form made before; None for the first time. Locks the patient."""
    if submission is None:
        return None
    writing.lock(patient)
    return Decision.objects.filter(submission=submission, patient=patient).first()


def _assess_as_seen(patient: Patient, on: date, fingerprint: str | None) -> PatientAssessment:
    """What the doctor saw today, under the patient's lock; refused when it is something else now.

    A first dose in the past is assessed by what is known today, too. Only for a
    loader, which shows no page, the record is assessed as of that day.
    """
    writing.lock(patient)
    if fingerprint is None:
        return assess_patient(patient, on)
    shown = assess_patient(patient)
    if shown.fingerprint() != fingerprint:
        raise ChangedVerdictError
    return shown


def start_row(patient: Patient, order: StartOrder, assessed: PatientAssessment) -> Decision:
    """A decision to start as it is stored, with the present assessment; unsaved and unchecked."""
    policy = start_policy(assessed.assessment.answer, assessed.safety)
    decision = Decision(
        patient=patient,
        kind=DecisionKind.START,
        on=assessed.on,
        against_verdict=policy.needs_reason,
        reason_code=order.reason_code,
        reason_text=order.reason_text.strip(),
        dose_mg=order.dose_mg,
        outside_label=label_reasons(order.dose_mg, assessed.record, order.first_dose_on),
        cautions_accepted=list(order.cautions_accepted),
        high_dose_confirmed=order.high_dose_confirmed,
        second_person=order.second_person,
    )
    store_assessment(decision, assessed)
    return decision


def _insert(
    decision: Decision, assessed: PatientAssessment, *, by: User, submission: UUID | None
) -> Decision:
    store_assessment(decision, assessed)
    return writing.insert(decision, by=by, submission=submission)


def store_assessment(decision: Decision, assessed: PatientAssessment) -> None:
    """Write the present assessment into an unsaved decision."""
    decision.answer = assessed.assessment.answer.value
    decision.gate = assessed.safety.state.value
    decision.verdict = assessment_json(assessed.assessment)
    decision.safety = safety_json(assessed.safety)
    decision.settings_version = assessed.settings_version


def label_reasons(dose_mg: Decimal, record: Record, on: date) -> list[dict[str, object]]:
    """Why this dose is outside the Japanese label, as stored with a decision."""
    return [message_to_json(reason) for reason in outside_label(dose_mg, record, on)]


def _first_episode(patient: Patient, order: StartOrder) -> DoseEpisode:
    return DoseEpisode(
        patient=patient,
        drug="tacrolimus",
        dose_mg=order.dose_mg,
        start=order.first_dose_on,
        formulation=order.formulation,
        usual_time=order.usual_time,
        reason=gettext("start of tacrolimus"),
    )


def _check_start(order: StartOrder, assessed: PatientAssessment, policy: StartPolicy, by: User) -> None:
    if died_by(assessed.record.states, assessed.on):
        raise ValidationError(_("The patient died; nothing is started."))
    if not assessed.assessment.applicable:
        raise ValidationError(_("This patient has taken tacrolimus before; this is not a first start."))
    if not policy.allowed:
        raise ValidationError(_("Tacrolimus is contraindicated; see the reasons under Safety before start."))
    check_dose(order.dose_mg, confirmed=order.high_dose_confirmed)
    if policy.needs_reason or needs_reason(order.dose_mg):
        check_reason(DecisionKind.START, order.reason_code, order.reason_text)
    check_second_person(order.second_person, policy, by)
    _check_cautions(order.cautions_accepted, policy)


def check_dose(dose_mg: Decimal, *, confirmed: bool) -> None:
    """Refuse 0 mg, and ask twice above 5 mg and off the 0.5 mg grid (hazard 7). Raises ValidationError."""
    if dose_mg <= 0:
        raise ValidationError({"dose_mg": _("The dose must be above 0 mg.")})
    if needs_second_confirmation(dose_mg) and not confirmed:
        raise ValidationError(
            {
                "high_dose_confirmed": _(
                    "%(dose)s mg is above 5 mg or not made of 0.5 mg capsules. Confirm that it is meant."
                )
                % {"dose": dose_mg}
            }
        )


def check_second_person(second: User | None, policy: StartPolicy, by: User) -> None:
    """Where a specialist alone may decide, another doctor shares it. Raises ValidationError."""
    if policy.needs_second_person and (second is None or second == by or not may(second, Right.DECIDE)):
        raise ValidationError({"second_person": _("A second doctor must share this decision.")})


def _check_cautions(accepted: Collection[str], policy: StartPolicy) -> None:
    if set(policy.cautions) - set(accepted):
        raise ValidationError({"cautions_accepted": _("Tick each caution to show that you weighed it.")})


def check_reason(kind: DecisionKind, code: str, text: str) -> None:
    """Raises ValidationError unless the code is one of the decision's own, and "other" is said in words."""
    if code not in REASONS[kind]:
        raise ValidationError({"reason_code": _("Choose a reason.")})
    if code == ReasonCode.OTHER and not text.strip():
        raise ValidationError({"reason_text": _("Say which other reason.")})
