"""The drug catalogue: one row of `substances.csv` a substance or fixed combination.

Rules match on the key and its classes, never on a code or a name. Codes that could not be verified are
empty. Where the rows come from: `README.md` beside the file.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

from patients.rules.drugs.classes import CLASSES
from patients.rules.verdict import gettext_noop

HERE = Path(__file__).parent
# Routes on which a drug acts where it is put. A skin form never stands for the drug that is swallowed.
LOCAL_ROUTES = frozenset({"topical", "inhaled", "nasal", "transdermal", "rectal"})


@dataclass(frozen=True)
class Drug:
    """One substance or fixed combination.

    names: every name it is known by, its label first. single_doses: given as dated administrations.
    max_single_mg, max_daily_mg: the highest usual adult dose, beyond which an entry is asked about; None
    where no usual one in mg is known. ask_if_daily: no usual schedule of it is daily.
    """

    key: str
    label: str
    names: tuple[str, ...]
    atc: str
    rxnorm: str
    classes: frozenset[str]
    routes: frozenset[str]
    single_doses: bool
    max_single_mg: Decimal | None
    max_daily_mg: Decimal | None
    ask_if_daily: bool

    @property
    def is_local(self) -> bool:
        """Whether every form of it acts only where it is put."""
        return bool(self.routes) and self.routes <= LOCAL_ROUTES


def _read() -> dict[str, Drug]:
    """Raises ValueError for a class that no rule knows."""
    with (HERE / "substances.csv").open(encoding="utf-8", newline="") as file:
        drugs = [_drug(row) for row in csv.DictReader(file)]
    unknown = {name for drug in drugs for name in drug.classes} - CLASSES
    if unknown:
        raise ValueError(f"classes that no rule knows: {sorted(unknown)}")
    return {drug.key: drug for drug in drugs}


NAME_COLUMNS = (
    "other_names", "name_ja", "other_names_ja", "brands_jp", "brands_eu_us", "unverified_brands",
    "abbreviations",
)  # fmt: skip


def _drug(row: Mapping[str, str]) -> Drug:
    names = [row["label"], row["key"], *(name for column in NAME_COLUMNS for name in _parts(row[column]))]
    return Drug(
        key=row["key"],
        label=row["label"],
        names=tuple(dict.fromkeys(names)),
        atc=row["atc"],
        rxnorm=row["rxnorm"],
        classes=frozenset(_parts(row["classes"])),
        routes=frozenset(_parts(row["routes"])),
        single_doses=row["single_doses"] == "yes",
        max_single_mg=_milligrams(row["max_usual_single_dose"], row["unit"]),
        max_daily_mg=_milligrams(row["max_usual_daily_dose"], row["unit"]),
        ask_if_daily=row["ask_if_daily"] == "yes",
    )


def _parts(column: str) -> list[str]:
    return [part for part in column.split(";") if part]


def _milligrams(number: str, unit: str) -> Decimal | None:
    return Decimal(number) if number and unit == "mg" else None


# What a doctor states of a drug that the catalogue lacks: it belongs to none of the classes. Its name is the
# text as written; no text is ever taken for it.
OUTSIDE_CLASSES = "outside_classes"
_OUTSIDE = Drug(
    key=OUTSIDE_CLASSES,
    label=gettext_noop("a drug of none of the classes that rules ask about"),
    names=(),
    atc="",
    rxnorm="",
    classes=frozenset(),
    routes=frozenset(),
    single_doses=False,
    max_single_mg=None,
    max_daily_mg=None,
    ask_if_daily=False,
)

DRUGS: Mapping[str, Drug] = MappingProxyType({**_read(), OUTSIDE_CLASSES: _OUTSIDE})


@cache
def members(*classes: str) -> frozenset[str]:
    """The keys of the drugs that belong to any of the classes."""
    wanted = frozenset(classes)
    return frozenset(key for key, drug in DRUGS.items() if drug.classes & wanted)
