"""Strong inhibitors and inducers: while one acts no model holds, and no level says anything of other days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from dosing.rules.case import Case
from patients.rules.drugs import INDUCER, STRONG_INHIBITOR, members
from patients.rules.reading import active_episodes, episodes_of

# It still acts for so long after its last dose (section 2).
ACTS_DAYS = 14
ACTS = timedelta(days=ACTS_DAYS)
STRONG = members(STRONG_INHIBITOR, INDUCER)


class Acting(NamedTuple):
    """A drug that acts on a day; stopped: its last day, None while it is taken."""

    drug: str
    stopped: date | None


def acting(case: Case, day: date) -> list[Acting]:
    """The strong drugs that act on a day, each once, by name; those taken first."""
    taken = sorted({row.drug for row in active_episodes(case.record, STRONG, day)})
    ended: dict[str, date] = {}
    for drug, last in sorted(_ended(case, day), key=lambda pair: pair[1]):
        if drug not in taken and day - ACTS <= last <= day:
            ended[drug] = last
    return [*(Acting(drug, None) for drug in taken), *(Acting(*pair) for pair in sorted(ended.items()))]


def acted_before(case: Case, day: date) -> bool:
    """Whether one acted on a level of the day: not one that was begun on that day, after the clinic."""
    begun = {row.drug for row in active_episodes(case.record, STRONG, day) if row.start < day}
    return any(drug in begun or stopped is not None for drug, stopped in acting(case, day))


def _ended(case: Case, day: date) -> Iterator[tuple[str, date]]:
    """Of periods, of single doses, and of former uses of which the last dose is known, if only in part."""
    for row in episodes_of(case.record, STRONG, day):
        if row.last_day is not None and row.dose_mg != 0:
            yield row.drug, row.last_day
    for given in case.record.administrations:
        if given.drug in STRONG:
            yield given.drug, given.on
    for used in case.record.prior_uses:
        if used.drug in STRONG and used.last_dose is not None:
            yield used.drug, min(used.last_dose.latest, used.stated_on)
