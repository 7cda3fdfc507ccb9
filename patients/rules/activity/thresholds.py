"""The numbers of low disease activity, remission and flares, each with unit and source.

[D] is a choice of this project.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

# Highest dose that counts as standard maintenance, as the APLC used it; in mg a day, methotrexate a week.
APLC_CAPS = MappingProxyType(
    {
        "hydroxychloroquine": Decimal(400),
        "methotrexate": Decimal(30),
        "azathioprine": Decimal(200),
        "mycophenolate_mofetil": Decimal(3000),
        "leflunomide": Decimal(20),
    }
)


@dataclass(frozen=True)
class ActivityThresholds:
    """LLDAS (Franklyn 2016), DORIS 2021, SELENA-SLEDAI flare index, SLEDAI-2K flare (Gladman 2000)."""

    visit_max_age_days: int = 30  # [D] for the criteria too
    comparator_min_days: int = 14  # [D]
    comparator_max_days: int = 180  # [D]
    lldas_sledai: int = 4
    lldas_physician_global: Decimal = Decimal(1)  # of 3
    lldas_prednisolone_mg: Decimal = Decimal("7.5")
    lldas_caps: Mapping[str, Decimal] = field(default_factory=lambda: APLC_CAPS)
    lldas_longest_gap_days: int = 92  # [D] between two visits of one period in LLDAS
    doris_physician_global: Decimal = Decimal("0.5")  # below it
    doris_prednisolone_mg: Decimal = Decimal(5)  # the abstract's "5 mg/day or less"; the table says "<5"
    eular_prednisolone_mg: Decimal = Decimal(5)  # EULAR 2023: the goal of maintenance, "5 mg/day or less"
    doris_stable_days: int = 90  # [D] what "stable" means
    mild_sledai_rise: int = 3
    severe_sledai_above: int = 12
    mild_physician_global_rise: Decimal = Decimal("1.0")
    severe_physician_global_above: Decimal = Decimal("2.5")
    severe_platelets_10e3_per_ul: Decimal = Decimal(60)
    severe_haemoglobin_g_dl: Decimal = Decimal(7)
    severe_haemoglobin_fall_g_dl: Decimal = Decimal(3)
    severe_prednisolone_mg_per_kg: Decimal = Decimal("0.5")
    sledai_2k_flare_rise: int = 4


ACTIVITY = ActivityThresholds()
