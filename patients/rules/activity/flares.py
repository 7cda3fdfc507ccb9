"""Flares by activity: SELENA-SLEDAI flare index without its clauses on treatment, and SLEDAI-2K.

Clinical specification 3.2. What the patient has and what they were given are never mixed.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from patients.rules.activity.states import LABELS
from patients.rules.activity.thresholds import ACTIVITY, ActivityThresholds
from patients.rules.activity.visits import (
    clinical_change,
    comparator_of,
    first_sentence,
    format_range,
    global_evidence,
    no_comparator,
    sledai_change,
    sledai_evidence,
    unanswered_sledai,
    unknown,
    unrated_global,
    verdict_from,
)
from patients.rules.answers import Answer
from patients.rules.bounds import AT_LEAST
from patients.rules.evidence import laboratory_evidence
from patients.rules.findings import ORGAN_FINDINGS, SYMPTOMS
from patients.rules.reading import laboratory_values
from patients.rules.record import Attribution, LaboratoryValue, Record, Symptom, Visit
from patients.rules.sledai import score
from patients.rules.verdict import (
    Evidence,
    Missing,
    Source,
    Value,
    Verdict,
    disjunction,
    gettext_noop,
    say,
)

SOURCE = Source("SELENA-SLEDAI flare index, by activity (specification 3.2)")
SLEDAI_SOURCE = Source("SLEDAI-2K flare: a rise of more than 3 (specification 3.1)")
NOT_ASSESSED = Symptom()
MILD_ITEMS = ("rash", "mucosal_ulcers", "arthritis", "fever", "pleurisy", "pericarditis")
# Lupus headache alone is no major organ disease here (specification 2.5); it still raises SLEDAI by 8.
SEVERE_ITEMS = (
    "seizure", "psychosis", "organic_brain_syndrome", "visual", "cranial_nerve",
    "cerebrovascular_accident", "vasculitis", "casts", "haematuria", "proteinuria", "myositis",
)  # fmt: skip
NO_SIGN = gettext_noop("No sign of it since %(day)s")


class Flare(NamedTuple):
    """Each is MET when there is such a flare. A severe one is not called mild as well."""

    mild_or_moderate: Verdict
    severe: Verdict


def flare_by_activity(record: Record, visit: Visit, thresholds: ActivityThresholds = ACTIVITY) -> Flare:
    """What the patient has at a visit, against the visit 14 to 180 days before it."""
    before = comparator_of(record, visit, thresholds)
    if before is None:
        incomparable = unknown(no_comparator(thresholds), SOURCE)
        return Flare(incomparable, incomparable)
    severe = join_verdicts(tuple(_severe_clauses(record, before, visit, thresholds)), before, SOURCE)
    if severe.answer is Answer.MET:
        sentence = say(gettext_noop("The flare is severe"))
        return Flare(Verdict(Answer.NOT_MET, sentence, SOURCE), severe)
    return Flare(join_verdicts(tuple(_mild_clauses(before, visit, thresholds)), before, SOURCE), severe)


def is_serology_only(before: Visit | None, visit: Visit, flare: Flare) -> bool:
    """Whether a mild flare is the rise of SLEDAI alone, and clinical SLEDAI surely did not rise (S51)."""
    if before is None or flare.mild_or_moderate.answer is not Answer.MET:
        return False
    _least, most = clinical_change(before, visit)
    others = (part for part in flare.mild_or_moderate.parts[1:] if part.answer is Answer.MET)
    return most <= 0 and next(others, None) is None


def sledai_2k_flare(record: Record, visit: Visit, thresholds: ActivityThresholds = ACTIVITY) -> Verdict:
    """A rise of SLEDAI-2K by 4 or more since the visit 14 to 180 days before."""
    before = comparator_of(record, visit, thresholds)
    if before is None:
        return unknown(no_comparator(thresholds), SLEDAI_SOURCE)
    return _sledai_rise(before, visit, thresholds.sledai_2k_flare_rise, SLEDAI_SOURCE)


def _mild_clauses(before: Visit, now: Visit, thresholds: ActivityThresholds) -> Iterator[Verdict]:
    yield _sledai_rise(before, now, thresholds.mild_sledai_rise, SOURCE)
    evidence = sledai_evidence(before, now)
    for code in MILD_ITEMS:
        yield _item(code, _new_or_worse(code, before, now), evidence)
    yield _global_rise(before, now, thresholds)


def _severe_clauses(
    record: Record, before: Visit, now: Visit, thresholds: ActivityThresholds
) -> Iterator[Verdict]:
    yield _sledai_high(before, now, thresholds)
    evidence = sledai_evidence(before, now)
    for code in SEVERE_ITEMS:
        yield _item(code, _unless_known(before.sledai.get(code), now.sledai.get(code)), evidence)
    for code in ORGAN_FINDINGS:
        known = _unless_known(before.organ_findings.get(code), now.organ_findings.get(code))
        yield _item(code, known, evidence)
    yield _platelets(record, before, thresholds)
    yield _haemoglobin(record, before, thresholds)
    yield _global_high(now, before, thresholds)


def _sledai_rise(before: Visit, now: Visit, least: int, source: Source) -> Verdict:
    if before.sledai_window_days != now.sledai_window_days:
        return _other_window(before, now, source)
    low, high = sledai_change(before, now)
    values: dict[str, Value] = {"before": _score(before), "now": _score(now)}
    return verdict_from(
        True if low >= least else False if high < least else None,
        (
            say(gettext_noop("SLEDAI rose from %(before)s to %(now)s"), **values),
            say(gettext_noop("SLEDAI went from %(before)s to %(now)s"), **values),
        ),
        source,
        sledai_evidence(before, now),
        unanswered_sledai(now),
    )


def _sledai_high(before: Visit, now: Visit, thresholds: ActivityThresholds) -> Verdict:
    """SLEDAI rose to above 12; one that stayed there is no new flare."""
    if before.sledai_window_days != now.sledai_window_days:
        return _other_window(before, now, SOURCE)
    limit = thresholds.severe_sledai_above
    low, high = sledai_change(before, now)
    found = score(now.sledai)
    surely, perhaps = found.low > limit and low > 0, found.high > limit and high > 0
    values: dict[str, Value] = {"now": _score(now), "limit": limit}
    return verdict_from(
        True if surely else None if perhaps else False,
        (
            say(gettext_noop("SLEDAI rose to %(now)s, above %(limit)s"), **values),
            say(gettext_noop("SLEDAI %(now)s did not rise above %(limit)s"), **values),
        ),
        SOURCE,
        sledai_evidence(before, now),
        unanswered_sledai(now),
    )


def _item(code: str, known: bool | None, evidence: tuple[Evidence, ...]) -> Verdict:
    what = LABELS.get(code, code)
    text = gettext_noop("Whether %(what)s is new or worse is not known")
    return verdict_from(
        known,
        (
            say(gettext_noop("New or worse: %(what)s"), what=what),
            say(gettext_noop("Not new or worse: %(what)s"), what=what),
        ),
        SOURCE,
        evidence,
        Missing(code, say(text, what=what), "visit"),
    )


def _new_or_worse(code: str, before: Visit, now: Visit) -> bool | None:
    """By the grade and its attribution where the symptom is graded, and by the SLEDAI item."""
    graded = _worse_grade(code, before, now) if code in SYMPTOMS else False
    item, item_before = now.sledai.get(code), before.sledai.get(code)
    if graded is True or (item is True and item_before is False):
        return True
    if item is False or (item is True and item_before is True and graded is False):
        return False
    return None


def _worse_grade(code: str, before: Visit, now: Visit) -> bool | None:
    """Whether a graded symptom due to SLE went up; None where a grade or its cause is not known."""
    present, earlier = now.symptoms.get(code, NOT_ASSESSED), before.symptoms.get(code, NOT_ASSESSED)
    if present.severity == 0 or present.attribution is Attribution.NO:
        return False
    if present.severity is None or earlier.severity is None:
        return None
    if present.severity <= earlier.severity and not present.worse_than_before:
        return False
    return True if present.attribution is Attribution.YES else None


def _unless_known(before: bool | None, now: bool | None) -> bool | None:
    """A grave finding counts as new unless it was known before."""
    if now is None:
        return None
    return now and before is not True


def _platelets(record: Record, before: Visit, thresholds: ActivityThresholds) -> Verdict:
    limit = thresholds.severe_platelets_10e3_per_ul
    now, earlier = _pair(record, "platelets", before)
    if now is None or now.value is None:
        return _no_blood_count(before)
    was_low = earlier is not None and earlier.value is not None and earlier.value < limit
    values: dict[str, Value] = {"value": now.value, "limit": limit}
    return verdict_from(
        now.value < limit and now.comparator not in AT_LEAST and not was_low,
        (
            say(gettext_noop("Platelets fell to %(value)s, below %(limit)s ×10³/µl"), **values),
            say(gettext_noop("Platelets %(value)s did not fall below %(limit)s ×10³/µl"), **values),
        ),
        SOURCE,
        (laboratory_evidence(now),),
    )


def _haemoglobin(record: Record, before: Visit, thresholds: ActivityThresholds) -> Verdict:
    """Below 7, or a fall by more than 3 g/dl. Treatment that followed is a separate verdict [D]."""
    limit, fall = thresholds.severe_haemoglobin_g_dl, thresholds.severe_haemoglobin_fall_g_dl
    now, earlier = _pair(record, "haemoglobin", before)
    if now is None or now.value is None:
        return _no_blood_count(before)
    first = None if earlier is None else earlier.value
    fell = None if first is None else first - now.value > fall
    low = now.value < limit and (first is None or first >= limit)
    values: dict[str, Value] = {"value": now.value, "before": first}
    sentence = say(gettext_noop("There is no haemoglobin from before %(day)s to compare with"), day=before.on)
    return verdict_from(
        True if low or fell else fell,
        (
            say(gettext_noop("Haemoglobin fell to %(value)s g/dl"), **values),
            say(gettext_noop("Haemoglobin %(value)s g/dl, %(before)s before"), **values),
        ),
        SOURCE,
        tuple(laboratory_evidence(row) for row in (earlier, now) if row is not None),
        Missing("haemoglobin_before", sentence, "laboratory"),
    )


def _pair(
    record: Record, analyte: str, before: Visit
) -> tuple[LaboratoryValue | None, LaboratoryValue | None]:
    """The newest result after the visit that is compared with, and the newest up to it."""
    rows = [row for row in laboratory_values(record, analyte, date.max) if row.value is not None]
    since = [row for row in rows if row.on > before.on]
    until = [row for row in rows if row.on <= before.on]
    return since[-1] if since else None, until[-1] if until else None


def _no_blood_count(before: Visit) -> Verdict:
    sentence = say(gettext_noop("There is no blood count since %(day)s"), day=before.on)
    return unknown(Missing("blood_count", sentence, "laboratory"), SOURCE)


def _global_rise(before: Visit, now: Visit, thresholds: ActivityThresholds) -> Verdict:
    first, second = before.physician_global, now.physician_global
    known = None
    if first is not None and second is not None:
        known = second - first >= thresholds.mild_physician_global_rise
    values: dict[str, Value] = {"before": first, "now": second}
    return verdict_from(
        known,
        (
            say(gettext_noop("Physician's global rose from %(before)s to %(now)s"), **values),
            say(gettext_noop("Physician's global went from %(before)s to %(now)s"), **values),
        ),
        SOURCE,
        global_evidence(before, now),
        unrated_global(now if second is None else before),
    )


def _global_high(now: Visit, before: Visit, thresholds: ActivityThresholds) -> Verdict:
    value, limit = now.physician_global, thresholds.severe_physician_global_above
    was_high = before.physician_global is not None and before.physician_global > limit
    values: dict[str, Value] = {"value": value, "limit": limit}
    return verdict_from(
        None if value is None else value > limit and not was_high,
        (
            say(gettext_noop("Physician's global %(value)s is above %(limit)s"), **values),
            say(gettext_noop("Physician's global %(value)s is not newly above %(limit)s"), **values),
        ),
        SOURCE,
        global_evidence(now),
        unrated_global(now),
    )


def _other_window(before: Visit, now: Visit, source: Source) -> Verdict:
    sentence = say(
        gettext_noop("SLEDAI was taken over %(before)s and over %(now)s days: not comparable"),
        before=before.sledai_window_days,
        now=now.sledai_window_days,
    )
    return unknown(Missing("sledai_window", sentence, "visit"), source)


def join_verdicts(parts: tuple[Verdict, ...], before: Visit, source: Source) -> Verdict:
    """All parts in one verdict, with the sentence of the first that decides."""
    sentence = first_sentence(parts, (Answer.MET, Answer.CANNOT_TELL), say(NO_SIGN, day=before.on))
    return disjunction(parts, sentence, source)


def _score(visit: Visit) -> str:
    found = score(visit.sledai)
    return format_range(found.low, found.high)
