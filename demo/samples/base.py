"""The invented patient that every sample starts from, and small changes to them.

They meet every criterion but the trigger and are safe to start. All days are relative to `on`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from patients.rules.analytes import ANALYTES
from patients.rules.dates import PartialDate, add_years
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.record import (
    Attribution,
    Classification,
    DrugHistory,
    Episode,
    LaboratoryValue,
    Person,
    Record,
    Statement,
    Symptom,
    Visit,
)
from patients.rules.sledai import ITEMS

LABORATORY = "City laboratory (invented)"
VISIT_DAYS = (112, 84, 56, 28, 3)
RESULTS = {
    "c3": "96", "c4": "21", "upcr": "0.12", "urine_rbc": "1", "urine_wbc": "1", "platelets": "224",
    "creatinine": "0.61", "potassium": "4.1", "ck": "88", "glucose": "91", "hba1c": "5.5", "ast": "19",
    "alt": "17", "wbc": "5.6", "haemoglobin": "12.9", "lymphocytes": "1.5",
}  # fmt: skip
FINDINGS = {
    "urine_casts": "absent", "hbsag": "negative", "anti_hbc": "negative", "anti_hbs": "negative",
    "hcv": "negative", "tb_screen": "negative", "pregnancy_test": "negative", "chest_xray": "normal",
}  # fmt: skip
STATEMENTS = {
    "pregnant": False,
    "tacrolimus_hypersensitivity": False,
    "calcineurin_inhibitor_serious_reaction": False,
    "live_vaccine": False,
    "steroid_insufficient_or_not_tolerated": True,
}


def before(on: date, days: int) -> date:
    """That many days before; after, for a negative number."""
    return on - timedelta(days=days)


def base_record(on: date, age: int = 38, sex: str = "F") -> Record:
    """A patient in stable maintenance on prednisolone 10 mg and hydroxychloroquine, without a trigger."""
    return Record(
        person=Person(
            id=0,
            sex=sex,
            birth=PartialDate.on(add_years(on, -age) - timedelta(days=60)),
            first_treatment=PartialDate.parse(f"{add_years(on, -5):%Y-%m}"),
            renal_involvement=True,
        ),
        visits=tuple(_visit(before(on, days)) for days in VISIT_DAYS),
        laboratory=_laboratory(on),
        episodes=(
            Episode(0, "prednisolone", before(on, 240), Decimal(10)),
            Episode(0, "hydroxychloroquine", before(on, 1200), Decimal(200)),
        ),
        drug_histories=(DrugHistory(0, before(on, 3), 365),),
        statements=tuple(
            Statement(0, kind, before(on, 20), answer)
            for kind, answer in STATEMENTS.items()
            if sex == "F" or kind != "pregnant"
        ),
        classifications=(Classification(0, "acr_1997", before(on, 1700), score=5, complete=True),),
    )


def with_rash(record: Record, severity: int = 1) -> Record:
    """A rash that was not there before, at the latest visit."""
    return with_symptom(record, "rash", Symptom(severity, Attribution.YES))


def with_symptom(record: Record, code: str, symptom: Symptom) -> Record:
    last = _last(record)
    answers = {**last.sledai, code: bool(symptom.severity)}
    return with_visit(record, symptoms={**last.symptoms, code: symptom}, sledai=answers)


def with_sledai(record: Record, **answers: bool | None) -> Record:
    return with_visit(record, sledai={**_last(record).sledai, **answers})


def with_visit(record: Record, **changes: Any) -> Record:
    """The latest visit changed."""
    last = _last(record)
    others = tuple(visit for visit in record.visits if visit is not last)
    return replace(record, visits=(*others, replace(last, **changes)))


def with_results(record: Record, analyte: str, *values: tuple[date, str]) -> Record:
    """The analyte's results replaced by these."""
    others = tuple(row for row in record.laboratory if row.analyte != analyte)
    return replace(record, laboratory=(*others, *(result(analyte, day, value) for day, value in values)))


def with_episodes(record: Record, *episodes: Episode) -> Record:
    return replace(record, episodes=(*record.episodes, *episodes))


def with_steroid(record: Record, *episodes: Episode) -> Record:
    others = tuple(row for row in record.episodes if row.drug != "prednisolone")
    return replace(record, episodes=(*others, *episodes))


def without_statement(record: Record, kind: str) -> Record:
    return replace(record, statements=tuple(row for row in record.statements if row.kind != kind))


def falling_c3(record: Record, on: date, *, confirmed: bool) -> Record:
    """A C3 of about 100 that fell below 86, once or twice."""
    values = [(before(on, 112), "101"), (before(on, 84), "99"), (before(on, 56), "100")]
    fallen = [(before(on, 28), "83"), (before(on, 3), "81")] if confirmed else [(before(on, 3), "84")]
    known = with_results(record, "c3", *values, *fallen)
    return with_sledai(known, low_complement=True)


def result(analyte: str, day: date, value: str) -> LaboratoryValue:
    if ANALYTES[analyte].is_quantity:
        return LaboratoryValue(0, analyte, day, Decimal(value), laboratory=LABORATORY)
    return LaboratoryValue(0, analyte, day, finding=value, laboratory=LABORATORY)


def _laboratory(on: date) -> tuple[LaboratoryValue, ...]:
    series = [
        result(analyte, before(on, days), RESULTS[analyte])
        for days in VISIT_DAYS
        for analyte in ("c3", "creatinine", "upcr")
    ]
    once = [result(analyte, before(on, 3), value) for analyte, value in {**RESULTS, **FINDINGS}.items()]
    return tuple({(row.analyte, row.on): row for row in (*series, *once)}.values())


def _visit(day: date) -> Visit:
    return Visit(
        id=0,
        on=day,
        sledai={item.code: False for item in ITEMS},
        symptoms={code: Symptom(0) for code in SYMPTOMS},
        swollen_joints=0,
        inflamed_joints=0,
        highest_temperature_c=Decimal("36.7"),
        organ_findings=dict.fromkeys(ORGAN_FINDINGS, False),
        observations=dict.fromkeys(OBSERVATIONS, False),
        systolic_mm_hg=118,
        diastolic_mm_hg=72,
        weight_kg=Decimal(55),
        physician_global=Decimal("0.7"),
        adherence_percent=95,
    )


def _last(record: Record) -> Visit:
    return max(record.visits, key=lambda visit: visit.on)
