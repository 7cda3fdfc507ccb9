"""Numbers that describe facts, each with unit and source. Rules of treatment have their own."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class RecordThresholds:
    """Limits that turn a measurement into a SLEDAI answer (SLEDAI-2K, Gladman 2002, unless noted)."""

    window_days: int = 30  # an item counts when it was present within them
    urine_cells_per_field: Decimal = Decimal(5)
    upcr_g_per_g: Decimal = Decimal("0.5")  # used in place of 0.5 g/24 h: a choice of this project
    platelets_10e3_per_ul: Decimal = Decimal(100)
    leukocytes_10e3_per_ul: Decimal = Decimal("3.0")
    fever_c: Decimal = Decimal("38.0")
    inflamed_joints: int = 2  # the original wording says more than two; sources differ


SLEDAI_2K = RecordThresholds()
