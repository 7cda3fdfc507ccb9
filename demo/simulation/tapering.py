"""The tapers of the invented clinic: planned at the start, a step taken at each visit that clears it."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from dosing.models import StepKind, TaperPlan
from dosing.rules.taper.decision import StepAction
from dosing.taper.queries import taper_status
from dosing.taper.services import plan_taper
from dosing.taper.step_services import StepOrder, decide_on_step
from patients.models import Patient


def plan(patient: Patient, on: date, by: User) -> TaperPlan:
    """The usual plan, down to 5 mg."""
    return plan_taper(plan=TaperPlan(patient=patient, start_on=on), by=by)


def step(patient: Patient, on: date, by: User) -> bool:
    """Take the next step where the rules say GO; returns whether it was taken."""
    now = taper_status(patient)
    if now.row is None or now.step is None or now.step.action is not StepAction.GO:
        return False
    decide_on_step(plan=now.row, order=StepOrder(StepKind.DOWN, start=on), by=by)
    return True
