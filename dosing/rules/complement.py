"""Falling C3: one sample against its own past, and the confirmation that makes it count.

Clinical specification 2.4. A fall is compared with the reference change value.
"""

import math
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise

from dosing.rules.c3_samples import (
    Sample,
    baseline,
    current_sample,
    fall_percent,
    in_order,
    lower_limit_mg_dl,
    mean_mg_dl,
    sample_evidence,
    samples,
)
from dosing.rules.reference_change import (
    Z_ALONE_999,
    Z_ONE_SIDED_95,
    Z_PAIR_99,
    change_limit_percent,
    is_beyond,
    of_assay,
)
from dosing.rules.thresholds import RULE_SIMPLE, Thresholds
from patients.rules.answers import Answer
from patients.rules.bounds import AT_LEAST, AT_MOST
from patients.rules.verdict import Message, Missing, Source, Verdict, gettext_noop, say

__all__ = ["Sample", "complement_trigger", "falling_c3", "reach_days", "samples"]

SOURCE = Source("Study: decreasing serum C3c; reference change value, specification 2.4", published=False)
SIMPLE_SOURCE = Source("Study: decreasing serum complement (C3c), any fall")
LEAST_VALUES_FOR_DECLINE = 3


def reach_days(thresholds: Thresholds) -> int | None:
    """How far before the latest C3 the rule looks: to the baseline of a confirming one; None: all the way."""
    if thresholds.c3_rule == RULE_SIMPLE:
        return None
    return thresholds.c3_baseline_max_days + thresholds.c3_confirmation_max_days


def falling_c3(taken: Iterable[Sample], on: date, thresholds: Thresholds) -> Verdict:
    """Compare the latest sample up to `on` with up to three earlier ones (table of 2.4)."""
    known = in_order(taken, on)
    current = current_sample(known, on, thresholds)
    if current is None:
        return _needed(known, on, thresholds)
    return _fall(current, known, of_assay(thresholds, current.analytical_variation_percent))


def complement_trigger(taken: Iterable[Sample], on: date, thresholds: Thresholds) -> Verdict:
    """L of the criteria: a falling C3 that is confirmed by a second sample, or large enough alone."""
    known = in_order(taken, on)
    current = current_sample(known, on, thresholds)
    if current is None:
        return _needed(known, on, thresholds)
    # Samples are compared within one laboratory and method, so one assay holds for all of them.
    thresholds = of_assay(thresholds, current.analytical_variation_percent)
    single = _fall(current, known, thresholds)
    if thresholds.c3_rule == RULE_SIMPLE or not thresholds.c3_confirmation:
        return single
    if single.answer is Answer.MET and _beyond_alone(current, known, thresholds):
        return single
    confirmed = _confirmed(current, known, thresholds)
    if confirmed is not None:
        return confirmed
    return _unconfirmed(single, current, thresholds) if single.answer is Answer.MET else single


def _fall(current: Sample, known: list[Sample], thresholds: Thresholds) -> Verdict:
    """The verdict on a sample that can be assessed, by the clinic's rule."""
    if thresholds.c3_rule == RULE_SIMPLE:
        return _simple(current, known)
    return _judge(current, baseline(current, known, thresholds), thresholds)


def _judge(current: Sample, earlier: list[Sample], thresholds: Thresholds) -> Verdict:
    limit = lower_limit_mg_dl(current, thresholds)
    if current.comparator in AT_LEAST and current.value < limit:
        return _tell_later(_range_sentence(current), [current], _repeat())
    if current.value > limit or (current.value == limit and current.comparator not in AT_MOST):
        if current.comparator in AT_MOST:
            return _tell_later(_range_sentence(current), [current], _repeat())
        return _normal(current, earlier, limit, thresholds)
    if not earlier:
        sentence = say(
            gettext_noop("C3 %(c3)s mg/dl is low, but there is no earlier C3 from the same laboratory"),
            c3=current.value,
        )
        return _tell_later(sentence, [current], _repeat())
    return _judge_low(current, earlier, limit, thresholds)


def _judge_low(current: Sample, earlier: list[Sample], limit: Decimal, thresholds: Thresholds) -> Verdict:
    before = mean_mg_dl(earlier)
    fall = fall_percent(current, earlier)
    if is_beyond(fall, len(earlier), Z_ONE_SIDED_95, thresholds):
        return _fallen(current, earlier, before >= limit, limit)
    if _declining(current, earlier, thresholds):
        sentence = say(
            gettext_noop("C3 fell from value to value, from %(first)s to %(c3)s mg/dl: a sustained decline"),
            first=earlier[0].value,
            c3=current.value,
        )
        return _verdict(Answer.MET, sentence, [*earlier, current])
    if current.comparator in AT_MOST:
        return _tell_later(_range_sentence(current), [current], _repeat())
    if before >= limit or fall <= thresholds.c3_unclear_fall_percent:
        sentence = say(
            gettext_noop(
                "C3 %(c3)s mg/dl, %(fall)s %% from %(before)s: within assay and biological variation; "
                "repeat in 2–6 weeks"
            ),
            c3=current.value,
            fall=_shown(fall),
            before=_shown(before),
        )
        return _tell_later(sentence, [*earlier, current], _repeat())
    sentence = say(
        gettext_noop("C3 %(c3)s mg/dl is low but stable (%(before)s before)"),
        c3=current.value,
        before=_shown(before),
    )
    return _verdict(Answer.NOT_MET, sentence, [*earlier, current])


def _fallen(current: Sample, earlier: list[Sample], crossed: bool, limit: Decimal) -> Verdict:
    text = (
        gettext_noop(
            "C3 %(c3)s mg/dl, %(fall)s %% from %(before)s (mean of %(count)s): crossed below %(limit)s"
        )
        if crossed
        else gettext_noop(
            "C3 %(c3)s mg/dl, %(fall)s %% from %(before)s (mean of %(count)s): "
            "further fall in the low range, below %(limit)s"
        )
    )
    sentence = say(
        text,
        c3=current.value,
        fall=_shown(fall_percent(current, earlier)),
        before=_shown(mean_mg_dl(earlier)),
        count=len(earlier),
        limit=limit.normalize(),
    )
    return _verdict(Answer.MET, sentence, [*earlier, current])


def _normal(current: Sample, earlier: list[Sample], limit: Decimal, thresholds: Thresholds) -> Verdict:
    falls = bool(earlier) and is_beyond(
        fall_percent(current, earlier), len(earlier), Z_ONE_SIDED_95, thresholds
    )
    text = (
        gettext_noop("C3 %(c3)s mg/dl is not below %(limit)s: falling within the normal range, recheck")
        if falls
        else gettext_noop("C3 %(c3)s mg/dl is not below %(limit)s")
    )
    return _verdict(Answer.NOT_MET, say(text, c3=current.value, limit=limit.normalize()), [*earlier, current])


def _simple(current: Sample, known: list[Sample]) -> Verdict:
    """The paper's looser wording: any value lower than the one before."""
    before = [item for item in known if item.on < current.on and item.usable_with(current)]
    if not before or current.comparator:
        sentence = say(
            gettext_noop("C3 %(c3)s mg/dl cannot be compared with an earlier value"), c3=current.value
        )
        return _tell_later(sentence, [current], _repeat())
    lower = current.value < before[-1].value
    text = (
        gettext_noop("C3 %(c3)s mg/dl is lower than %(before)s before")
        if lower
        else gettext_noop("C3 %(c3)s mg/dl is not lower than %(before)s before")
    )
    return Verdict(
        answer=Answer.MET if lower else Answer.NOT_MET,
        sentence=say(text, c3=current.value, before=before[-1].value),
        source=SIMPLE_SOURCE,
        evidence=sample_evidence([before[-1], current]),
    )


def _declining(current: Sample, earlier: list[Sample], thresholds: Thresholds) -> bool:
    """Three earlier values and this one, each lower than the one before, beyond the limit in all."""
    if len(earlier) < LEAST_VALUES_FOR_DECLINE:
        return False
    values = [*(item.value for item in earlier), current.value]
    falls = all(after < before for before, after in pairwise(values))
    return falls and is_beyond(fall_percent(current, earlier[:1]), 1, Z_ONE_SIDED_95, thresholds)


def _beyond_alone(current: Sample, known: list[Sample], thresholds: Thresholds) -> bool:
    earlier = baseline(current, known, thresholds)
    return is_beyond(fall_percent(current, earlier), len(earlier), Z_ALONE_999, thresholds)


def _confirmed(current: Sample, known: list[Sample], thresholds: Thresholds) -> Verdict | None:
    for second in _partners(current, known, thresholds):
        for judged in (second, current):
            earlier = [item for item in baseline(judged, known, thresholds) if item not in (second, current)]
            if earlier and _is_falling(judged, known, thresholds):
                verdict = _pair(second, current, earlier, thresholds)
                if verdict is not None:
                    return verdict
    return None


def _partners(current: Sample, known: list[Sample], thresholds: Thresholds) -> list[Sample]:
    """Samples two to six weeks before, comparable and low like this one; ">" may not be low at all."""
    if current.comparator in AT_LEAST or current.value >= lower_limit_mg_dl(current, thresholds):
        return []
    oldest = current.on - timedelta(days=thresholds.c3_confirmation_max_days)
    newest = current.on - timedelta(days=thresholds.c3_confirmation_min_days)
    return [
        item
        for item in known
        if oldest <= item.on <= newest
        and item.usable_with(current)
        and item.value < lower_limit_mg_dl(item, thresholds)
    ]


def _is_falling(judged: Sample, known: list[Sample], thresholds: Thresholds) -> bool:
    earlier = baseline(judged, known, thresholds)
    return bool(earlier) and _judge(judged, earlier, thresholds).answer is Answer.MET


def _pair(second: Sample, current: Sample, earlier: list[Sample], thresholds: Thresholds) -> Verdict | None:
    before = float(mean_mg_dl(earlier))
    falls = [math.log(float(item.value) / before) for item in (second, current)]
    mean_percent = 100 * (math.exp(sum(falls) / len(falls)) - 1)
    limit = change_limit_percent(len(earlier), Z_PAIR_99, thresholds, samples_averaged=2)
    if mean_percent > limit:
        return None
    sentence = say(
        gettext_noop(
            "C3 fell to %(second)s and %(c3)s mg/dl in two samples, %(fall)s %% from %(before)s: confirmed"
        ),
        second=second.value,
        c3=current.value,
        fall=_shown(Decimal(str(mean_percent))),
        before=_shown(mean_mg_dl(earlier)),
    )
    return _verdict(Answer.MET, sentence, [*earlier, second, current])


def _unconfirmed(single: Verdict, current: Sample, thresholds: Thresholds) -> Verdict:
    first = current.on + timedelta(days=thresholds.c3_confirmation_min_days)
    last = current.on + timedelta(days=thresholds.c3_confirmation_max_days)
    missing = Missing(
        "c3_confirmation",
        say(gettext_noop("A confirming C3 between %(first)s and %(last)s"), first=first, last=last),
        "laboratory",
    )
    return Verdict(
        answer=Answer.CANNOT_TELL,
        sentence=say(
            gettext_noop("C3 may be falling (%(c3)s mg/dl): a single fall is confirmed before it counts"),
            c3=current.value,
        ),
        source=SOURCE,
        evidence=single.evidence,
        missing=(missing,),
    )


def _needed(known: list[Sample], on: date, thresholds: Thresholds) -> Verdict:
    if not known:
        sentence = say(gettext_noop("A C3 is needed now: there is none"))
    elif known[-1].excluded:
        sentence = say(
            gettext_noop("A C3 is needed: the last one was taken during infection or pregnancy (%(on)s)"),
            on=known[-1].on,
        )
    else:
        sentence = say(
            gettext_noop("A C3 is needed now: the last one is %(age)s days old (limit %(limit)s)"),
            age=(on - known[-1].on).days,
            limit=thresholds.c3_max_age_days,
        )
    return _tell_later(sentence, known[-1:], Missing("c3", sentence, "laboratory"))


def _repeat() -> Missing:
    return Missing("c3", say(gettext_noop("A further C3 from the same laboratory")), "laboratory")


def _range_sentence(current: Sample) -> Message:
    return say(
        gettext_noop("C3 %(comparator)s%(c3)s mg/dl is outside the measuring range and cannot be judged"),
        comparator=current.comparator,
        c3=current.value,
    )


def _tell_later(sentence: Message, shown: list[Sample], missing: Missing) -> Verdict:
    return Verdict(
        answer=Answer.CANNOT_TELL,
        sentence=sentence,
        source=SOURCE,
        evidence=partial(sample_evidence, shown),
        missing=(missing,),
    )


def _verdict(answer: Answer, sentence: Message, shown: list[Sample]) -> Verdict:
    return Verdict(answer=answer, sentence=sentence, source=SOURCE, evidence=partial(sample_evidence, shown))


def _shown(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
