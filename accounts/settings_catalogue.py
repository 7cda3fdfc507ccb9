"""Which settings a clinic may have: the thresholds of the rules, as dosing describes them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts import upward


@dataclass(frozen=True)
class Setting:
    """One number or choice of the rules, as people read it.

    published: the default is from a publication, else a choice of this project. lowest and highest are in
    the setting's unit; not_above names the setting that is the upper limit of the same range. choices are
    pairs of value and label; a setting that is yes or no has a boolean default and no choices.
    """

    name: str
    group: Any
    label: Any
    default: Any
    source: Any
    published: bool
    unit: Any = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    whole: bool = False
    not_above: str = ""
    choices: tuple[tuple[str, Any], ...] = ()


def offered() -> list[Setting]:
    """Every setting that a clinic may change, in the order in which pages show them."""
    return list(upward.settings())
