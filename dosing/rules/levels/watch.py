"""Which alerts levels raise. Specification 4.1; below the range at the label dose does not alarm."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.levels.course import morning_levels, variation_percent
from dosing.rules.levels.evidence import level_evidence
from dosing.rules.levels.interpretation import (
    SOURCE,
    LevelCategory,
    LevelInterpretation,
    interpret_recorded_level,
    sentence_of,
)
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.treatment import Level
from patients.rules.answers import Answer
from patients.rules.verdict import Message, Source, Verdict, gettext_noop, say

VARIATION_SOURCE = Source("Specification 4.1: variation at equal doses [M]", published=False)
DANGEROUS = (LevelCategory.URGENT, LevelCategory.HOLD)
BELOW_NEEDED, BELOW_OF = 2, 3
VARIATION_DAYS = 365


def raised(case: Case) -> Iterator[AlertFinding]:
    """A level too high, repeatedly too low, not measurable, or too variable, of a running treatment."""
    if not case.is_on_tacrolimus:
        return
    meanings = interpretations_of(case)
    if not meanings:
        return
    yield from _high(case, meanings)
    yield from _low(case, meanings)
    yield from _not_measurable(meanings[-1])
    yield from _variable(case, [row.level for row in meanings])


def interpretations_of(case: Case) -> list[LevelInterpretation]:
    """The levels of the present treatment with what each means, oldest first."""
    first = case.first_dose_on
    return [
        interpret_recorded_level(case.treatment, level, case.thresholds)
        for level in case.treatment.levels_in_order
        if first is not None and level.on >= first
    ]


def _high(case: Case, meanings: list[LevelInterpretation]) -> Iterator[AlertFinding]:
    """The latest level where it is dangerous, else the latest that a range applies to; one finding for both.

    A later level outside the range's hours does not clear an earlier one. A lower dose since then does.
    """
    judged = [row for row in meanings if row.against_band is not LevelCategory.NOT_JUDGED]
    latest = meanings[-1]
    if latest.category in DANGEROUS:
        found, severity, sentence = latest, Severity.ACT_NOW, latest.sentence
    elif judged and judged[-1].against_band is LevelCategory.ABOVE:
        found, severity = judged[-1], Severity.THIS_VISIT
        sentence = sentence_of(found.level, found.timing, LevelCategory.ABOVE, found.band)
    else:
        return
    if not reduced_since(case, found.level):
        yield AlertFinding("level_high", severity, _verdict(sentence, [found.level], cautions=found.notes))


def reduced_since(case: Case, level: Level) -> bool:
    """Whether less is taken now than when the level was drawn."""
    taken = case.dose_on(level.on)
    before, now = None if taken is None else taken.mg_per_day, case.dose_mg
    return before is not None and now is not None and now < before


def _low(case: Case, meanings: list[LevelInterpretation]) -> Iterator[AlertFinding]:
    """Two of the last three below the range, at less than the label dose: there is room to discuss it."""
    if case.dose_mg is None or case.dose_mg >= LEVELS.label_dose_mg:
        return
    last = [row for row in meanings if row.against_band is not LevelCategory.NOT_JUDGED][-BELOW_OF:]
    below = [row for row in last if row.against_band is LevelCategory.BELOW]
    if len(below) < BELOW_NEEDED:
        return
    sentence = say(
        gettext_noop("%(count)s of the last %(of)s levels are below %(low)s–%(high)s ng/ml at %(dose)s mg"),
        count=len(below),
        of=len(last),
        low=below[-1].band.low_ng_ml,
        high=below[-1].band.high_ng_ml,
        dose=case.dose_mg,
    )
    yield AlertFinding("level_low", Severity.KNOW, _verdict(sentence, [row.level for row in last]))


def _not_measurable(latest: LevelInterpretation) -> Iterator[AlertFinding]:
    level = latest.level
    if level.comparator == "<":
        sentence = say(
            gettext_noop("tacrolimus <%(value)s ng/ml is not measurable: was every dose taken?"),
            value=level.ng_ml,
        )
        yield AlertFinding("level_not_measurable", Severity.THIS_VISIT, _verdict(sentence, [level]))


def _variable(case: Case, levels: list[Level]) -> Iterator[AlertFinding]:
    since = case.on - timedelta(days=VARIATION_DAYS)
    recent = [level for level in levels if level.on >= since]
    percent = variation_percent(recent)
    if percent is None or percent <= LEVELS.variation_percent:
        return
    rows = morning_levels(recent)
    sentence = say(
        gettext_noop(
            "%(count)s morning levels vary by %(percent)s %% at equal doses: adherence, another drug?"
        ),
        count=len(rows),
        percent=percent.quantize(Decimal(1)),
    )
    yield AlertFinding("level_variable", Severity.KNOW, _verdict(sentence, rows, source=VARIATION_SOURCE))


def _verdict(
    sentence: Message,
    levels: Sequence[Level],
    cautions: tuple[Message, ...] = (),
    source: Source = SOURCE,
) -> Verdict:
    evidence = tuple([level_evidence(level) for level in levels])
    return Verdict(Answer.MET, sentence, source, evidence, cautions=cautions)
