"""From which dose on an entry is asked about, and which drugs are rarely taken daily.

Not a limit of treatment: the highest usual adult dose of the catalogue, general knowledge [M], not checked
against labels. Tacrolimus and prednisolone: specification, hazard 7 [D].
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from patients.rules.drugs.catalogue import DRUGS

ASKED_TWICE_ABOVE_MG: Mapping[str, Decimal] = MappingProxyType(
    {"tacrolimus": Decimal(5), "prednisolone": Decimal(60)}
)


def _usual_single_mg(drug: str) -> Decimal | None:
    """The highest usual single dose of a drug, mg; None for an unknown drug or where none is known."""
    if drug in ASKED_TWICE_ABOVE_MG:
        return ASKED_TWICE_ABOVE_MG[drug]
    return DRUGS[drug].max_single_mg if drug in DRUGS else None


def exceeds_usual(drug: str, dose_mg: Decimal, days_between: int) -> bool:
    """Whether a dose in mg, taken once in so many days, is above the drug's usual single or daily dose.

    False for a drug outside the catalogue, and where no usual dose is known.
    """
    single = _usual_single_mg(drug)
    daily = None if drug in ASKED_TWICE_ABOVE_MG or drug not in DRUGS else DRUGS[drug].max_daily_mg
    return (single is not None and dose_mg > single) or (daily is not None and dose_mg > daily * days_between)


def is_rarely_daily(drug: str) -> bool:
    """Whether no usual schedule of the drug is daily, as with methotrexate."""
    return drug in DRUGS and DRUGS[drug].ask_if_daily
