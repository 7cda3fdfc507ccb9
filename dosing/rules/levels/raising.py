"""When a rise in the dose of tacrolimus may be proposed: every condition of clinical specification 4.1.

Each condition is a verdict of its own; what is not known makes it CANNOT TELL, and nothing is proposed then.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from dosing.rules.case import Case
from dosing.rules.levels.context import interacting_turns, is_steady
from dosing.rules.levels.evidence import level_evidence
from dosing.rules.levels.interpretation import LevelInterpretation
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.safety.thresholds import SAFETY
from dosing.rules.signals.matter import above, at_least, baseline, format_result
from dosing.rules.signals.thresholds import SIGNALS
from patients.rules.answers import Answer
from patients.rules.bounds import AT_MOST
from patients.rules.drugs import DRUGS
from patients.rules.evidence import laboratory_evidence, visit_evidence
from patients.rules.glucocorticoids import stability
from patients.rules.reading import latest_laboratory, latest_visit
from patients.rules.record import LaboratoryValue, Visit
from patients.rules.sledai import Score, score
from patients.rules.unidentified_drugs import unidentified_drugs, unidentified_missing
from patients.rules.verdict import (
    Evidence,
    Message,
    Missing,
    Source,
    Value,
    Verdict,
    conjunction,
    gettext_noop,
    say,
)

SOURCE = Source("Specification 4.1, when a rise in dose is proposed", published=False)
ADHERENCE = say(gettext_noop("Adherence"))
BLOOD_PRESSURE = say(gettext_noop("Blood pressure"))
SLEDAI = say(gettext_noop("SLEDAI-2K"))
# What is measured, its limit, and what is said below it, from it on, and without a result.
BLOOD = (
    (
        "haematocrit",
        LEVELS.haematocrit_percent,
        gettext_noop("haematocrit %(value)s %% is below %(limit)s"),
        gettext_noop("haematocrit %(value)s %%"),
        gettext_noop("No haematocrit of the last %(days)s days"),
    ),
    (
        "albumin",
        LEVELS.albumin_g_dl,
        gettext_noop("albumin %(value)s g/dl is below %(limit)s"),
        gettext_noop("albumin %(value)s g/dl"),
        gettext_noop("No albumin of the last %(days)s days"),
    ),
)


def rise_allowed(case: Case, latest: LevelInterpretation) -> Verdict:
    """Whether every condition of a rise holds. latest: the newest level of the present dose."""
    parts = (
        _active(case),
        _no_response(case),
        _creatinine(case),
        _potassium(case),
        _blood_pressure(case),
        *_blood(case),
        _adherence(case, latest),
        _steady(case, latest),
        _drugs(case, latest),
        _steroid(case, latest),
    )
    return conjunction(parts, say(gettext_noop("The conditions of a higher dose")), SOURCE)


def _met_verdict(sentence: Message, *evidence: Evidence) -> Verdict:
    return Verdict(Answer.MET, sentence, SOURCE, evidence)


def _blocked_verdict(sentence: Message, *evidence: Evidence) -> Verdict:
    return Verdict(Answer.NOT_MET, sentence, SOURCE, evidence)


def _unknown(item: str, sentence: Message, fill: str, *evidence: Evidence) -> Verdict:
    return Verdict(Answer.CANNOT_TELL, sentence, SOURCE, evidence, (Missing(item, sentence, fill),))


def _recent_visit(case: Case) -> Visit | None:
    """A recent visit after the first dose; the dose of the first day is taken in the evening."""
    visit = latest_visit(case.record, case.on, case.thresholds.visit_max_age_days)
    first = case.first_dose_on
    return visit if visit is not None and first is not None and visit.on > first else None


def _no_visit(case: Case, item: str) -> Verdict:
    text = gettext_noop("No visit on tacrolimus in the last %(days)s days")
    return _unknown(item, say(text, days=case.thresholds.visit_max_age_days), "visit")


def _active(case: Case) -> Verdict:
    """Activity persists: clinical SLEDAI-2K above 0 at a recent visit [D]."""
    visit = _recent_visit(case)
    if visit is None:
        return _no_visit(case, "visit")
    found = score(visit.sledai)
    shown = visit_evidence(visit, SLEDAI, _range(found))
    if found.clinical_low > 0:
        return _met_verdict(say(gettext_noop("SLE is still active")), shown)
    if found.clinical_high == 0:
        return _blocked_verdict(say(gettext_noop("SLE is not clinically active: no higher dose")), shown)
    return _unknown("sledai", say(gettext_noop("SLEDAI has unanswered items")), "visit", shown)


def _no_response(case: Case) -> Verdict:
    """A patient whose SLEDAI-2K fell below that before tacrolimus responds, and gets no higher dose."""
    visit, first = _recent_visit(case), case.first_dose_on
    start = None if first is None else latest_visit(case.record, first)
    if visit is None:
        return _no_visit(case, "visit")
    if start is None:
        return _unknown("sledai_before", say(gettext_noop("No SLEDAI from before tacrolimus")), "visit")
    before, now = score(start.sledai), score(visit.sledai)
    shown = (visit_evidence(start, SLEDAI, _range(before)), visit_evidence(visit, SLEDAI, _range(now)))
    if now.high < before.low:
        text = gettext_noop("SLEDAI fell from %(before)s to %(now)s: she responds, no higher dose")
        return _blocked_verdict(say(text, before=_range(before), now=_range(now)), *shown)
    if now.low >= before.high:
        return _met_verdict(say(gettext_noop("SLEDAI did not fall on tacrolimus")), *shown)
    return _unknown("sledai", say(gettext_noop("SLEDAI has unanswered items")), "visit", *shown)


def _range(found: Score) -> str:
    return str(found.low) if found.total is not None else f"{found.low}–{found.high}"


def _recent(case: Case, analyte: str, days: int) -> LaboratoryValue | None:
    row = latest_laboratory(case.record, analyte, case.on, days)
    return None if row is None or row.value is None else row


def _no_result(analyte: str, text: str, days: int) -> Verdict:
    return _unknown(analyte, say(text, days=days), "laboratory")


def _creatinine(case: Case) -> Verdict:
    row = _recent(case, "creatinine", SAFETY.laboratory_max_age_days)
    before = baseline(case, "creatinine")
    if row is None or row.value is None:
        return _no_result(
            "creatinine",
            gettext_noop("No creatinine of the last %(days)s days"),
            SAFETY.laboratory_max_age_days,
        )
    shown = laboratory_evidence(row)
    if before is None:
        sentence = say(gettext_noop("No creatinine from before tacrolimus to compare with"))
        return _unknown("creatinine_before", sentence, "laboratory", shown)
    percent = 100 * (row.value - before) / before
    values: dict[str, Value] = {
        "value": format_result(row),
        "before": before.normalize(),
        "percent": percent.quantize(Decimal(1)),
    }
    if percent >= SIGNALS.creatinine_repeat_percent and row.comparator not in AT_MOST:
        text = gettext_noop("creatinine %(value)s mg/dl is %(percent)s %% above %(before)s before tacrolimus")
        return _blocked_verdict(say(text, **values), shown)
    return _met_verdict(say(gettext_noop("Creatinine %(value)s mg/dl, %(before)s before"), **values), shown)


def _potassium(case: Case) -> Verdict:
    row = _recent(case, "potassium", SAFETY.laboratory_max_age_days)
    if row is None:
        return _no_result(
            "potassium",
            gettext_noop("No potassium of the last %(days)s days"),
            SAFETY.laboratory_max_age_days,
        )
    if above(row, SIGNALS.potassium_visit_mmol_l):
        text = gettext_noop("potassium %(value)s mmol/l is above %(limit)s")
        sentence = say(text, value=format_result(row), limit=SIGNALS.potassium_visit_mmol_l)
        return _blocked_verdict(sentence, laboratory_evidence(row))
    return _met_verdict(
        say(gettext_noop("Potassium %(value)s mmol/l"), value=format_result(row)), laboratory_evidence(row)
    )


def _blood_pressure(case: Case) -> Verdict:
    visit = _recent_visit(case)
    if visit is None or visit.systolic_mm_hg is None or visit.diastolic_mm_hg is None:
        text = gettext_noop("No blood pressure of the last %(days)s days")
        return _unknown("blood_pressure", say(text, days=case.thresholds.visit_max_age_days), "visit")
    value = f"{visit.systolic_mm_hg}/{visit.diastolic_mm_hg}"
    shown = visit_evidence(visit, BLOOD_PRESSURE, value, "mm[Hg]")
    high = (
        visit.systolic_mm_hg >= SIGNALS.systolic_visit_mm_hg
        or visit.diastolic_mm_hg >= SIGNALS.diastolic_visit_mm_hg
    )
    if high:
        text = gettext_noop("blood pressure %(value)s mmHg is not below %(systolic)s/%(diastolic)s")
        limits = {
            "systolic": SIGNALS.systolic_visit_mm_hg,
            "diastolic": SIGNALS.diastolic_visit_mm_hg,
        }
        return _blocked_verdict(say(text, value=value, **limits), shown)
    return _met_verdict(say(gettext_noop("Blood pressure %(value)s mmHg"), value=value), shown)


def _blood(case: Case) -> Iterator[Verdict]:
    """With little red blood or albumin the whole-blood level understates the free drug."""
    for analyte, limit, low, fine, none in BLOOD:
        row = _recent(case, analyte, LEVELS.blood_max_age_days)
        if row is None:
            yield _no_result(analyte, none, LEVELS.blood_max_age_days)
        elif at_least(row, limit):
            yield _met_verdict(say(fine, value=format_result(row)), laboratory_evidence(row))
        else:
            yield _blocked_verdict(say(low, value=format_result(row), limit=limit), laboratory_evidence(row))


def _adherence(case: Case, latest: LevelInterpretation) -> Verdict:
    if latest.level.comparator == "<":
        sentence = say(gettext_noop("the last level is not measurable: was every dose taken?"))
        return _blocked_verdict(sentence, level_evidence(latest.level))
    visit = _recent_visit(case)
    if visit is None or visit.adherence_percent is None:
        text = gettext_noop("Adherence was not asked in the last %(days)s days")
        return _unknown("adherence", say(text, days=case.thresholds.visit_max_age_days), "visit")
    percent, limit = visit.adherence_percent, case.thresholds.adherence_percent
    shown = visit_evidence(visit, ADHERENCE, percent, "%")
    if percent < limit:
        text = gettext_noop("%(percent)s %% of the doses were taken, less than %(limit)s")
        return _blocked_verdict(say(text, percent=percent, limit=limit), shown)
    return _met_verdict(say(gettext_noop("%(percent)s %% of the doses were taken"), percent=percent), shown)


def _steady(case: Case, latest: LevelInterpretation) -> Verdict:
    shown = level_evidence(latest.level)
    if is_steady(case, latest.level.on):
        return _met_verdict(say(gettext_noop("The last level was drawn at steady state")), shown)
    text = gettext_noop("the last level was not drawn at steady state (%(days)s days at one dose)")
    return _blocked_verdict(say(text, days=LEVELS.steady_after_days), shown)


def _drugs(case: Case, latest: LevelInterpretation) -> Verdict:
    """No drug that moves the level came, changed or went since it was drawn."""
    for drug, day in interacting_turns(case, case.on):
        if day >= latest.level.on:
            text = gettext_noop("%(drug)s was started, changed or stopped on %(day)s, after the last level")
            return _blocked_verdict(say(text, drug=DRUGS[drug].label, day=day))
    unidentified = unidentified_drugs(case.record, latest.level.on, case.on)
    if unidentified:
        missing = unidentified_missing(unidentified[0])
        return _unknown(missing.item, missing.sentence, missing.fill)
    oldest = case.on - timedelta(days=LEVELS.drug_list_max_age_days)
    if not any(row.stated_on >= oldest for row in case.record.drug_histories):
        text = gettext_noop("The drug list was not confirmed in the last %(days)s days")
        return _unknown("drug_history", say(text, days=LEVELS.drug_list_max_age_days), "drug_history")
    return _met_verdict(say(gettext_noop("No drug that moves the level changed since the last level")))


def _steroid(case: Case, latest: LevelInterpretation) -> Verdict:
    """Less prednisolone since the level may let it rise by itself: its induction wanes (4.3)."""
    found = stability(case.record, case.on, (case.on - latest.level.on).days)
    for change in found.changes:
        if change.new_mg < change.old_mg:
            text = gettext_noop(
                "prednisolone was cut from %(old)s to %(new)s mg on %(day)s, after the last level"
            )
            values: dict[str, Value] = {
                "old": change.old_mg.normalize(),
                "new": change.new_mg.normalize(),
                "day": change.on,
            }
            return _blocked_verdict(say(text, **values))
    if found.unknown_days:
        sentence = say(gettext_noop("The prednisolone dose since the last level is not known"))
        return _unknown("steroid_history", sentence, "drug")
    return _met_verdict(say(gettext_noop("Prednisolone was not cut since the last level")))
