"""A patient's taper plan: how much, how often, down to where. Clinical specification 6.2."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from patients.rules.verdict import gettext_noop


class Method(enum.StrEnum):
    """How large a step is: by the band of the present dose, or a tenth of it."""

    BANDS = "bands"
    TEN_PERCENT = "ten_percent"


METHOD_LABELS: Mapping[Method, str] = MappingProxyType(
    {
        Method.BANDS: gettext_noop("by the table of doses"),
        Method.TEN_PERCENT: gettext_noop("a tenth of the dose every four weeks"),
    }
)


class DoseBand(NamedTuple):
    """The step in mg and the least days at one dose, for doses above the band's lower edge."""

    step_mg: Decimal
    interval_days: int


ABOVE_20 = DoseBand(Decimal(5), 14)
ABOVE_10 = DoseBand(Decimal("2.5"), 28)
ABOVE_5 = DoseBand(Decimal(1), 28)
UP_TO_5 = DoseBand(Decimal("0.5"), 28)


class Limits(NamedTuple):
    """What a doctor may choose in a band: a smaller step, a longer time; nothing faster."""

    largest_step_mg: Decimal
    shortest_days: int
    longest_days: int


# [D] 6.2: 14 days may be chosen above 10 mg; 28 to 56 days at 5 mg or less.
LIMITS = {
    "above_20": Limits(Decimal(5), 14, 84),
    "above_10": Limits(Decimal("2.5"), 14, 84),
    "above_5": Limits(Decimal(1), 28, 84),
    "up_to_5": Limits(Decimal(1), 28, 56),
}


class TaperHold(NamedTuple):
    """A doctor held the step of a plan on a day; what was decided later counts in its place."""

    id: int
    plan_id: int
    on: date


@dataclass(frozen=True)
class TaperPlan:
    """What a doctor planned from a day on. ended_on is None while the plan holds.

    goal_mg: no step goes below it. clamp_to_band: a step stops on 20 and 10 mg instead of passing them; on
    5 mg it always stops. below_5_agreed: the doctor wants to go below 5 mg. early_start: the first step may
    come before day 28 of tacrolimus.
    """

    id: int
    start_on: date
    goal_mg: Decimal = Decimal(5)
    method: Method = Method.BANDS
    above_20: DoseBand = ABOVE_20
    above_10: DoseBand = ABOVE_10
    above_5: DoseBand = ABOVE_5
    up_to_5: DoseBand = UP_TO_5
    clamp_to_band: bool = True
    below_5_agreed: bool = False
    early_start: bool = False
    ended_on: date | None = None

    @property
    def is_running(self) -> bool:
        return self.ended_on is None
