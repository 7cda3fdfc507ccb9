"""The numbers of the taper, each with unit and source. Clinical specification 6.2 and 6.3.

[P] is the study's paper, [D] a choice of this project, [M] general knowledge to be confirmed.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class TaperThresholds:
    """[D] unless another source is named."""

    grid_mg: Decimal = Decimal("0.5")  # [M] Japanese tablets of 1, 2.5 and 5 mg
    edges_mg: tuple[Decimal, ...] = (Decimal(20), Decimal(10), Decimal(5))
    largest_part_above_20: Decimal = Decimal("0.2")  # a step above 20 mg is at most a fifth
    ten_percent: Decimal = Decimal("0.1")  # [M] "at most 10 % in four weeks"
    ten_percent_interval_days: int = 28
    low_dose_mg: Decimal = Decimal(5)  # at or below it: LLDAS and the doctor's own decision
    low_dose_lldas_months: int = 6
    lowest_goal_mg: Decimal = Decimal("0.5")  # 0 mg is never proposed (CORTICOLUP: no abrupt stop from 5 mg)
    highest_goal_mg: Decimal = Decimal(20)
    first_step_day: int = 28  # [P] "taper began one month after tacrolimus" in those on 20 mg or more
    recheck_first_day: int = 14  # a held step is looked at again in two to four weeks
    recheck_last_day: int = 28
    step_overdue_after_days: int = 14  # as for the controls of the calendar
    physician_global_rise: Decimal = Decimal("0.3")
    upcr_rise_g_per_g: Decimal = Decimal("0.2")
    laboratory_max_age_days: int = 28
    on_plan_mg: Decimal = Decimal("0.5")
    history_days: int = 200  # how far back the start of the present dose is looked for


TAPER = TaperThresholds()
