"""From which dose on an entry is asked about, and which drugs are rarely taken daily.

Not a limit of treatment: the highest usual adult dose of the catalogue, general knowledge [M], not checked
against labels. Tacrolimus and prednisolone: specification, hazard 7 [D].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from patients.rules.drugs.catalogue import DRUGS

ASKED_TWICE_ABOVE_MG: Mapping[str, Decimal] = MappingProxyType(
    {"tacrolimus": Decimal(5), "prednisolone": Decimal(60)}
)


@dataclass(frozen=True)
class MeanDoseLimit:
    """So many mg in so many days."""

    mg: Decimal
    days: int


# Second clinical specification, section 3, "refuse without specialist"; those by body weight are not here.
REFUSED_ABOVE: Mapping[str, MeanDoseLimit] = MappingProxyType(
    {
        "tacrolimus": MeanDoseLimit(Decimal(10), 1),
        "prednisolone": MeanDoseLimit(Decimal(100), 1),
        "methotrexate": MeanDoseLimit(Decimal(30), 7),
        "mycophenolate_mofetil": MeanDoseLimit(Decimal(4000), 1),
        "hydroxychloroquine": MeanDoseLimit(Decimal(400), 1),
    }
)


def _usual_single_mg(drug: str) -> Decimal | None:
    """The highest usual single dose of a drug, mg; None for an unknown drug or where none is known."""
    if drug in ASKED_TWICE_ABOVE_MG:
        return ASKED_TWICE_ABOVE_MG[drug]
    return DRUGS[drug].max_single_mg if drug in DRUGS else None


def exceeds_usual(drug: str, single_mg: Decimal, mean_mg_per_day: Decimal | None) -> bool:
    """Whether a single dose in mg, or the mean daily dose, is above the drug's usual one.

    False for a drug outside the catalogue, and where no usual dose is known; mean_mg_per_day None: not known.
    """
    usual_single = _usual_single_mg(drug)
    usual_daily = ASKED_TWICE_ABOVE_MG.get(drug) or (DRUGS[drug].max_daily_mg if drug in DRUGS else None)
    above_daily = usual_daily is not None and mean_mg_per_day is not None and mean_mg_per_day > usual_daily
    return (usual_single is not None and single_mg > usual_single) or above_daily


def refused_above(drug: str, mean_mg_per_day: Decimal | None) -> MeanDoseLimit | None:
    """The limit that a mean daily dose in mg exceeds, above which only a specialist's order stands."""
    limit = REFUSED_ABOVE.get(drug)
    if limit is None or mean_mg_per_day is None or mean_mg_per_day * limit.days <= limit.mg:
        return None
    return limit


def is_rarely_daily(drug: str) -> bool:
    """Whether no usual schedule of the drug is daily, as with methotrexate."""
    return drug in DRUGS and DRUGS[drug].ask_if_daily
