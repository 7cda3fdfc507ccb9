"""A step of the taper is taken, held, or replaced by another dose; kept with what the rules said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dosing.decisions.services import ChangedVerdictError
from dosing.models import StepKind, TaperPlan, TaperStep
from dosing.rules.taper.decision import StepAction, StepDecision
from dosing.rules.taper.decision_json import step_to_json
from dosing.rules.taper.effect import costs_efficacy
from dosing.rules.taper.steps import is_on_grid
from dosing.rules.taper.thresholds import TAPER
from dosing.taper.queries import TaperStatus, taper_status
from dosing.taper.services import Why, check_why, off_grid
from patients import changes
from patients.messages import format_value
from patients.models import DoseEpisode
from patients.services import drugs, writing
from patients.services.checks import check_day

if TYPE_CHECKING:
    from accounts.models import User

HIGHEST_DOSE_MG = Decimal(100)
NO_REASON = Why()


@dataclass(frozen=True)
class StepOrder:
    """What the doctor decided. dose_mg: of another dose; the step's own is the plan's, a hold has none.

    increase_confirmed: a dose that costs the study's efficacy is meant.
    """

    kind: StepKind
    start: date | None = None
    dose_mg: Decimal | None = None
    why: Why = NO_REASON
    increase_confirmed: bool = False


@transaction.atomic
def decide_on_step(
    *,
    plan: TaperPlan,
    order: StepOrder,
    by: User,
    fingerprint: str | None = None,
    submission: UUID | None = None,
) -> TaperStep:
    """Decide on the next step; a new dose becomes a dose period from its first day on.

    Raises ChangedVerdictError when the page showed something else, or ValidationError by field.
    """
    writing.lock(plan.patient)
    if submission is not None:
        first = TaperStep.objects.filter(submission=submission, patient=plan.patient).first()
        if first is not None:
            return first
    now = taper_status(plan.patient)
    if now.row is None or now.row.pk != plan.pk:
        raise ValidationError(_("This plan no longer runs."))
    if fingerprint is not None and fingerprint != now.fingerprint():
        raise ChangedVerdictError
    with changes.held():
        if order.kind is StepKind.HOLD:
            check_why(order.why)
            row = _row(now, order, None)
        else:
            row = _row(now, order, _follow(now, order, by))
        return writing.insert(row, by=by, submission=submission)


def _known(now: TaperStatus) -> tuple[StepDecision, Decimal]:
    """The step with the rules' verdict, and the present dose in mg. Raises ValidationError where unknown."""
    if now.step is None or now.step.from_mg is None:
        raise ValidationError(_("The present dose of prednisolone is not known. Enter it in the drug list."))
    return now.step, now.step.from_mg


def _follow(now: TaperStatus, order: StepOrder, by: User) -> DoseEpisode:
    """End the present dose and begin the ordered one."""
    step, _from_mg = _known(now)
    episode = now.episode
    if episode is None:
        text = _("A step follows one daily dose of prednisolone. The drug list has another; change it there.")
        raise ValidationError(text)
    dose_mg = _dose(step, order)
    if order.start is None:
        raise ValidationError({"start": _("Write the first day of this dose.")})
    check_day(now.patient, "start", order.start)
    if order.kind is not StepKind.DOWN or step.action is not StepAction.GO or order.why.code:
        check_why(order.why)
    if costs_efficacy(now.case, dose_mg) and not order.increase_confirmed:
        text = _(
            "This dose is above that before tacrolimus: the patient would be a non-responder (E3). "
            "Tick that it is meant."
        )
        raise ValidationError({"increase_confirmed": text})
    return drugs.change_dose(
        episode=episode,
        dose_mg=dose_mg,
        start=order.start,
        reason=str(order.why) or str(_("taper plan")),
        by=by,
        expected_version=episode.version,
    )


def _dose(step: StepDecision, order: StepOrder) -> Decimal:
    """The dose in mg that is to be taken; refused where there is none, or tablets cannot make it up."""
    if order.kind is StepKind.DOWN:
        if step.to_mg is None:
            raise ValidationError(_("The plan goes no further down."))
        return step.to_mg
    if order.dose_mg is None:
        raise ValidationError({"dose_mg": _("Write the dose.")})
    if not 0 < order.dose_mg <= HIGHEST_DOSE_MG:
        text = _("From %(low)s to %(high)s mg a day; a stop is no step of a taper.")
        limits = {"low": format_value(TAPER.grid_mg), "high": format_value(HIGHEST_DOSE_MG)}
        raise ValidationError({"dose_mg": text % limits})
    if not is_on_grid(order.dose_mg):
        raise ValidationError({"dose_mg": off_grid()})
    if order.dose_mg == step.from_mg:
        raise ValidationError({"dose_mg": _("This is the present dose; nothing would change.")})
    return order.dose_mg


def _row(now: TaperStatus, order: StepOrder, episode: DoseEpisode | None) -> TaperStep:
    step, from_mg = _known(now)
    return TaperStep(
        patient=now.patient,
        plan=now.row,
        kind=order.kind,
        on=now.case.on,
        from_mg=round(from_mg, 2),
        dose_mg=None if episode is None else episode.dose_mg,
        effective_on=None if episode is None else episode.start,
        episode=episode,
        action=step.action.value,
        judged=step_to_json(step, now.consequences),
        reason_code=order.why.code,
        reason_text=order.why.text.strip(),
    )
