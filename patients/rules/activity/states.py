"""LLDAS and DORIS 2021: low disease activity and remission. Clinical specification 3.2.

Both assess a visit, with the prednisolone of a day: that of the visit, or today's.
"""

from collections.abc import Iterator
from datetime import date

from patients.rules.activity.drugs import stable_drugs, standard_doses, steroid_at_most
from patients.rules.activity.thresholds import ACTIVITY, ActivityThresholds
from patients.rules.activity.visits import (
    comparator_of,
    first_sentence,
    format_range,
    global_evidence,
    no_comparator,
    no_visit,
    sledai_evidence,
    unanswered_sledai,
    unknown,
    unrated_global,
    verdict_from,
)
from patients.rules.answers import Answer
from patients.rules.dates import add_months
from patients.rules.findings import ORGAN_FINDINGS
from patients.rules.reading import latest_visit
from patients.rules.record import Record, Visit
from patients.rules.sledai import ITEMS, SEROLOGY, score
from patients.rules.verdict import (
    Message,
    Missing,
    Source,
    Value,
    Verdict,
    conjunction,
    gettext_noop,
    say,
)

LLDAS_SOURCE = Source("LLDAS, Franklyn 2016 (specification 3.2)")
DORIS_SOURCE = Source("DORIS 2021: 5 mg/day or less as in its abstract (specification 3.2)")
AGAINST_FIRST = (Answer.NOT_MET, Answer.CANNOT_TELL)
# Renal, nervous system, heart and lung, vasculitis, fever: no activity there in LLDAS.
MAJOR_ITEMS = (
    "seizure", "psychosis", "organic_brain_syndrome", "visual", "cranial_nerve", "lupus_headache",
    "cerebrovascular_accident", "vasculitis", "casts", "haematuria", "proteinuria", "pyuria", "pleurisy",
    "pericarditis", "fever",
)  # fmt: skip
CLINICAL_ITEMS = tuple(item.code for item in ITEMS if item.code not in SEROLOGY)
LABELS = {item.code: item.label for item in ITEMS} | dict(ORGAN_FINDINGS)


def lldas(record: Record, on: date, thresholds: ActivityThresholds = ACTIVITY) -> Verdict:
    """Whether the patient is in low disease activity: the latest visit with today's prednisolone."""
    visit = latest_visit(record, on, thresholds.visit_max_age_days)
    if visit is None:
        return unknown(no_visit(record, on, thresholds.visit_max_age_days), LLDAS_SOURCE)
    return lldas_at(record, visit, on, thresholds)


def lldas_at(record: Record, visit: Visit, on: date, thresholds: ActivityThresholds = ACTIVITY) -> Verdict:
    """The same of one visit, with the prednisolone of the day `on`."""
    parts = (
        _low_sledai(visit, thresholds),
        _no_major_organ(visit),
        _nothing_new(record, visit, thresholds),
        _low_global(visit, thresholds),
        steroid_at_most(record, on, thresholds.lldas_prednisolone_mg, LLDAS_SOURCE),
        standard_doses(record, on, thresholds, LLDAS_SOURCE),
    )
    sentence = _joint(parts, gettext_noop("In low disease activity (LLDAS) at the visit of %(day)s"), visit)
    return conjunction(parts, sentence, LLDAS_SOURCE)


def doris(record: Record, on: date, thresholds: ActivityThresholds = ACTIVITY) -> Verdict:
    """Whether the patient is in remission: the latest visit with today's prednisolone; serology ignored."""
    visit = latest_visit(record, on, thresholds.visit_max_age_days)
    if visit is None:
        return unknown(no_visit(record, on, thresholds.visit_max_age_days), DORIS_SOURCE)
    return doris_at(record, visit, on, thresholds)


def doris_at(record: Record, visit: Visit, on: date, thresholds: ActivityThresholds = ACTIVITY) -> Verdict:
    """The same of one visit, with the drugs of the day `on`."""
    parts = (
        _no_clinical_activity(visit),
        _global_below(visit, thresholds),
        steroid_at_most(record, on, thresholds.doris_prednisolone_mg, DORIS_SOURCE),
        stable_drugs(record, on, thresholds, DORIS_SOURCE),
    )
    sentence = _joint(parts, gettext_noop("In remission (DORIS) at the visit of %(day)s"), visit)
    return conjunction(parts, sentence, DORIS_SOURCE)


def lldas_for_months(
    record: Record, on: date, months: int, thresholds: ActivityThresholds = ACTIVITY
) -> Verdict:
    """Whether every visit of at least so many months up to a recent one was in LLDAS.

    Two visits further apart than the longest gap prove nothing about the time between [D].
    """
    since = add_months(on, -months)
    visit = latest_visit(record, on, thresholds.visit_max_age_days)
    if visit is None:
        return unknown(no_visit(record, on, thresholds.visit_max_age_days), LLDAS_SOURCE)
    parts = tuple(_period(record, visit, since, thresholds))
    text = gettext_noop("In low disease activity (LLDAS) for %(months)s months")
    sentence = first_sentence(parts, AGAINST_FIRST, say(text, months=months))
    return conjunction(parts, sentence, LLDAS_SOURCE)


def _period(record: Record, last: Visit, since: date, thresholds: ActivityThresholds) -> Iterator[Verdict]:
    """The visits from the last one back to the first on or before `since`; a long gap is an unknown."""
    after = last
    yield lldas_at(record, last, last.on, thresholds)
    for visit in reversed([row for row in record.visits_in_order if row.on < last.on]):
        if after.on <= since:
            return
        if (after.on - visit.on).days > thresholds.lldas_longest_gap_days:
            break
        yield lldas_at(record, visit, visit.on, thresholds)
        after = visit
    if after.on > since:
        sentence = say(gettext_noop("LLDAS is known only since %(day)s"), day=after.on)
        yield unknown(Missing("lldas_period", sentence, "wait"), LLDAS_SOURCE)


def _low_sledai(visit: Visit, thresholds: ActivityThresholds) -> Verdict:
    found, limit = score(visit.sledai), thresholds.lldas_sledai
    known = True if found.high <= limit else False if found.low > limit else None
    values: dict[str, Value] = {"score": format_range(found.low, found.high), "limit": limit}
    return verdict_from(
        known,
        (
            say(gettext_noop("SLEDAI %(score)s is not above %(limit)s"), **values),
            say(gettext_noop("SLEDAI %(score)s is above %(limit)s"), **values),
        ),
        LLDAS_SOURCE,
        sledai_evidence(visit),
        unanswered_sledai(visit),
    )


def _no_major_organ(visit: Visit) -> Verdict:
    answers = {code: visit.sledai.get(code) for code in MAJOR_ITEMS}
    answers |= {code: visit.organ_findings.get(code) for code in ORGAN_FINDINGS}
    active = next((code for code, answer in answers.items() if answer), None)
    unanswered = next((code for code, answer in answers.items() if answer is None), None)
    missing = None
    if unanswered is not None:
        text = gettext_noop("%(what)s was not assessed")
        missing = Missing(unanswered, say(text, what=LABELS[unanswered]), "visit")
    return verdict_from(
        False if active else None if missing else True,
        (
            say(gettext_noop("No activity in a major organ")),
            say(gettext_noop("Activity in a major organ: %(what)s"), what=LABELS.get(active or "", "")),
        ),
        LLDAS_SOURCE,
        sledai_evidence(visit),
        missing,
    )


def _nothing_new(record: Record, visit: Visit, thresholds: ActivityThresholds) -> Verdict:
    """Clinical items only: complement and DNA binding alone do not end LLDAS [D]."""
    before = comparator_of(record, visit, thresholds)
    if before is None:
        return unknown(no_comparator(thresholds), LLDAS_SOURCE)
    changes = {code: _is_new(before.sledai.get(code), visit.sledai.get(code)) for code in CLINICAL_ITEMS}
    new = next((code for code, known in changes.items() if known), None)
    open_items = any(known is None for known in changes.values())
    return verdict_from(
        False if new else None if open_items else True,
        (
            say(gettext_noop("Nothing new since %(day)s"), day=before.on),
            say(gettext_noop("New since %(day)s: %(what)s"), day=before.on, what=LABELS.get(new or "", "")),
        ),
        LLDAS_SOURCE,
        sledai_evidence(before, visit),
        unanswered_sledai(visit),
    )


def _is_new(before: bool | None, now: bool | None) -> bool | None:
    if now is False or before is True:
        return False
    return None if now is None or before is None else True


def _low_global(visit: Visit, thresholds: ActivityThresholds) -> Verdict:
    value, limit = visit.physician_global, thresholds.lldas_physician_global
    values: dict[str, Value] = {"value": value, "limit": limit}
    return verdict_from(
        None if value is None else value <= limit,
        (
            say(gettext_noop("Physician's global %(value)s is not above %(limit)s"), **values),
            say(gettext_noop("Physician's global %(value)s is above %(limit)s"), **values),
        ),
        LLDAS_SOURCE,
        global_evidence(visit),
        unrated_global(visit),
    )


def _global_below(visit: Visit, thresholds: ActivityThresholds) -> Verdict:
    value, limit = visit.physician_global, thresholds.doris_physician_global
    values: dict[str, Value] = {"value": value, "limit": limit}
    return verdict_from(
        None if value is None else value < limit,
        (
            say(gettext_noop("Physician's global %(value)s is below %(limit)s"), **values),
            say(gettext_noop("Physician's global %(value)s is not below %(limit)s"), **values),
        ),
        DORIS_SOURCE,
        global_evidence(visit),
        unrated_global(visit),
    )


def _no_clinical_activity(visit: Visit) -> Verdict:
    found = score(visit.sledai)
    known = False if found.clinical_low > 0 else None if found.clinical_high > 0 else True
    text = gettext_noop("Clinical SLEDAI is %(score)s, not 0")
    return verdict_from(
        known,
        (
            say(gettext_noop("Clinical SLEDAI is 0")),
            say(text, score=format_range(found.clinical_low, found.clinical_high)),
        ),
        DORIS_SOURCE,
        sledai_evidence(visit),
        unanswered_sledai(visit),
    )


def _joint(parts: tuple[Verdict, ...], text: str, visit: Visit) -> Message:
    return first_sentence(parts, AGAINST_FIRST, say(text, day=visit.on))
