"""What must be settled before any dose is marked: then the table only tells what would come of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dosing.pharmacokinetics.estimation import Fit
from dosing.rules.case import Case
from dosing.rules.interactions.check import check
from dosing.rules.levels.interpretation import LevelRange
from patients.rules.verdict import Message, gettext_noop, say

# [D] A level so many standard deviations away is a question first, until a later one is this near again.
TOO_FAR_SD, NEAR_SD = 3.0, 2.0
# [D] An end later than this is that of a prescription, not of the treatment: it blocks nothing.
GOES_ON_DAYS = 28

NO_TARGET = gettext_noop(
    "No dose is marked and no chance is told: in this clinic no target holds for levels %(hours)s h after "
    "the dose"
)
ODD_DRAWS = gettext_noop("No dose is marked: no level was drawn at a time for which a target holds")
UNKNOWN_DRUG = gettext_noop(
    "No dose is marked: %(drug)s is not in the catalogue, and whether it changes the level is not known"
)
DOSE_ENDS = gettext_noop("No dose is marked: by the drug list the present one ends on %(day)s")
DOUBTFUL_LEVEL = gettext_noop(
    "No dose is marked: the level of %(day)s, %(level)s ng/ml, is too far from the expected one; settle that "
    "first"
)


def blocking_issues(
    case: Case, band: LevelRange | None, hours: float, fit: Fit, *, only_odd_draws: bool = False
) -> list[Message]:
    """Sentences, none of them where a dose may be marked.

    hours: from the dose to the usual draw; only_odd_draws: no draw was ever at a usual time.
    """
    odd = [say(ODD_DRAWS)] if only_odd_draws else []
    return [*_target(band, hours), *odd, *_drugs(case), *_end(case), *doubtful(fit)]


def _target(band: LevelRange | None, hours: float) -> Iterator[Message]:
    if band is None:
        yield say(NO_TARGET, hours=f"{hours:g}")


def _drugs(case: Case) -> Iterator[Message]:
    found = check(case)
    for row in found.unidentified:
        yield say(UNKNOWN_DRUG, drug=found.text_of(row).text)


def soon_ends(case: Case) -> date | None:
    """The last day of the present dose, where it is planned and near."""
    last = None if case.dose is None else case.dose.last_day
    return last if last is not None and (last - case.on).days < GOES_ON_DAYS else None


def _end(case: Case) -> Iterator[Message]:
    last = soon_ends(case)
    if last is not None:
        yield say(DOSE_ENDS, day=last)


def doubtful(fit: Fit) -> list[Message]:
    """Levels that contradict the fit and that no later one has put right: then it says little of any.

    From the last one backwards: what was measured again, and was as expected, is settled.
    """
    found = []
    for level, away in reversed(list(zip(fit.levels, fit.weighted_residuals.tolist(), strict=True))):
        if abs(away) > TOO_FAR_SD:
            told = f"{level.comparator}{level.ng_ml:.1f}"
            found.append(say(DOUBTFUL_LEVEL, day=level.at.date(), level=told))
        elif abs(away) <= NEAR_SD:
            break
    return found
