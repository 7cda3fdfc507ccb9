"""The next dose of a plan and the whole of its steps. Clinical specification 6.2.

A step goes down, lands on the tablet grid, never passes the goal, and never reaches 0 mg.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_DOWN, Decimal
from typing import NamedTuple

from dosing.rules.taper.plan import DoseBand, Method, TaperPlan
from dosing.rules.taper.thresholds import TAPER
from patients.rules.verdict import Source

SOURCE = Source("Taper table of this project, after published schedules (specification 6.2)", published=False)
STEP_AT_MOST = 400  # more steps than any plan has


class PlannedDose(NamedTuple):
    """So many mg of prednisolone a day from this day on."""

    on: date
    mg: Decimal


def lowest_dose(plan: TaperPlan) -> Decimal:
    """Where the plan ends, in mg: its goal; 5 mg unless the doctor agreed to go below."""
    least = TAPER.lowest_goal_mg if plan.below_5_agreed else TAPER.low_dose_mg
    return max(plan.goal_mg, least)


def next_dose(plan: TaperPlan, mg: Decimal) -> Decimal | None:
    """The dose after `mg` a day, in mg; None where the plan goes no further."""
    lowest = lowest_dose(plan)
    if mg <= lowest:
        return None
    return up_to_grid(max(mg - step_mg(plan, mg), lowest, _stops_at(plan, mg)))


def step_mg(plan: TaperPlan, mg: Decimal) -> Decimal:
    """How much the plan takes off a dose of `mg` a day, before it is rounded to tablets."""
    if plan.method is Method.TEN_PERCENT:
        tenths = (mg * TAPER.ten_percent / TAPER.grid_mg).quantize(Decimal(1), ROUND_HALF_DOWN)
        return max(TAPER.grid_mg, tenths * TAPER.grid_mg)
    step = band_of(plan, mg).step_mg
    return min(step, mg * TAPER.largest_part_above_20) if mg > TAPER.edges_mg[0] else step


def interval_days(plan: TaperPlan, mg: Decimal) -> int:
    """The least days at a dose of `mg` a day before the next step."""
    if plan.method is Method.TEN_PERCENT:
        return max(TAPER.ten_percent_interval_days, _slower_low_dose(plan, mg))
    return band_of(plan, mg).interval_days


def band_of(plan: TaperPlan, mg: Decimal) -> DoseBand:
    """A dose on an edge belongs to the band below it: 20 mg to "above 10 to 20"."""
    bands = (plan.above_20, plan.above_10, plan.above_5)
    for edge, band in zip(TAPER.edges_mg, bands, strict=True):
        if mg > edge:
            return band
    return plan.up_to_5


def up_to_grid(mg: Decimal) -> Decimal:
    """The dose rounded up to half tablets of 1 mg, so that a step is never larger than planned."""
    return (mg / TAPER.grid_mg).to_integral_value(ROUND_CEILING) * TAPER.grid_mg


def is_on_grid(mg: Decimal) -> bool:
    return mg % TAPER.grid_mg == 0


def planned_doses(
    plan: TaperPlan, mg: Decimal, start_on: date, first_step_on: date
) -> tuple[PlannedDose, ...]:
    """The plan as a step function: `mg` from start_on, the first step on its day, each other in its time."""
    return (PlannedDose(start_on, mg), *_steps(plan, mg, first_step_on))


def planned_on(planned: tuple[PlannedDose, ...], day: date) -> Decimal:
    """The planned dose of a day, not before the first."""
    return next(row.mg for row in reversed(planned) if row.on <= day)


def _steps(plan: TaperPlan, mg: Decimal, on: date) -> Iterator[PlannedDose]:
    following = next_dose(plan, mg)
    for _number in range(STEP_AT_MOST):
        if following is None:
            return
        yield PlannedDose(on, following)
        on += timedelta(days=interval_days(plan, following))
        following = next_dose(plan, following)


def _stops_at(plan: TaperPlan, mg: Decimal) -> Decimal:
    """The edge that a step from `mg` does not pass; 5 mg is never passed without stopping on it."""
    below = [edge for edge in TAPER.edges_mg if edge < mg]
    if not below:
        return Decimal(0)
    return below[0] if plan.clamp_to_band else min(below[0], TAPER.low_dose_mg)


def _slower_low_dose(plan: TaperPlan, mg: Decimal) -> int:
    return plan.up_to_5.interval_days if mg <= TAPER.low_dose_mg else 0
