"""P-values adjusted for being many."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType

from analytics.statistics.results import probability
from patients.rules.verdict import Message, gettext_noop, say


@dataclass(frozen=True)
class Adjusted:
    """p_values in the order given, None where there was none; n is how many there were to adjust."""

    n: int
    p_values: tuple[float | None, ...]
    method: Message


@dataclass(frozen=True)
class _Method:
    name: str
    adjust_sorted: Callable[[Sequence[float]], list[float]]


def adjust(p_values: Sequence[float | None], method: str) -> Adjusted:
    """Adjust by "holm" (the chance of any false finding) or "bh" (the share of false findings).

    None and NaN stay None and do not count. Raises ValueError for another method, or what is no p-value.
    """
    if method.casefold() not in METHODS:
        raise ValueError(f"{method} is not one of {', '.join(METHODS)}")
    chosen = METHODS[method.casefold()]
    known = [(p, place) for place, p in enumerate(p_values) if p is not None and not math.isnan(p)]
    if any(not 0 <= p <= 1 for p, _ in known):
        raise ValueError("a p-value lies between 0 and 1")
    known.sort()
    adjusted: list[float | None] = [None for _ in p_values]
    for (_, place), p in zip(known, chosen.adjust_sorted([p for p, _ in known]), strict=True):
        adjusted[place] = probability(p)
    return Adjusted(len(known), tuple(adjusted), say(chosen.name))


def _holm(ordered: Sequence[float]) -> list[float]:
    """Holm 1979, stepping down from the smallest: never less than the one before."""
    steps = [(len(ordered) - place) * p for place, p in enumerate(ordered)]
    return list(accumulate(steps, max))


def _benjamini_hochberg(ordered: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg 1995, stepping up from the largest: never more than the one after."""
    steps = [len(ordered) / place * p for place, p in enumerate(ordered, start=1)]
    return list(accumulate(reversed(steps), min))[::-1]


METHODS = MappingProxyType(
    {
        "holm": _Method(gettext_noop("Holm"), _holm),
        "bh": _Method(gettext_noop("Benjamini–Hochberg"), _benjamini_hochberg),
    }
)
