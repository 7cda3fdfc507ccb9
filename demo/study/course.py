"""One row of the table as a record: visits every four weeks from week -24 to 52.

Deterministic: the noise comes from a generator seeded with the patient's number.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.study.drugs import episodes, prior_uses
from demo.study.measurements import LAST_WEEK, WEEKS, measured
from demo.study.rows import SYMPTOMS, StudyRow
from patients.rules.dates import PartialDate, add_years
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS
from patients.rules.record import (
    Attribution,
    Classification,
    DrugHistory,
    LaboratoryValue,
    Person,
    Record,
    Statement,
    Symptom,
    Visit,
)
from patients.rules.sledai import ITEMS

FIRST_ENROLMENT = date(2009, 10, 5)
DAYS_BETWEEN_ENROLMENTS = 14
LABORATORY = "Study laboratory (reconstructed)"
RIA = "RIA"
DSDNA_LIMIT = Decimal(12)
SETTLED_AFTER_WEEK = 12
FEVER_C, NO_FEVER_C = Decimal("38.4"), Decimal("36.6")
ITEM_OF = {"headache": "lupus_headache"}
ALWAYS = {
    "platelets": "210", "urine_wbc": "1", "potassium": "4.2", "glucose": "92", "ck": "92",
    "haemoglobin": "12.6", "lymphocytes": "1.3", "ast": "21", "alt": "19", "albumin": "4.2",
}  # fmt: skip
SCREENED = ("hbsag", "anti_hbc", "anti_hbs", "hcv", "tb_screen")
CHILDBEARING_AGES = range(15, 50)


def first_dose_day(row: StudyRow) -> date:
    """Week 0: patients were enrolled one after the other, two weeks apart."""
    return FIRST_ENROLMENT + timedelta(days=DAYS_BETWEEN_ENROLMENTS * (int(row.patient[2:]) - 1))


def record_of(row: StudyRow) -> Record:
    """The longitudinal record of one reconstructed patient, without tacrolimus."""
    start = first_dose_day(row)
    random = Random(row.patient)  # noqa: S311 - noise, not a secret
    weeks = [week for week in WEEKS if row.week_52 is not None or week <= 4]  # noqa: PLR2004
    values = {week: measured(row, week, random) for week in weeks}
    days = {week: start + timedelta(weeks=week) for week in weeks}
    return Record(
        person=_person(row, start),
        visits=tuple(_visit(row, week, days[week], values[week]) for week in weeks),
        laboratory=(
            *(fact for week in weeks for fact in _laboratory(values[week], days[week])),
            *_screening(row, start),
        ),
        episodes=episodes(row, start),
        prior_uses=prior_uses(row, start),
        drug_histories=tuple(DrugHistory(0, day, 365) for day in days.values()),
        statements=_statements(row, start),
        classifications=(
            Classification(0, "acr_1997", days[weeks[0]], score=4 + int(row.patient[2:]) % 3, complete=True),
        ),
    )


def _person(row: StudyRow, start: date) -> Person:
    return Person(
        id=0,
        sex=row.sex,
        birth=PartialDate.on(add_years(start, -row.age) - timedelta(days=100)),
        first_treatment=PartialDate.parse(f"{add_years(start, -(2 + row.age % 9)):%Y-%m}"),
        renal_involvement=row.renal_involvement,
        biopsy_class=row.ln_class,
    )


def _symptomatic(row: StudyRow, symptom: str, week: int) -> bool:
    """Before week 0 nobody had a symptom; one that is gone at week 52 went after week 12."""
    if week < 0:
        return False
    later = row.week_52
    if later is None or week <= SETTLED_AFTER_WEEK:
        return symptom in row.week_0.items
    if week == LAST_WEEK:
        return symptom in later.items
    return symptom in row.week_0.items and symptom in later.items


def _visit(row: StudyRow, week: int, day: date, values: dict[str, Decimal]) -> Visit:
    present = {symptom for symptom in SYMPTOMS if _symptomatic(row, symptom, week)}
    answers = dict.fromkeys((item.code for item in ITEMS), False) | _sledai(row, week, values)
    answers |= {ITEM_OF.get(symptom, symptom): True for symptom in present}
    return Visit(
        id=0,
        on=day,
        sledai=answers,
        symptoms={
            symptom: Symptom(1, Attribution.YES) if symptom in present else Symptom(0) for symptom in SYMPTOMS
        },
        swollen_joints=2 if "arthritis" in present else 0,
        inflamed_joints=2 if "arthritis" in present else 0,
        highest_temperature_c=FEVER_C if "fever" in present else NO_FEVER_C,
        organ_findings=dict.fromkeys(ORGAN_FINDINGS, False),
        observations=dict.fromkeys(OBSERVATIONS, False),
        systolic_mm_hg=122,
        diastolic_mm_hg=74,
        weight_kg=Decimal(66) if row.sex == "M" else Decimal(53),
        physician_global=Decimal("1.0") if present else Decimal("0.5"),
        adherence_percent=95,
    )


def _sledai(row: StudyRow, week: int, values: dict[str, Decimal]) -> dict[str, bool]:
    """The items that laboratory values decide; at weeks 0 and 52 they are the table's."""
    if week in (0, LAST_WEEK) and (state := row.week_0 if week == 0 else row.week_52):
        names = ("low_complement", "dna_binding", "proteinuria", "haematuria", "leukopenia")
        return {name: name in state.items for name in names}
    return {
        "low_complement": values["c3"] < 86 or values["c4"] < 10,  # noqa: PLR2004 - limits as printed
        "dna_binding": values["dsdna"] >= DSDNA_LIMIT,
        "proteinuria": values["upcr"] > Decimal("0.5"),
        "haematuria": values["urine_rbc"] > 5,  # noqa: PLR2004
        "leukopenia": values["wbc"] < 3,  # noqa: PLR2004
    }


def _laboratory(values: dict[str, Decimal], day: date) -> list[LaboratoryValue]:
    known = {**values, **{analyte: Decimal(value) for analyte, value in ALWAYS.items()}}
    rows = [_value(analyte, value, day) for analyte, value in known.items()]
    return [*rows, LaboratoryValue(0, "urine_casts", day, finding="absent", laboratory=LABORATORY)]


def _value(analyte: str, value: Decimal, day: date) -> LaboratoryValue:
    if analyte == "dsdna":
        return LaboratoryValue(
            0, analyte, day, value, laboratory=LABORATORY, method=RIA, upper_limit=DSDNA_LIMIT
        )
    return LaboratoryValue(0, analyte, day, value, laboratory=LABORATORY)


def _screening(row: StudyRow, start: date) -> list[LaboratoryValue]:
    day = start - timedelta(weeks=4)
    found = [
        LaboratoryValue(0, analyte, day, finding="negative", laboratory=LABORATORY) for analyte in SCREENED
    ]
    found.append(LaboratoryValue(0, "chest_xray", start, finding="normal", laboratory=LABORATORY))
    found.append(LaboratoryValue(0, "hba1c", start, Decimal("5.6"), laboratory=LABORATORY))
    if row.sex == "F" and row.age in CHILDBEARING_AGES:
        found.append(LaboratoryValue(0, "pregnancy_test", start, finding="negative", laboratory=LABORATORY))
    return found


def _statements(row: StudyRow, start: date) -> tuple[Statement, ...]:
    day = start - timedelta(weeks=24)
    answers = {
        "tacrolimus_hypersensitivity": False,
        "calcineurin_inhibitor_serious_reaction": False,
        "live_vaccine": False,
        "steroid_insufficient_or_not_tolerated": True,
        # Not licensed in Japan before 2015.
        "hydroxychloroquine_not_suitable": True,
    }
    if row.sex == "F":
        answers["pregnant"] = False
    return tuple(Statement(0, kind, day, answer) for kind, answer in answers.items())
