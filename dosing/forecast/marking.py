"""The rows of the dose table, and which dose is marked: never one that the rules argue against."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dosing.rules.levels.proposal import DoseAction, NextDoseProposal
from dosing.rules.levels.thresholds import LEVELS
from patients.rules.verdict import Message, gettext_noop, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dosing.pharmacokinetics.forecast import DoseOption

HUNDRED = 100
HALF, HALF_OF_100 = 0.5, 50
# [D] Of two doses the one nearer to today's is marked, unless the other puts so many more in the target.
WORTH_CHANGING = 0.10

RULES_FIRST = gettext_noop("No dose is marked: the rules ask for something else first")
BY_PROPORTION = gettext_noop("Marked ▶ by proportion: %(mg)s mg")
BY_MODEL = gettext_noop("Marked ▶ by the model: %(mg)s mg")
NONE_BY_PROPORTION = gettext_noop(
    "No dose is marked: by proportion none that the rules leave open, within %(far)s mg, lies in the target"
)
NONE_BY_MODEL = gettext_noop(
    "No dose is marked: none that the rules leave open, within %(far)s mg, reaches the target in %(half)s "
    "of 100 patients"
)
CLOSED = gettext_noop("%(mg)s mg would put %(n)s of 100 in the target, but the rules do not leave it open")
# The notes on a dose of the table.
TODAY = gettext_noop("today's dose")
FAR = gettext_noop("step over %(mg)s mg")
ABOVE_LABEL = gettext_noop("above the label's %(mg)s mg")
NONE_LIKELY = gettext_noop("No dose at all reaches the target in %(half)s of 100 patients")


@dataclass(frozen=True)
class DoseRow:
    """One dose of the table. proportion_ng_ml: None without a level to take it from.

    is_now: today's dose; is_far: more than a step of 1 mg away; is_above_label: of lupus nephritis in Japan.
    """

    option: DoseOption
    proportion_ng_ml: float | None
    change_mg: float
    is_now: bool
    is_far: bool
    is_above_label: bool

    @property
    def notes(self) -> list[Message]:
        """The notes on it."""
        notes = (
            (say(TODAY), self.is_now),
            (say(FAR, mg=LEVELS.largest_rise_mg), self.is_far),
            (say(ABOVE_LABEL, mg=LEVELS.label_dose_mg), self.is_above_label),
        )
        return [note for note, holds in notes if holds]


@dataclass(frozen=True)
class MarkedDose:
    """The row that is marked, None where none is, and the sentences that say so."""

    row: DoseRow | None
    sentences: tuple[Message, ...]


def row_of(option: DoseOption, now_mg: float, proportion_ng_ml: float | None, days: int = 1) -> DoseRow:
    """now_mg: today's dose, each intake; days: between two of them."""
    change = option.mg - now_mg
    return DoseRow(
        option=option,
        proportion_ng_ml=proportion_ng_ml,
        change_mg=change,
        is_now=change == 0,
        is_far=abs(change) > float(LEVELS.largest_rise_mg),
        is_above_label=option.mg / days > float(LEVELS.label_dose_mg),
    )


def mark(
    rows: Sequence[DoseRow],
    proposal: NextDoseProposal | None,
    target_ng_ml: tuple[float, float],
    unsettled: Sequence[Message] = (),
    *,
    by_proportion: bool,
) -> MarkedDose:
    """The dose that the leading forecast supports, at most a step of 1 mg away.

    None where something is unsettled or the rules ask for something else first; a higher one only where they
    propose a rise, a lower one where they reduce.
    """
    none_likely = all(row.option.outlook.within < HALF for row in rows)
    also = (say(NONE_LIKELY, half=HALF_OF_100),) if none_likely else ()
    action = None if proposal is None else proposal.action
    if rules_first(proposal):
        return MarkedDose(None, (say(RULES_FIRST), *unsettled))
    if unsettled:
        return MarkedDose(None, tuple(unsettled))
    near = [row for row in rows if not row.is_far]
    open_ = [row for row in near if _leaves_open(action, row)]
    if by_proportion:
        return _marked(_by_proportion(open_, target_ng_ml), BY_PROPORTION, NONE_BY_PROPORTION, also)
    found = _marked(_by_model(open_), BY_MODEL, NONE_BY_MODEL, also)
    return replace(found, sentences=(*found.sentences, *_closed(near, open_, found.row)))


def rules_first(proposal: NextDoseProposal | None) -> bool:
    """Something is to be settled, or the dose held, before anybody thinks of another."""
    return proposal is not None and proposal.action in (DoseAction.CALL, DoseAction.HOLD)


def _closed(near: Sequence[DoseRow], open_: Sequence[DoseRow], marked: DoseRow | None) -> Iterator[Message]:
    """The dose that would do better if the rules left it open."""
    best = max(near, key=lambda row: row.option.outlook.within, default=None)
    reached = 0.0 if marked is None else marked.option.outlook.within
    if (
        best is not None
        and best not in open_
        and best.option.outlook.within >= max(HALF, reached + WORTH_CHANGING)
    ):
        yield say(CLOSED, mg=f"{best.option.mg:g}", n=best.option.outlook.of_100.within)


def _leaves_open(action: DoseAction | None, row: DoseRow) -> bool:
    if action is DoseAction.REDUCE:
        return row.change_mg < 0
    return row.change_mg <= 0 or action is DoseAction.RAISE


def _marked(row: DoseRow | None, text: str, none: str, also: tuple[Message, ...]) -> MarkedDose:
    if row is None:
        return MarkedDose(None, (say(none, far=LEVELS.largest_rise_mg, half=HALF_OF_100), *also))
    return MarkedDose(row, (say(text, mg=f"{row.option.mg:g}"), *also))


def _by_model(rows: Sequence[DoseRow]) -> DoseRow | None:
    """Nearest to today's of those that put nearly as many in the target as the best, half or more."""
    best = max((row.option.outlook.within for row in rows), default=0.0)
    good = [row for row in rows if row.option.outlook.within > best - WORTH_CHANGING]
    return min(good, key=lambda row: (abs(row.change_mg), row.option.mg)) if best >= HALF else None


def _by_proportion(rows: Sequence[DoseRow], target_ng_ml: tuple[float, float]) -> DoseRow | None:
    """Today's dose where its level is in range, else the one nearest to the middle of the range."""
    low, high = target_ng_ml
    middle = math.log(math.sqrt(low * high))
    known = [(row, row.proportion_ng_ml) for row in rows if row.proportion_ng_ml is not None]
    within = [(row, ng_ml) for row, ng_ml in known if low <= ng_ml <= high]
    nearest = min(within, key=lambda pair: abs(math.log(pair[1]) - middle), default=None)
    now = next((row for row, _ng_ml in within if row.is_now), None)
    return now or (None if nearest is None else nearest[0])
