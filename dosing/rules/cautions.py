"""Cautions that are shown with the criteria and change no answer. Clinical specification 2.2."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from dosing.rules.drug_changes import recent_changes
from dosing.rules.thresholds import Thresholds
from patients.rules.dates import age_years
from patients.rules.drugs import DRUGS
from patients.rules.findings import SYMPTOMS
from patients.rules.reading import active_episodes, latest_laboratory, latest_statement, latest_visit
from patients.rules.record import Record
from patients.rules.renal import ADULT_YEARS, JAPAN, egfr_japan
from patients.rules.sledai import score
from patients.rules.verdict import Message, gettext_noop, say

NOT_IN_THE_STUDY = ("leflunomide", "belimumab", "anifrolumab")


def cautions(record: Record, on: date, thresholds: Thresholds) -> tuple[Message, ...]:
    """What the doctor should weigh although every criterion may be met."""
    return (
        *_drug_changes(record, on, thresholds),
        *_hydroxychloroquine(record, on),
        *_adherence(record, on, thresholds),
        *_activity(record, on, thresholds),
        *_not_studied(record, on),
        *_kidney(record, on, thresholds),
    )


def _drug_changes(record: Record, on: date, thresholds: Thresholds) -> Iterable[Message]:
    return [
        say(
            gettext_noop("%(drug)s was started, changed or stopped on %(day)s: this may explain the change"),
            drug=DRUGS[drug].label,
            day=day,
        )
        for drug, day in recent_changes(record, on, thresholds)
    ]


def _hydroxychloroquine(record: Record, on: date) -> Iterable[Message]:
    reason = latest_statement(record, "hydroxychloroquine_not_suitable", on)
    if active_episodes(record, ["hydroxychloroquine"], on) or (reason is not None and reason.answer):
        return []
    return [say(gettext_noop("no hydroxychloroquine and no reason recorded (EULAR 2023)"))]


def _adherence(record: Record, on: date, thresholds: Thresholds) -> Iterable[Message]:
    visit = latest_visit(record, on, thresholds.visit_max_age_days)
    taken = visit.adherence_percent if visit else None
    if taken is None:
        return [say(gettext_noop("adherence was not asked"))]
    if taken < thresholds.adherence_percent:
        return [say(gettext_noop("only %(taken)s %% of the prescribed doses are taken"), taken=taken)]
    return []


def _activity(record: Record, on: date, thresholds: Thresholds) -> Iterable[Message]:
    visit = latest_visit(record, on, thresholds.visit_max_age_days)
    if visit is None:
        return []
    grade = thresholds.severe_symptom_grade
    severe = [code for code, symptom in visit.symptoms.items() if (symptom.severity or 0) >= grade]
    found = [
        say(
            gettext_noop("severe %(symptom)s: the study was in mild to moderate activity"),
            symptom=SYMPTOMS[code],
        )
        for code in sorted(severe)
    ]
    total = score(visit.sledai)
    if total.low > thresholds.sledai_caution_above:
        found.append(
            say(
                gettext_noop("SLEDAI %(sledai)s: efficacy in severe disease is considered limited"),
                sledai=total.low,
            )
        )
    if visit.sledai.get("lupus_headache"):
        found.append(say(gettext_noop("lupus headache as the only neurological sign")))
    return found


def _not_studied(record: Record, on: date) -> Iterable[Message]:
    return [
        say(gettext_noop("%(drug)s is taken: not in the study"), drug=DRUGS[row.drug].label)
        for row in active_episodes(record, NOT_IN_THE_STUDY, on)
    ]


def _kidney(record: Record, on: date, thresholds: Thresholds) -> Iterable[Message]:
    """The Japanese equation reads far lower than CKD-EPI; below 45 by it is a caution, not an answer."""
    row = latest_laboratory(record, "creatinine", on, thresholds.laboratory_max_age_days)
    if row is None or row.value is None or row.value <= 0:
        return []
    age = age_years(record.person.birth.earliest, row.on)
    if age < ADULT_YEARS:
        return []
    value = egfr_japan(float(row.value), age, record.person.sex)
    if value >= float(thresholds.egfr_ml_min_173):
        return []
    text = gettext_noop("eGFR %(egfr)s by %(equation)s: ask nephrology")
    return [say(text, egfr=Decimal(str(round(value, 1))), equation=JAPAN)]
