"""What one tacrolimus level means: against the patient's target, and whether it is dangerous at any hour.

Clinical specification 4.1. The range holds for morning levels, 10 to 16 hours after the dose; a clinic may
give levels after 24 hours a range of their own. From one limit on a level is urgent, from a higher one the
next dose is held, whatever the timing (dosing.rules.levels.thresholds).
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from dosing.rules.findings import Severity
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.levels.timing import Timing, timing
from dosing.rules.thresholds import BAND_24_HOURS, BAND_MORNING, STUDY, Thresholds
from dosing.rules.treatment import Level, Target, Treatment
from patients.rules.verdict import Message, Source, gettext_noop, say

SOURCE = Source("Study: target 5–10 ng/ml; timing and urgent limits by specification 4.1", published=False)
ONE_DECIMAL = Decimal("0.1")


class LevelCategory(enum.StrEnum):
    """The category of a level. NOT_JUDGED: no range applies to it, or it is not exact enough."""

    BELOW = "below"
    IN_RANGE = "in_range"
    ABOVE = "above"
    URGENT = "urgent"
    HOLD = "hold"
    NOT_JUDGED = "not_judged"


SEVERITIES: Mapping[LevelCategory, Severity | None] = MappingProxyType(
    {
        LevelCategory.BELOW: Severity.KNOW,
        LevelCategory.IN_RANGE: None,
        LevelCategory.ABOVE: Severity.THIS_VISIT,
        LevelCategory.URGENT: Severity.ACT_NOW,
        LevelCategory.HOLD: Severity.ACT_NOW,
        LevelCategory.NOT_JUDGED: None,
    }
)

SENTENCES: Mapping[LevelCategory, str] = MappingProxyType(
    {
        LevelCategory.BELOW: gettext_noop("%(value)s ng/ml, below %(low)s–%(high)s"),
        LevelCategory.IN_RANGE: gettext_noop("%(value)s ng/ml, in range %(low)s–%(high)s"),
        LevelCategory.ABOVE: gettext_noop(
            "%(value)s ng/ml, above %(low)s–%(high)s: reduce the dose by 25–50 %%, repeat in 1–2 weeks"
        ),
        LevelCategory.URGENT: gettext_noop(
            "%(value)s ng/ml is %(urgent)s or more: call today; symptoms, creatinine, potassium"
        ),
        LevelCategory.HOLD: gettext_noop(
            "%(value)s ng/ml is %(hold)s or more: hold the next dose and call now; "
            "symptoms, creatinine, potassium"
        ),
        LevelCategory.NOT_JUDGED: gettext_noop(
            "%(value)s ng/ml is not exact enough to be judged against %(low)s–%(high)s"
        ),
    }
)

# Why no range says anything about a level that was not drawn in the morning.
NOT_IN_THE_MORNING: Mapping[Timing, str] = MappingProxyType(
    {
        Timing.EARLY: gettext_noop(
            "%(value)s ng/ml, drawn early, %(hours)s h after the dose: "
            "the range %(low)s–%(high)s holds from %(first)s to %(last)s h"
        ),
        Timing.MORNING: gettext_noop(
            "%(value)s ng/ml, a morning level, %(hours)s h after the dose: this clinic judges 24-hour levels"
        ),
        Timing.INTERMEDIATE: gettext_noop(
            "%(value)s ng/ml, drawn late, %(hours)s h after the dose: "
            "the range %(low)s–%(high)s holds from %(first)s to %(last)s h"
        ),
        Timing.TWENTY_FOUR_HOURS: gettext_noop(
            "%(value)s ng/ml, a 24-hour level (%(hours)s h): after 12 h it would have been 1.3 to 1.8 times "
            "as high, so %(low)s–%(high)s does not hold"
        ),
        Timing.DOSE_MISSED: gettext_noop("%(value)s ng/ml, %(hours)s h after the last dose: was one missed?"),
        Timing.UNKNOWN: gettext_noop(
            "%(value)s ng/ml, time of the last dose not known: it cannot be judged against %(low)s–%(high)s"
        ),
    }
)


class LevelRange(NamedTuple):
    """A range in ng/ml, both ends in range."""

    low_ng_ml: Decimal
    high_ng_ml: Decimal


@dataclass(frozen=True)
class LevelInterpretation:
    """What a level means. severity None: nothing to do. notes: what else its number says.

    category is the danger where there is one; against_band is where the level lies all the same.
    """

    level: Level
    timing: Timing
    category: LevelCategory
    against_band: LevelCategory
    band: LevelRange
    sentence: Message
    notes: tuple[Message, ...] = ()

    @property
    def severity(self) -> Severity | None:
        return SEVERITIES[self.category]


def interpret_level(
    level: Level, target: Target | None = None, thresholds: Thresholds = STUDY
) -> LevelInterpretation:
    """Interpret a level in ng/ml by itself. target: the patient's own range that day, None: the clinic's."""
    kind = timing(level.hours_after_dose)
    band = band_for(kind, target, thresholds)
    against = _against(level, band)
    category = _dangerous(level) or against
    shown = band or morning_band(target, thresholds)
    return LevelInterpretation(
        level=level,
        timing=kind,
        category=category,
        against_band=against,
        band=shown,
        sentence=sentence_of(level, kind, category, shown, judged=band is not None),
        notes=tuple(_notes(level, kind, category)),
    )


def target_on(treatment: Treatment, level: Level) -> Target | None:
    """The patient's own range on the day of a level; None where the clinic's holds."""
    set_before = [target for target in treatment.targets if target.set_on <= level.on]
    return max(set_before, key=lambda target: (target.set_on, target.id), default=None)


def interpret_recorded_level(
    treatment: Treatment, level: Level, thresholds: Thresholds = STUDY
) -> LevelInterpretation:
    """What a level means against the range that held for this patient on its day."""
    return interpret_level(level, target_on(treatment, level), thresholds)


def morning_band(target: Target | None, thresholds: Thresholds) -> LevelRange:
    """The range of morning levels: the patient's own, else the clinic's."""
    if target is not None:
        return LevelRange(target.low_ng_ml, target.high_ng_ml)
    return LevelRange(thresholds.level_low_ng_ml, thresholds.level_high_ng_ml)


def band_for(kind: Timing, target: Target | None, thresholds: Thresholds) -> LevelRange | None:
    """The range that holds for a level of this kind; None where none does."""
    if kind is Timing.MORNING and thresholds.level_band != BAND_24_HOURS:
        return morning_band(target, thresholds)
    if kind is Timing.TWENTY_FOUR_HOURS and thresholds.level_band != BAND_MORNING:
        return LevelRange(thresholds.level_24_hours_low_ng_ml, thresholds.level_24_hours_high_ng_ml)
    return None


def _dangerous(level: Level) -> LevelCategory | None:
    """At any or unknown timing; "<" says at most, so nothing is known to be reached."""
    if level.comparator == "<":
        return None
    if level.ng_ml >= LEVELS.hold_ng_ml:
        return LevelCategory.HOLD
    return LevelCategory.URGENT if level.ng_ml >= LEVELS.urgent_ng_ml else None


def _against(level: Level, band: LevelRange | None) -> LevelCategory:
    if band is None:
        return LevelCategory.NOT_JUDGED
    if level.comparator == "<":
        return LevelCategory.BELOW if level.ng_ml <= band.low_ng_ml else LevelCategory.NOT_JUDGED
    if level.comparator == ">":
        return LevelCategory.ABOVE if level.ng_ml >= band.high_ng_ml else LevelCategory.NOT_JUDGED
    if level.ng_ml < band.low_ng_ml:
        return LevelCategory.BELOW
    return LevelCategory.ABOVE if level.ng_ml > band.high_ng_ml else LevelCategory.IN_RANGE


def sentence_of(
    level: Level, kind: Timing, category: LevelCategory, band: LevelRange, *, judged: bool = True
) -> Message:
    """What is said of a level in a position; judged is False where no range holds for its timing."""
    hours = level.hours_after_dose
    text = (
        SENTENCES[category]
        if judged or category is not LevelCategory.NOT_JUDGED
        else NOT_IN_THE_MORNING[kind]
    )
    return say(
        text,
        value=f"{level.comparator}{level.ng_ml.normalize():f}",
        hours=None if hours is None else hours.quantize(ONE_DECIMAL),
        low=band.low_ng_ml,
        high=band.high_ng_ml,
        first=LEVELS.morning_from_hours,
        last=LEVELS.morning_to_hours,
        urgent=LEVELS.urgent_ng_ml,
        hold=LEVELS.hold_ng_ml,
    )


def _notes(level: Level, kind: Timing, category: LevelCategory) -> Iterator[Message]:
    if level.comparator == "<":
        yield say(gettext_noop("not measurable: was every dose taken?"))
    if kind is Timing.EARLY and category in (LevelCategory.URGENT, LevelCategory.HOLD):
        yield say(gettext_noop("drawn early: it may be a peak, repeat it 12 h after the dose"))
    at_label = level.dose_mg is not None and level.dose_mg >= LEVELS.label_dose_mg
    if category is LevelCategory.BELOW and at_label:
        yield say(
            gettext_noop(
                "at %(dose)s mg many levels are below the range (mean 3.9 in lupus nephritis): "
                "clinical response decides"
            ),
            dose=level.dose_mg,
        )
