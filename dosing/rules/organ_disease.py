"""C7: no major organ disease, every entry answered and recent. Clinical specification 2.5.

The list follows LLDAS and SFI and is this project's choice. Urine findings are assessed by the
doctor's SLEDAI answer, which must be based on a recent urinalysis.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice
from statistics import median

from dosing.rules.signals.thresholds import SIGNALS
from dosing.rules.thresholds import Thresholds
from patients.rules.analytes import ANALYTES
from patients.rules.answers import Answer, all_of
from patients.rules.bounds import AT_LEAST, AT_MOST
from patients.rules.dates import age_years
from patients.rules.evidence import laboratory_evidence, result_value, visit_evidence
from patients.rules.findings import ORGAN_FINDINGS
from patients.rules.reading import laboratory_values, latest_laboratory, latest_visit
from patients.rules.record import LaboratoryValue, Record, Visit
from patients.rules.renal import ADULT_YEARS, CKD_EPI_2021, egfr_ckd_epi_2021
from patients.rules.sledai import ITEMS
from patients.rules.verdict import (
    Evidence,
    Message,
    Missing,
    Shown,
    Source,
    Value,
    Verdict,
    conjunction,
    decisive_missing,
    gettext_noop,
    say,
)

SOURCE = Source(
    "Study: major organ disease excluded; the list follows LLDAS and SFI, specification 2.5", published=False
)
RENAL_SOURCE = Source("KDIGO 2024: eGFR above 45 for calcineurin inhibitors, by CKD-EPI 2021")


@dataclass(frozen=True)
class OrganDiseaseItem:
    """A finding that a visit answers, under the name it has when missing, and what is said of it."""

    item: str
    label: Message
    active: Message
    inactive: Message
    not_assessed: Message


def _entry(item: str, label: str) -> OrganDiseaseItem:
    return OrganDiseaseItem(
        item=item,
        label=say(label),
        active=say(gettext_noop("%(finding)s is active"), finding=label),
        inactive=say(gettext_noop("%(finding)s: no"), finding=label),
        not_assessed=say(gettext_noop("%(finding)s was not assessed"), finding=label),
    )


MAJOR = (
    "seizure",
    "psychosis",
    "organic_brain_syndrome",
    "visual",
    "cranial_nerve",
    "cerebrovascular_accident",
    "vasculitis",
    "myositis",
    "casts",
    "haematuria",
    "pyuria",
    "pleurisy",
    "pericarditis",
)
SLEDAI_ENTRIES = {
    item.code: _entry(f"sledai_{item.code}", item.label) for item in ITEMS if item.code in MAJOR
}
ORGAN_ENTRIES = {code: _entry(f"organ_{code}", label) for code, label in ORGAN_FINDINGS.items()}
NO_ANSWER_BUT_NO = {False}
WORDS = {True: "yes", False: "no", None: "not assessed"}
URINALYSIS = ("urine_rbc", "urine_wbc")
RENAL_BIOPSY_EXCLUDED = ("III", "IV", "III+V", "IV+V")


def no_major_organ_disease(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    """C7: every entry answered no within 30 days."""
    visit = latest_visit(record, on, thresholds.visit_max_age_days)
    measured = _laboratory(record, on, thresholds)
    if visit is not None and _all_answered_no(visit):
        return conjunction(
            measured, _joint_sentence(measured), SOURCE, lambda: (*_item_verdicts(visit), *measured)
        )
    parts = [*(_item_verdicts(visit) if visit else [_visit_missing(record, on, thresholds)]), *measured]
    return conjunction(parts, _joint_sentence(parts), SOURCE)


def _joint_sentence(parts: list[Verdict]) -> Message:
    """The first active entry, else what is open, else that there is none."""
    answer = all_of(part.answer for part in parts)
    if answer is Answer.MET:
        return say(gettext_noop("No major organ disease"))
    if answer is Answer.NOT_MET:
        return next(part.sentence for part in parts if part.answer is answer)
    return _open_sentence(decisive_missing(parts, answer))


def _all_answered_no(visit: Visit) -> bool:
    """The usual case: nothing is active and nothing is open."""
    sledai, organs = visit.sledai.get, visit.organ_findings.get
    return {*map(sledai, SLEDAI_ENTRIES), *map(organs, ORGAN_ENTRIES)} == NO_ANSWER_BUT_NO


def _item_verdicts(visit: Visit) -> tuple[Verdict, ...]:
    answers = [_item_verdict(entry, visit.sledai.get(code), visit) for code, entry in SLEDAI_ENTRIES.items()]
    organs = [
        _item_verdict(entry, visit.organ_findings.get(code), visit) for code, entry in ORGAN_ENTRIES.items()
    ]
    return (*answers, *organs)


def _item_verdict(entry: OrganDiseaseItem, active: bool | None, visit: Visit) -> Verdict:
    def evidence() -> tuple[Evidence, ...]:
        return (visit_evidence(visit, entry.label, WORDS[active]),)

    if active is None:
        return _cannot_tell(entry.item, entry.not_assessed, "visit", evidence)
    if active:
        return Verdict(Answer.NOT_MET, entry.active, SOURCE, evidence)
    return Verdict(Answer.MET, entry.inactive, SOURCE, evidence)


def _laboratory(record: Record, on: date, thresholds: Thresholds) -> list[Verdict]:
    return [
        _urine_protein(record, on, thresholds),
        _urinalysis(record, on, thresholds),
        _platelets(record, on, thresholds),
        _kidney(record, on, thresholds),
    ]


def _urine_protein(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    row = latest_laboratory(record, "upcr", on, thresholds.laboratory_max_age_days)
    if row is None or row.value is None:
        return _too_old(record, on, "upcr", gettext_noop("Urine protein"), "upcr", thresholds)
    limit = thresholds.upcr_g_per_g
    evidence = partial(_evidence_of, row)
    if row.value <= limit and row.comparator not in AT_LEAST:
        sentence = say(
            gettext_noop("Urine protein %(upcr)s g/g is not above %(limit)s"),
            upcr=result_value(row),
            limit=limit,
        )
        return Verdict(Answer.MET, sentence, SOURCE, evidence)
    if row.comparator in AT_MOST or (row.comparator in AT_LEAST and row.value < limit):
        return _outside_range("upcr", row)
    if thresholds.allow_mild_renal and _mild_and_stable(record, on, thresholds):
        caution = say(
            gettext_noop("asymptomatic nephritis: urine protein %(upcr)s g/g"), upcr=result_value(row)
        )
        sentence = say(gettext_noop("Urine protein is mildly raised and stable"))
        return Verdict(Answer.MET, sentence, SOURCE, evidence, cautions=(caution,))
    sentence = say(
        gettext_noop("Urine protein %(upcr)s g/g is above %(limit)s"),
        upcr=result_value(row),
        limit=limit,
    )
    return Verdict(Answer.NOT_MET, sentence, SOURCE, evidence)


def _mild_and_stable(record: Record, on: date, thresholds: Thresholds) -> bool:
    """Between 0.5 and 1.0 g/g for at least three months, and no class III or IV nephritis."""
    values = laboratory_values(record, "upcr", on)
    since = on - timedelta(days=thresholds.mild_renal_stable_days)
    long_enough = any(row.on <= since for row in values)
    from_then = [row for row in values if row.on >= since] + [row for row in values if row.on <= since][-1:]
    mild = all(
        row.value is not None and row.is_exact and row.value <= thresholds.upcr_mild_g_per_g
        for row in from_then
    )
    return long_enough and mild and record.person.biopsy_class not in RENAL_BIOPSY_EXCLUDED


def _urinalysis(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    rows = [
        latest_laboratory(record, analyte, on, thresholds.laboratory_max_age_days) for analyte in URINALYSIS
    ]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        absent = URINALYSIS[rows.index(None)]
        return _too_old(record, on, absent, gettext_noop("Urinalysis"), "urinalysis", thresholds)
    sentence = say(gettext_noop("Urinalysis of %(day)s"), day=min(row.on for row in known))
    return Verdict(Answer.MET, sentence, SOURCE, partial(_evidence_of, *known))


def _platelets(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    row = latest_laboratory(record, "platelets", on, thresholds.laboratory_max_age_days)
    if row is None or row.value is None:
        return _too_old(record, on, "platelets", gettext_noop("Blood count"), "blood_count", thresholds)
    limit = thresholds.platelets_10e3_per_ul
    values: dict[str, Value] = {"platelets": result_value(row), "limit": limit}
    evidence = partial(_evidence_of, row)
    if (row.comparator in AT_MOST and row.value > limit) or (
        row.comparator in AT_LEAST and row.value < limit
    ):
        return _outside_range("blood_count", row)
    if row.value < limit or row.comparator in AT_MOST:
        sentence = say(gettext_noop("Platelets %(platelets)s are below %(limit)s ×10³/µl"), **values)
        return Verdict(Answer.NOT_MET, sentence, SOURCE, evidence)
    sentence = say(gettext_noop("Platelets %(platelets)s are not below %(limit)s ×10³/µl"), **values)
    return Verdict(Answer.MET, sentence, SOURCE, evidence)


def _kidney(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    row = latest_laboratory(record, "creatinine", on, thresholds.laboratory_max_age_days)
    if row is None or row.value is None:
        return _too_old(record, on, "creatinine", gettext_noop("Creatinine"), "creatinine", thresholds)
    baseline = creatinine_baseline(record, row)
    if baseline is not None and row.value >= baseline * (1 + thresholds.creatinine_rise_percent / 100):
        return _certain(_risen(row, baseline, thresholds), row)
    return _certain(_filtration(record, row, thresholds), row)


def _risen(row: LaboratoryValue, baseline: Decimal, thresholds: Thresholds) -> Verdict:
    sentence = say(
        gettext_noop("Creatinine rose from %(before)s to %(now)s mg/dl (%(limit)s %% or more)"),
        before=baseline.normalize(),
        now=result_value(row),
        limit=thresholds.creatinine_rise_percent,
    )
    return Verdict(Answer.NOT_MET, sentence, SOURCE, (laboratory_evidence(row),))


def _certain(verdict: Verdict, row: LaboratoryValue) -> Verdict:
    """Creatinine is at most "<" or at least ">" what was judged: keep only what holds all the same."""
    high_is_sure, low_is_sure = row.comparator not in AT_MOST, row.comparator not in AT_LEAST
    doubtful = {Answer.NOT_MET: not high_is_sure, Answer.MET: not low_is_sure}.get(verdict.answer, False)
    return _outside_range("creatinine", row) if doubtful else verdict


def creatinine_baseline(record: Record, row: LaboratoryValue) -> Decimal | None:
    """The median of up to three values of the year before, in mg/dl; None when there are none."""
    oldest = row.on - timedelta(days=SIGNALS.baseline_days)
    earlier = (
        other.value
        for other in reversed(record.laboratory_in_order["creatinine"])
        if oldest <= other.on < row.on and other.is_exact and other.value is not None
    )
    latest = list(islice(earlier, SIGNALS.baseline_values))
    return median(latest) if latest else None


def _filtration(record: Record, row: LaboratoryValue, thresholds: Thresholds) -> Verdict:
    birth = record.person.birth
    ages = {age_years(birth.earliest, row.on), age_years(birth.latest, row.on)}
    evidence = partial(_evidence_of, row)
    if min(ages) < ADULT_YEARS or row.value is None or row.value <= 0:
        sentence = say(gettext_noop("eGFR cannot be computed for this age or creatinine"))
        return _cannot_tell("egfr", sentence, "patient", evidence)
    values = sorted(egfr_ckd_epi_2021(float(row.value), age, record.person.sex) for age in ages)
    limit = float(thresholds.egfr_ml_min_173)
    shown = Decimal(str(round(values[0], 1)))

    def computed() -> tuple[Evidence, ...]:
        unit = f"mL/min/1.73 m² ({CKD_EPI_2021})"
        return (*evidence(), Evidence(say(gettext_noop("eGFR")), shown, unit, row.on))

    said: dict[str, Value] = {"egfr": shown, "equation": CKD_EPI_2021, "limit": thresholds.egfr_ml_min_173}
    if values[-1] < limit:
        sentence = say(gettext_noop("eGFR %(egfr)s is below %(limit)s by %(equation)s"), **said)
        return Verdict(Answer.NOT_MET, sentence, RENAL_SOURCE, computed)
    if values[0] < limit:
        sentence = say(gettext_noop("eGFR is near %(limit)s and the exact age is not known"), **said)
        return _cannot_tell("birth", sentence, "patient", computed)
    sentence = say(gettext_noop("eGFR %(egfr)s is not below %(limit)s by %(equation)s"), **said)
    return Verdict(Answer.MET, sentence, RENAL_SOURCE, computed)


def _evidence_of(*rows: LaboratoryValue) -> tuple[Evidence, ...]:
    return tuple(laboratory_evidence(row) for row in rows)


def _outside_range(item: str, row: LaboratoryValue) -> Verdict:
    sentence = say(
        gettext_noop("%(what)s %(value)s is outside the measuring range and cannot be judged"),
        what=ANALYTES[row.analyte].label,
        value=result_value(row),
    )
    return _cannot_tell(item, sentence, "laboratory", (laboratory_evidence(row),))


def _too_old(
    record: Record, on: date, analyte: str, label: str, item: str, thresholds: Thresholds
) -> Verdict:
    last = latest_laboratory(record, analyte, on)
    if last is None:
        sentence = say(gettext_noop("%(what)s has never been recorded"), what=label)
        return _cannot_tell(item, sentence, "laboratory", ())
    sentence = say(
        gettext_noop("%(what)s is %(age)s days old (limit %(limit)s)"),
        what=label,
        age=(on - last.on).days,
        limit=thresholds.laboratory_max_age_days,
    )
    return _cannot_tell(item, sentence, "laboratory", (laboratory_evidence(last),))


def _visit_missing(record: Record, on: date, thresholds: Thresholds) -> Verdict:
    last = latest_visit(record, on)
    sentence = (
        say(gettext_noop("There is no signed visit"))
        if last is None
        else say(
            gettext_noop("The last signed visit is %(age)s days old (limit %(limit)s)"),
            age=(on - last.on).days,
            limit=thresholds.visit_max_age_days,
        )
    )
    return _cannot_tell("visit", sentence, "visit", ())


def _cannot_tell(item: str, sentence: Message, fill: str, evidence: Shown[Evidence]) -> Verdict:
    return Verdict(Answer.CANNOT_TELL, sentence, SOURCE, evidence, missing=(Missing(item, sentence, fill),))


def _open_sentence(missing: tuple[Missing, ...]) -> Message:
    if len(missing) == 1:
        return missing[0].sentence
    return say(gettext_noop("%(count)s entries of major organ disease are open"), count=len(missing))
