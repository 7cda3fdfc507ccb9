"""The taper of prednisolone is planned and ended here; its steps are decided in taper_steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dosing.models import TaperPlan, TaperReason
from dosing.rules.taper.plan import LIMITS, Limits
from dosing.rules.taper.steps import is_on_grid
from dosing.rules.taper.thresholds import TAPER
from dosing.taper.queries import TaperStatus, taper_status
from patients import changes
from patients.messages import format_value
from patients.services import writing
from patients.services.checks import check_day

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Why:
    """A coded reason and its comment."""

    code: str = ""
    text: str = ""

    def __str__(self) -> str:
        label = str(TaperReason(self.code).label) if self.code else ""
        return ": ".join(part for part in (label, self.text.strip()) if part)


@transaction.atomic
def plan_taper(*, plan: TaperPlan, by: User, submission: UUID | None = None) -> TaperPlan:
    """Plan the taper from a day on, in place of the plan that runs. Raises ValidationError by field.

    Refused for a patient who takes no prednisolone, or already no more than the goal.
    """
    writing.lock(plan.patient)
    if submission is not None and TaperPlan.objects.filter(submission=submission).exists():
        return writing.insert(plan, by=by, submission=submission)
    check_day(plan.patient, "start_on", plan.start_on)
    now = taper_status(plan.patient)
    _check_dose(now, plan)
    _check_bands(plan)
    with changes.held():
        if now.row is not None:
            _replace(now.row, plan, by)
        return writing.insert(plan, by=by, submission=submission)


@transaction.atomic
def end_taper(*, plan: TaperPlan, ended_on: date, why: Why, by: User, expected_version: int) -> TaperPlan:
    """End a plan; the dose stays as it is. Raises StaleFactError, or ValidationError by field."""
    current = writing.current_row(plan, expected_version)
    if current.ended_on is not None:
        raise ValidationError(_("This plan has ended already."))
    check_day(plan.patient, "ended_on", ended_on)
    if ended_on < current.start_on:
        raise ValidationError({"ended_on": _("The plan began later than this day.")})
    check_why(why)
    values = {"ended_on": ended_on, "end_reason_code": why.code, "end_reason": why.text.strip()}
    return writing.change(plan, values, by=by, expected_version=expected_version, reason=str(why))


def _check_dose(now: TaperStatus, plan: TaperPlan) -> None:
    mg = now.present.mg
    if mg is None:
        missing = now.present.missing
        raise ValidationError(
            _("The present dose of prednisolone is not known. Enter it in the drug list first.")
            if missing is None or missing.item != "unmapped_drug"
            else _("A drug in free text could be a steroid. Say in the drug list which it is.")
        )
    if mg == 0:
        raise ValidationError(_("This patient takes no prednisolone: there is nothing to taper."))
    if plan.goal_mg >= mg:
        text = _("The present dose is %(mg)s mg a day; the goal must be lower.")
        raise ValidationError({"goal_mg": text % {"mg": f"{mg.normalize():f}"}})


def _check_bands(plan: TaperPlan) -> None:
    """Nothing faster than the table of the specification, nothing off the tablet grid."""
    found: dict[str, object] = {}
    if not TAPER.lowest_goal_mg <= plan.goal_mg <= TAPER.highest_goal_mg:
        text = _("A goal lies between %(low)s and %(high)s mg a day; 0 mg is never planned.")
        found["goal_mg"] = text % {
            "low": format_value(TAPER.lowest_goal_mg),
            "high": format_value(TAPER.highest_goal_mg),
        }
    elif not is_on_grid(plan.goal_mg):
        found["goal_mg"] = off_grid()
    elif plan.goal_mg < TAPER.low_dose_mg and not plan.below_5_agreed:
        text = _("A goal below %(mg)s mg needs your tick that this is meant.")
        found["below_5_agreed"] = text % {"mg": format_value(TAPER.low_dose_mg)}
    for band, limits in LIMITS.items():
        found |= _check_band(plan, band, limits)
    if found:
        raise ValidationError(found)


def off_grid() -> str:
    """What is said of a dose that tablets do not make up."""
    return gettext("Tablets make up steps of %(grid)s mg.") % {"grid": format_value(TAPER.grid_mg)}


def _check_band(plan: TaperPlan, band: str, limits: Limits) -> dict[str, object]:
    step, days = getattr(plan, f"{band}_step_mg"), getattr(plan, f"{band}_days")
    found: dict[str, object] = {}
    if not 0 < step <= limits.largest_step_mg or not is_on_grid(step):
        text = _("A step of %(grid)s to %(most)s mg, in such steps.")
        found[f"{band}_step_mg"] = text % {
            "grid": format_value(TAPER.grid_mg),
            "most": format_value(limits.largest_step_mg),
        }
    if not limits.shortest_days <= days <= limits.longest_days:
        text = _("From %(least)s to %(most)s days.")
        found[f"{band}_days"] = text % {"least": limits.shortest_days, "most": limits.longest_days}
    return found


def _replace(running: TaperPlan, plan: TaperPlan, by: User) -> None:
    if plan.start_on < running.start_on:
        text = _("The plan that runs began on %(day)s; another cannot begin before it.")
        raise ValidationError({"start_on": text % {"day": date_format(running.start_on, "j M Y")}})
    values = {"ended_on": plan.start_on, "end_reason_code": TaperReason.ANOTHER_PLAN}
    why = str(TaperReason.ANOTHER_PLAN.label)
    writing.change(running, values, by=by, expected_version=running.version, reason=why)


def check_why(why: Why) -> None:
    """Raises ValidationError without a coded reason, or where the code asks for words."""
    if why.code not in TaperReason.values:
        raise ValidationError({"reason_code": _("Choose a reason.")})
    if why.code == TaperReason.OTHER and not why.text.strip():
        raise ValidationError({"reason_text": _("Say which reason.")})
