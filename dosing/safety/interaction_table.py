"""The interaction table in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from dosing.rules.interactions import CLEARANCE_FACTORS, TABLE, InteractionClass
from dosing.rules.interactions.table import LEVEL
from patients.rules.analytes import ANALYTES
from patients.rules.drugs import DRUGS


@dataclass(frozen=True)
class Member:
    """A drug of a class; factor: the fraction of the clearance of tacrolimus left with it, where known."""

    name: str
    factor: Decimal | None


@dataclass(frozen=True)
class InteractionRow:
    """A class with its drugs by name, and what is measured when."""

    interaction: InteractionClass
    members: tuple[Member, ...]
    measured: tuple[str, ...]


def rows() -> Iterator[InteractionRow]:
    """The table in its order, the most serious classes first."""
    for interaction in TABLE:
        members = (
            Member(gettext(DRUGS[key].label), CLEARANCE_FACTORS.get(key)) for key in interaction.members
        )
        items = () if interaction.control is None else interaction.control.items
        names = (gettext("level") if item == LEVEL else gettext(ANALYTES[item].label) for item in items)
        yield InteractionRow(interaction, tuple(sorted(members, key=lambda row: row.name)), tuple(names))
