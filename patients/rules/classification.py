"""Whether SLE is classified, from the items of a set of criteria: yes, no, or which items leave it open.

ACR 1997: 4 of 11. EULAR/ACR 2019: ANA, then 10 points or more with at least one clinical item, of each domain
only the highest. An item that was not assessed is neither yes nor no.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from patients.rules.answers import Answer
from patients.rules.classification_criteria import (
    ACR_1997,
    ACR_ITEMS,
    ANA,
    EULAR_ACR_2019,
    EULAR_ITEMS,
    ITEMS,
    Criterion,
)

ACR_CRITERIA_NEEDED = 4
EULAR_POINTS_NEEDED = 10
NEEDED: Mapping[str, int] = MappingProxyType(
    {ACR_1997: ACR_CRITERIA_NEEDED, EULAR_ACR_2019: EULAR_POINTS_NEEDED}
)

Answers = Mapping[str, bool | None]


@dataclass(frozen=True)
class Classified:
    """The points that are certain and those that are possible, the answer, and what leaves it open."""

    low: int
    high: int
    answer: Answer
    open_items: tuple[str, ...]

    @property
    def is_met(self) -> bool | None:
        return {Answer.MET: True, Answer.NOT_MET: False}.get(self.answer)


def classify(system: str, answers: Answers) -> Classified:
    """The result of "acr_1997" or "eular_acr_2019" from answers by item code; an absent code was not judged.

    Raises ValueError for another system, or for a code that the system does not have.
    """
    if system not in ITEMS:
        raise ValueError(f"not a set of criteria: {system}")
    unknown = answers.keys() - {item.code for item in ITEMS[system]}
    if unknown:
        raise ValueError(f"not items of {system}: {', '.join(sorted(unknown))}")
    return _BY_SYSTEM[system](answers)


def _acr_1997(answers: Answers) -> Classified:
    yes = sum(answers.get(item.code) is True for item in ACR_ITEMS)
    open_items = _open(ACR_ITEMS, answers)
    high = yes + len(open_items)
    if yes >= ACR_CRITERIA_NEEDED:
        return Classified(yes, high, Answer.MET, ())
    if high < ACR_CRITERIA_NEEDED:
        return Classified(yes, high, Answer.NOT_MET, ())
    return Classified(yes, high, Answer.CANNOT_TELL, open_items)


def _eular_acr_2019(answers: Answers) -> Classified:
    low, high = _points(answers, {True}), _points(answers, {True, None})
    ana = answers.get(ANA)
    clinical = _clinical(answers, {True})
    if ana is False or high < EULAR_POINTS_NEEDED or not _clinical(answers, {True, None}):
        return Classified(low, high, Answer.NOT_MET, ())
    if ana and low >= EULAR_POINTS_NEEDED and clinical:
        return Classified(low, high, Answer.MET, ())
    return Classified(low, high, Answer.CANNOT_TELL, _decisive(answers, low, clinical))


_BY_SYSTEM: Mapping[str, Callable[[Answers], Classified]] = {
    ACR_1997: _acr_1997,
    EULAR_ACR_2019: _eular_acr_2019,
}


def _points(answers: Answers, counted: set[bool | None]) -> int:
    """The highest counted item of each domain."""
    best: dict[str, int] = {}
    for item in EULAR_ITEMS:
        if answers.get(item.code) in counted:
            best[item.domain] = max(best.get(item.domain, 0), item.points)
    return sum(best.values())


def _clinical(answers: Answers, counted: set[bool | None]) -> bool:
    return any(item.points and item.is_clinical and answers.get(item.code) in counted for item in EULAR_ITEMS)


def _decisive(answers: Answers, low: int, clinical: bool) -> tuple[str, ...]:
    """Open items that could still decide: ANA, points that are wanting, a clinical item that is wanting."""
    enough = low >= EULAR_POINTS_NEEDED
    wanted = [
        item
        for item in EULAR_ITEMS
        if item.code == ANA
        or (not enough and _raises(item, answers))
        or (enough and not clinical and item.is_clinical)
    ]
    return _open(wanted, answers)


def _raises(item: Criterion, answers: Answers) -> bool:
    """Whether a yes would add points in its domain."""
    same = [other for other in EULAR_ITEMS if other.domain == item.domain and answers.get(other.code)]
    return item.points > max((other.points for other in same), default=0)


def _open(items: Iterable[Criterion], answers: Answers) -> tuple[str, ...]:
    return tuple(item.code for item in items if answers.get(item.code) is None)
