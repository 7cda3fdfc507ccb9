"""Measured levels as an estimation sees them, and which of them it cannot use."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from patients.rules.verdict import Message, gettext_noop, say

BEFORE_ANY_DOSE = gettext_noop("The level of %(day)s was drawn before any dose: it is left out")
NOT_POSITIVE = gettext_noop("The level of %(day)s is 0 or less, which no assay can measure: it is left out")


@dataclass(frozen=True)
class ObservedLevel:
    """A whole-blood level in ng/ml.

    comparator: "" for a number, "<" or ">" where it is only a bound. weight: of its likelihood, 1 in full.
    """

    at: datetime
    ng_ml: float
    comparator: str = ""
    weight: float = 1.0

    def __post_init__(self) -> None:
        if self.comparator not in ("", "<", ">"):
            raise ValueError(f"not a comparator: {self.comparator!r}")
        if not math.isfinite(self.ng_ml):
            raise ValueError("a level is a finite number")
        if not 0 < self.weight <= 1:
            raise ValueError("a weight lies above 0 and is at most 1")


def usable(levels: Sequence[ObservedLevel], origin: datetime) -> tuple[list[ObservedLevel], list[Message]]:
    """The levels after the first intake, oldest first, and a sentence for each that is left out."""
    kept, left_out = [], []
    for level in sorted(levels, key=lambda row: row.at):
        if level.ng_ml <= 0:
            left_out.append(say(NOT_POSITIVE, day=level.at.date()))
        elif level.at <= origin:
            left_out.append(say(BEFORE_ANY_DOSE, day=level.at.date()))
        else:
            kept.append(level)
    return kept, left_out
