"""Actual doses against the plan: lag of each step, days on plan, ahead and behind. Specification 6.4."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from dosing.rules.case import Case
from dosing.rules.taper.plan import TaperPlan
from dosing.rules.taper.present import present_dose
from dosing.rules.taper.steps import PlannedDose, interval_days, planned_doses, planned_on
from dosing.rules.taper.thresholds import TAPER
from patients.rules.glucocorticoids import daily_doses

PERCENT = 100
Doses = Mapping[date, Decimal | None]


class StepTaken(NamedTuple):
    """A planned step and what became of it.

    reached_on: the first day on which the dose was as low; None: not yet. lag_days: how much later than
    planned that was, or is by today; negative: earlier; None: neither planned by today nor reached.
    """

    planned: PlannedDose
    reached_on: date | None
    lag_days: int | None


@dataclass(frozen=True)
class AgainstPlan:
    """The course of a plan so far. Areas in mg·days: ahead is less steroid than planned, behind is more."""

    planned: tuple[PlannedDose, ...]
    steps: tuple[StepTaken, ...]
    days_on_plan: int
    known_days: int
    unknown_days: int
    ahead_mg_days: Decimal
    behind_mg_days: Decimal

    @property
    def on_plan_percent(self) -> Decimal | None:
        """Days within 0.5 mg of the plan, of the days with a known dose; None without any."""
        return Decimal(PERCENT * self.days_on_plan) / self.known_days if self.known_days else None


def planned_of(case: Case, plan: TaperPlan) -> tuple[PlannedDose, ...]:
    """The plan's step function from the dose of its first day; empty where that dose is not known."""
    present = present_dose(case.record, plan.start_on)
    if present.mg is None or present.since is None:
        return ()
    first = earliest_step(case, plan, present.mg, present.since)
    return planned_doses(plan, present.mg, plan.start_on, max(first, plan.start_on))


def earliest_step(case: Case, plan: TaperPlan, mg: Decimal, since: date) -> date:
    """The first day of the next step: the least time at this dose, the plan's day, day 28 of tacrolimus.

    A doctor's hold at this dose puts it off by two weeks.
    """
    days = [since + timedelta(days=interval_days(plan, mg)), plan.start_on]
    holds = [row.on for row in case.treatment.taper_holds if row.plan_id == plan.id and row.on >= since]
    days += [day + timedelta(days=TAPER.recheck_first_day) for day in holds]
    if case.first_dose_on is not None and not plan.early_start:
        days.append(case.first_dose_on + timedelta(days=TAPER.first_step_day))
    return max(days)


def against_plan(case: Case, plan: TaperPlan) -> AgainstPlan | None:
    """The actual doses from the plan's first day to the day of the case; None where nothing can be said."""
    planned = planned_of(case, plan)
    last = case.on if plan.ended_on is None else min(case.on, plan.ended_on)
    if not planned or last < plan.start_on:
        return None
    doses = daily_doses(case.record, plan.start_on, last)
    deviations = [mg - planned_on(planned, day) for day, mg in doses.items() if mg is not None]
    return AgainstPlan(
        planned=planned,
        steps=tuple(_taken(step, doses, last) for step in planned[1:]),
        days_on_plan=sum(abs(mg) <= TAPER.on_plan_mg for mg in deviations),
        known_days=len(deviations),
        unknown_days=len(doses) - len(deviations),
        ahead_mg_days=-sum((mg for mg in deviations if mg < 0), Decimal(0)),
        behind_mg_days=sum((mg for mg in deviations if mg > 0), Decimal(0)),
    )


def _taken(step: PlannedDose, doses: Doses, last: date) -> StepTaken:
    reached = next((day for day, mg in doses.items() if mg is not None and mg <= step.mg), None)
    if reached is not None:
        return StepTaken(step, reached, (reached - step.on).days)
    return StepTaken(step, None, (last - step.on).days if step.on <= last else None)
