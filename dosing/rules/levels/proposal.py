"""A proposal for the next dose of tacrolimus by rules, with its reason. Clinical specification 4.1.

A doctor decides: a proposal says what supports it, what blocks a rise, and what is not known.
"""

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from dosing.rules import signals
from dosing.rules.case import Case, case_of
from dosing.rules.findings import Severity
from dosing.rules.levels.context import context
from dosing.rules.levels.evidence import level_evidence
from dosing.rules.levels.interpretation import LevelCategory, LevelInterpretation, sentence_of
from dosing.rules.levels.raising import rise_allowed
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.levels.watch import BELOW_NEEDED, BELOW_OF, DANGEROUS, interpretations_of, reduced_since
from dosing.rules.starting_dose import STEP_MG
from dosing.rules.treatment import Level
from patients.rules.answers import Answer
from patients.rules.evidence import episode_evidence
from patients.rules.record import Episode
from patients.rules.verdict import Evidence, Message, Missing, Source, Value, Verdict, gettext_noop, say

SOURCE = Source("Specification 4.1, rules for the next dose", published=False)
LEFT_BY_LARGEST_CUT, LEFT_BY_SMALLEST_CUT = Decimal("0.5"), Decimal("0.75")  # a cut by 25 to 50 %
SMALLEST_RISE_MG = Decimal("0.5")
RISE = {
    Answer.MET: gettext_noop(
        "%(count)s of %(of)s levels at %(dose)s mg are below the range and SLE is active: a higher dose may "
        "be tried"
    ),
    Answer.NOT_MET: gettext_noop(
        "%(count)s of %(of)s levels at %(dose)s mg are below the range, but something speaks against a rise"
    ),
    Answer.CANNOT_TELL: gettext_noop(
        "%(count)s of %(of)s levels at %(dose)s mg are below the range; whether to raise cannot be told yet"
    ),
}


class DoseAction(enum.StrEnum):
    """What is proposed. CALL: something is to be settled today before anybody thinks of the dose."""

    RAISE = "raise"
    KEEP = "keep"
    REDUCE = "reduce"
    HOLD = "hold"
    CALL = "call"
    CANNOT_TELL = "cannot_tell"


class DoseRange(NamedTuple):
    """The dose that is named, and the range of those that agree with the proposal; mg once daily."""

    mg: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class NextDoseProposal:
    """What the next dose could be.

    now_mg: milligrams a day now, or before the pause; None: not known. doses: None where no dose is named
    (hold, call, cannot tell). rise: the conditions of a higher dose, where the levels ask for one.
    """

    action: DoseAction
    sentence: Message
    now_mg: Decimal | None
    doses: DoseRange | None = None
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Missing, ...] = ()
    cautions: tuple[Message, ...] = ()
    rise: Verdict | None = None
    source: Source = SOURCE

    def agrees(self, mg: Decimal) -> bool:
        """Whether a doctor who orders this dose follows the proposal."""
        return self.doses is not None and self.doses.low <= mg <= self.doses.high

    @property
    def blocks(self) -> tuple[Message, ...]:
        """The reasons against a higher dose, where the levels ask for one."""
        parts = () if self.rise is None else self.rise.parts
        return tuple(part.sentence for part in parts if part.answer is Answer.NOT_MET)


def propose_dose(case: Case) -> NextDoseProposal | None:
    """The next dose by the rules: of a patient on tacrolimus, or in a pause of it; None for anybody else."""
    dose = case.dose or (case.doses[-1] if case.is_paused else None)
    if dose is None:
        return None
    levels = interpretations_of(case)
    return _by_danger(case, dose, levels) or _by_level(case, dose, levels)


def _by_danger(case: Case, dose: Episode, levels: Sequence[LevelInterpretation]) -> NextDoseProposal | None:
    """What comes before any thought of the range: a dangerous level, or another signal to act on now."""
    latest = levels[-1] if levels else None
    if latest is not None and latest.category in DANGEROUS and not reduced_since(case, latest.level):
        return _dangerous(case, dose, latest)
    found = [row for watch in signals.WATCHED for row in watch(case)]
    verdicts = [row.verdict for row in found if row.severity is Severity.ACT_NOW]
    if not verdicts:
        return None
    first, *others = verdicts
    return NextDoseProposal(
        DoseAction.CALL,
        first.sentence,
        dose.mg_per_day,
        evidence=first.evidence,
        cautions=tuple(verdict.sentence for verdict in others),
    )


def _dangerous(case: Case, dose: Episode, latest: LevelInterpretation) -> NextDoseProposal:
    """From the holding level on hold; an urgent one: reduce where the range holds for it, else call first."""
    if latest.category is LevelCategory.URGENT and latest.against_band is LevelCategory.ABOVE:
        return _reduce(case, dose, latest, latest.sentence)
    action = DoseAction.HOLD if latest.category is LevelCategory.HOLD else DoseAction.CALL
    return _proposal(case, dose, [latest], action, latest.sentence)


def _by_level(case: Case, dose: Episode, levels: Sequence[LevelInterpretation]) -> NextDoseProposal:
    if dose.mg_per_day is None:
        sentence = say(gettext_noop("The present dose is not known"))
        return _cannot_tell(dose, Missing("tacrolimus_dose", sentence, "drug"))
    judged = [row for row in levels if row.against_band is not LevelCategory.NOT_JUDGED]
    if judged and judged[-1].against_band is LevelCategory.ABOVE:
        return _above(case, dose, judged[-1])
    present = [row for row in judged if row.level.on > dose.start]
    if not present:
        sentence = say(gettext_noop("No level at the present dose that the target range holds for"))
        return _cannot_tell(dose, Missing("tacrolimus_level", sentence, "level"))
    return _below_or_in(case, dose, present[-BELOW_OF:])


def _above(case: Case, dose: Episode, row: LevelInterpretation) -> NextDoseProposal:
    if not reduced_since(case, row.level):
        return _reduce(case, dose, row, sentence_of(row.level, row.timing, LevelCategory.ABOVE, row.band))
    text = gettext_noop("the dose was lowered after %(value)s ng/ml on %(day)s: repeat the level first")
    return _keep(case, dose, [row], say(text, value=_format_level(row.level), day=row.level.on))


def _reduce(case: Case, dose: Episode, row: LevelInterpretation, sentence: Message) -> NextDoseProposal:
    """A cut by 25 to 50 %, nearest to the dose that would bring the level to the middle of the range [D]."""
    now = dose.mg_per_day or Decimal(0)
    grid = on_grid(now * LEFT_BY_LARGEST_CUT, now * LEFT_BY_SMALLEST_CUT)
    if not grid:
        text = gettext_noop(
            "%(value)s ng/ml at %(dose)s mg: no capsule makes a smaller dose; pause or repeat"
        )
        sentence = say(text, value=_format_level(row.level), dose=now.normalize())
        return _proposal(case, dose, [row], DoseAction.REDUCE, sentence)
    aim = now * (row.band.low_ng_ml + row.band.high_ng_ml) / 2 / row.level.ng_ml
    named = min(grid, key=lambda mg: (abs(mg - aim), mg))
    return _proposal(case, dose, [row], DoseAction.REDUCE, sentence, DoseRange(named, grid[0], grid[-1]))


def _below_or_in(case: Case, dose: Episode, last: Sequence[LevelInterpretation]) -> NextDoseProposal:
    """last: up to three levels of the present dose that the range holds for, the newest not above it."""
    latest = last[-1]
    below = [row for row in last if row.against_band is LevelCategory.BELOW]
    now = dose.mg_per_day or Decimal(0)
    if now >= LEVELS.label_dose_mg and latest in below:
        text = gettext_noop("%(value)s ng/ml at %(dose)s mg, at label dose; clinical response decides")
        return _keep(case, dose, last, say(text, value=_format_level(latest.level), dose=now.normalize()))
    if not below or now >= LEVELS.label_dose_mg:
        return _keep(case, dose, last, latest.sentence)
    counted: dict[str, Value] = {"count": len(below), "of": len(last), "dose": now.normalize()}
    if len(below) < BELOW_NEEDED:
        text = gettext_noop(
            "%(count)s of %(of)s levels at %(dose)s mg is below the range: repeat before a rise"
        )
        return _keep(case, dose, last, say(text, **counted))
    return _perhaps_raise(case, dose, last, counted)


def _perhaps_raise(
    case: Case, dose: Episode, last: Sequence[LevelInterpretation], counted: dict[str, Value]
) -> NextDoseProposal:
    now = dose.mg_per_day or Decimal(0)
    grid = on_grid(now + SMALLEST_RISE_MG, min(now + LEVELS.largest_rise_mg, LEVELS.label_dose_mg))
    if case.dose is None or not grid:
        text = gettext_noop(
            "%(count)s of %(of)s levels at %(dose)s mg are below the range: no rise from here"
        )
        return _keep(case, dose, last, say(text, **counted))
    rise = rise_allowed(case, last[-1])
    sentence = say(RISE[rise.answer], **counted)
    if rise.answer is Answer.MET:
        doses = DoseRange(grid[0], grid[0], grid[-1])
        return _proposal(case, dose, last, DoseAction.RAISE, sentence, doses, rise)
    if rise.answer is Answer.NOT_MET:
        return _keep(case, dose, last, sentence, rise)
    return _proposal(case, dose, last, DoseAction.CANNOT_TELL, sentence, rise=rise)


def _keep(
    case: Case,
    dose: Episode,
    rows: Sequence[LevelInterpretation],
    sentence: Message,
    rise: Verdict | None = None,
) -> NextDoseProposal:
    now = dose.mg_per_day or Decimal(0)
    return _proposal(case, dose, rows, DoseAction.KEEP, sentence, DoseRange(now, now, now), rise)


def _proposal(
    case: Case,
    dose: Episode,
    rows: Sequence[LevelInterpretation],
    action: DoseAction,
    sentence: Message,
    doses: DoseRange | None = None,
    rise: Verdict | None = None,
) -> NextDoseProposal:
    """rows: the levels behind the proposal, oldest first; its notes are about the newest."""
    latest = rows[-1]
    then = case_of(case.record, case.treatment, latest.level.on, case.thresholds)
    return NextDoseProposal(
        action,
        sentence,
        dose.mg_per_day,
        doses,
        evidence=(*[level_evidence(row.level) for row in rows], episode_evidence(dose)),
        missing=() if rise is None else rise.missing,
        cautions=(*latest.notes, *context(then, latest.level)),
        rise=rise,
    )


def _cannot_tell(dose: Episode, missing: Missing) -> NextDoseProposal:
    return NextDoseProposal(
        DoseAction.CANNOT_TELL,
        missing.sentence,
        dose.mg_per_day,
        evidence=(episode_evidence(dose),),
        missing=(missing,),
    )


def on_grid(low: Decimal, high: Decimal) -> list[Decimal]:
    """The doses in mg from low to high that capsules of 0.5 mg make up, the smallest first."""
    first, last = math.ceil(low / STEP_MG), math.floor(high / STEP_MG)
    return [number * STEP_MG for number in range(first, last + 1)]


def _format_level(level: Level) -> str:
    return f"{level.comparator}{level.ng_ml.normalize():f}"
