"""What must be settled before any dose is marked: then the table only tells what would come of each."""

from __future__ import annotations

from collections.abc import Iterator

from dosing.pharmacokinetics.estimation import Fit
from dosing.rules.case import Case
from dosing.rules.interactions.check import check
from dosing.rules.levels.meaning import Band
from patients.rules.verdict import Message, gettext_noop, say

# [D] A recent level so many standard deviations away is a question first; one in 400 is by chance.
TOO_FAR_SD = 3.0
# [D] A level is recent as long as it counts at least half.
RECENT_WEIGHT = 0.5

NO_TARGET = gettext_noop(
    "No dose is marked and no chance is told: in this clinic no target holds for levels %(hours)s h after "
    "the dose"
)
UNKNOWN_DRUG = gettext_noop(
    "No dose is marked: %(drug)s is not in the catalogue, and whether it changes the level is not known"
)
DOSE_ENDS = gettext_noop("No dose is marked: by the drug list the present one ends on %(day)s")
DOUBTFUL_LEVEL = gettext_noop(
    "No dose is marked: the level of %(day)s, %(level)s ng/ml, is too far from the expected one; settle that "
    "first"
)


def unsettled(case: Case, band: Band | None, hours: float, fit: Fit) -> list[Message]:
    """Sentences, none of them where a dose may be marked. hours: from the dose to the usual draw."""
    return [*_target(band, hours), *_drugs(case), *_end(case), *_levels(fit)]


def _target(band: Band | None, hours: float) -> Iterator[Message]:
    if band is None:
        yield say(NO_TARGET, hours=f"{hours:g}")


def _drugs(case: Case) -> Iterator[Message]:
    found = check(case)
    for row in found.unrecognised:
        yield say(UNKNOWN_DRUG, drug=found.text_of(row).text)


def _end(case: Case) -> Iterator[Message]:
    if case.dose is not None and case.dose.last_day is not None:
        yield say(DOSE_ENDS, day=case.dose.last_day)


def _levels(fit: Fit) -> Iterator[Message]:
    for level, away in zip(fit.levels, fit.weighted_residuals.tolist(), strict=True):
        if not level.comparator and level.weight >= RECENT_WEIGHT and abs(away) > TOO_FAR_SD:
            yield say(DOUBTFUL_LEVEL, day=level.at.date(), level=f"{level.ng_ml:.1f}")
