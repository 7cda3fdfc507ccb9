"""What a doctor orders about a course, and what of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from dosing.decisions.course import TreatmentPhase, TreatmentStatus
from dosing.decisions.services import check_dose, check_reason, check_second_person
from dosing.models import DecisionKind, ReasonCode
from dosing.rules.case import LONGEST_PAUSE
from dosing.rules.levels.proposal import DoseAction
from dosing.rules.start_policy import start_policy
from dosing.rules.starting_dose import needs_reason
from patients.models import DoseEpisode
from patients.rules.answers import Answer
from patients.rules.schedules import Schedule
from patients.services.checks import check_day

if TYPE_CHECKING:
    from accounts.models import User

REASON_LENGTH = 300


@dataclass(frozen=True)
class Reason:
    """A coded reason and its comment."""

    code: str = ""
    text: str = ""

    def __str__(self) -> str:
        """As it is written into the dose period."""
        label = str(ReasonCode(self.code).label) if self.code else ""
        return ": ".join(part for part in (label, self.text.strip()) if part)[:REASON_LENGTH]


@dataclass(frozen=True)
class DoseOrder:
    """A dose in mg once daily in the evening, from a day on."""

    dose_mg: Decimal
    start: date
    formulation: str
    usual_time: time | None = None
    reason: Reason = Reason()
    high_dose_confirmed: bool = False
    second_person: User | None = None


def taken(now: TreatmentStatus) -> DoseEpisode:
    """The dose that is taken now. Raises ValidationError where none is."""
    if now.phase is not TreatmentPhase.TAKEN or now.episode is None:
        raise ValidationError(_("This patient takes no tacrolimus now."))
    return now.episode


def check_change(now: TreatmentStatus, present: DoseEpisode, order: DoseOrder) -> None:
    """Refuse what cannot follow the present dose, or has no reason where one is needed. ValidationError."""
    check_dose(order.dose_mg, confirmed=order.high_dose_confirmed)
    check_day(present.patient, "start", order.start)
    if now.started_on is not None and order.start < now.started_on:
        text = _("The course began on %(day)s; a change cannot lie before it.")
        raise ValidationError({"start": text % {"day": date_format(now.started_on, "j M Y")}})
    if order.start <= present.start:
        text = _("The present dose began on %(day)s: choose a later day, or correct it in the drug list.")
        raise ValidationError({"start": text % {"day": date_format(present.start, "j M Y")}})
    ordered = (order.dose_mg, order.formulation, order.usual_time, Schedule.DAILY)
    if ordered == (present.dose_mg, present.formulation, present.usual_time, present.schedule):
        raise ValidationError({"dose_mg": _("This is the present dose; nothing would change.")})
    agrees = now.proposal is not None and now.proposal.agrees(order.dose_mg)
    if needs_reason(order.dose_mg) or not agrees or order.reason.code:
        check_reason(DecisionKind.CHANGE_DOSE, order.reason.code, order.reason.text)


def check_resume(now: TreatmentStatus, order: DoseOrder, by: User) -> None:
    """Refuse a resumption out of place, or against the safety gate. ValidationError."""
    if now.phase is TreatmentPhase.NEVER:
        raise ValidationError(_("This patient never took tacrolimus; start it instead."))
    if now.phase is TreatmentPhase.TAKEN:
        raise ValidationError(_("Tacrolimus is being taken; there is no pause to end."))
    check_day(now.patient, "start", order.start)
    if order.start <= last_dose(now):
        text = _("The last dose was taken on %(day)s; choose a later day.")
        raise ValidationError({"start": text % {"day": last_day_in_words(now)}})
    check_dose(order.dose_mg, confirmed=order.high_dose_confirmed)
    policy = start_policy(Answer.MET, now.assessed.safety)
    if not policy.allowed:
        raise ValidationError(_("Tacrolimus is contraindicated; see the reasons under Safety."))
    check_second_person(order.second_person, policy, by)
    check_reason(DecisionKind.RESUME, order.reason.code, order.reason.text)


def check_end(present: DoseEpisode, last_dose_on: date) -> None:
    """Raises ValidationError: a day to come, before the present dose, or after an end that is recorded."""
    check_day(present.patient, "last_dose_on", last_dose_on)
    if last_dose_on < present.start:
        text = _("The present dose began on %(day)s. If none of it was taken, mark it as entered in error.")
        raise ValidationError({"last_dose_on": text % {"day": date_format(present.start, "j M Y")}})
    if present.last_day is not None and last_dose_on > present.last_day:
        text = _("The last dose is recorded for %(day)s already.")
        raise ValidationError({"last_dose_on": text % {"day": date_format(present.last_day, "j M Y")}})


def is_override(now: TreatmentStatus, order: DoseOrder | None) -> bool:
    """Whether something else was proposed; a pause or a stop (no order) overrides any proposal of a dose."""
    proposal = now.proposal
    if proposal is None or proposal.action is DoseAction.CANNOT_TELL:
        return False
    return proposal.doses is not None if order is None else not proposal.agrees(order.dose_mg)


def last_dose(now: TreatmentStatus) -> date:
    """The last day taken. Raises ValidationError where the drug list does not know it."""
    if now.last_dose_on is None:
        raise ValidationError(_("The last dose of tacrolimus is not known."))
    return now.last_dose_on


def last_day_in_words(now: TreatmentStatus) -> str:
    return date_format(last_dose(now), "j M Y")


def is_another_course(now: TreatmentStatus, start: date) -> bool:
    """Whether doses from this day on are a treatment of their own (specification 2.7: a pause of 28 days)."""
    return now.phase is TreatmentPhase.STOPPED or start - last_dose(now) > LONGEST_PAUSE
