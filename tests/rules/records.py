"""Records for tests of the rules: one patient who meets everything, and ways to change them.

`eligible_record(on)` meets C0 to C7 through a rash that went from 0 to 1, and is safe to start.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from patients.rules.analytes import ANALYTES
from patients.rules.dates import PartialDate
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.record import (
    Administration,
    Attribution,
    Classification,
    DrugHistory,
    Episode,
    LaboratoryValue,
    Person,
    PriorUse,
    Record,
    Statement,
    Symptom,
    Visit,
)
from patients.rules.sledai import ITEMS

ON = date(2025, 6, 2)

RESULTS = {
    "c3": "95", "upcr": "0.2", "urine_rbc": "1", "urine_wbc": "1", "platelets": "210", "creatinine": "0.60",
    "potassium": "4.2", "ck": "90", "glucose": "92", "hba1c": "5.6", "ast": "20", "alt": "18", "wbc": "5.2",
    "haemoglobin": "12.8", "lymphocytes": "1.4",
}  # fmt: skip
SCREENING = ("hbsag", "anti_hbc", "anti_hbs", "hcv", "tb_screen", "pregnancy_test")


def before(on: date, days: int) -> date:
    return on - timedelta(days=days)


def laboratory(id: int, analyte: str, on: date, value: str | None = None, **changes: Any) -> LaboratoryValue:
    row = ANALYTES[analyte]
    finding = changes.pop("finding", "" if row.is_quantity else "negative")
    return LaboratoryValue(
        id=id,
        analyte=analyte,
        on=on,
        value=None if value is None else Decimal(value),
        finding=finding,
        laboratory=changes.pop("laboratory", "A"),
        lower_limit=changes.pop("lower_limit", row.reference_low),
        upper_limit=changes.pop("upper_limit", row.reference_high),
        **changes,
    )


def visit(id: int, on: date, **changes: Any) -> Visit:
    """A complete visit at which nothing was found."""
    complete: dict[str, Any] = {
        "sledai": {item.code: False for item in ITEMS},
        "symptoms": {code: Symptom(0) for code in SYMPTOMS},
        "organ_findings": dict.fromkeys(ORGAN_FINDINGS, False),
        "observations": dict.fromkeys(OBSERVATIONS, False),
        "swollen_joints": 0,
        "inflamed_joints": 0,
        "systolic_mm_hg": 118,
        "diastolic_mm_hg": 72,
        "weight_kg": Decimal("54.0"),
        "physician_global": Decimal("0.8"),
        "adherence_percent": 95,
    }
    return Visit(id=id, on=on, **{**complete, **changes})


def eligible_record(on: date = ON) -> Record:
    """A woman of 40 on prednisolone 10 mg whose rash went from 0 to 1; everything else is in order."""
    rash = {code: Symptom(0) for code in SYMPTOMS} | {"rash": Symptom(1, Attribution.YES)}
    return Record(
        person=Person(
            id=1,
            sex="F",
            birth=PartialDate.on(date(on.year - 40, 1, 15)),
            first_treatment=PartialDate.on(date(on.year - 4, 3, 1)),
            renal_involvement=True,
        ),
        visits=(visit(1, before(on, 28)), visit(2, on, symptoms=rash)),
        laboratory=tuple(_laboratory(on)),
        episodes=(
            Episode(1, "prednisolone", before(on, 300), Decimal(10)),
            Episode(2, "hydroxychloroquine", before(on, 900), Decimal(200)),
        ),
        drug_histories=(DrugHistory(1, on, 365),),
        statements=tuple(
            Statement(number, kind, on, answer)
            for number, (kind, answer) in enumerate(
                {
                    "pregnant": False,
                    "tacrolimus_hypersensitivity": False,
                    "calcineurin_inhibitor_serious_reaction": False,
                    "live_vaccine": False,
                    "steroid_insufficient_or_not_tolerated": True,
                }.items(),
                start=1,
            )
        ),
        classifications=(Classification(1, "acr_1997", before(on, 1000), score=5, complete=True),),
    )


def _laboratory(on: date) -> Iterable[LaboratoryValue]:
    for number, (analyte, value) in enumerate(RESULTS.items(), start=1):
        yield laboratory(number, analyte, before(on, 3), value)
    for number, analyte in enumerate(SCREENING, start=100):
        yield laboratory(number, analyte, before(on, 3))
    yield laboratory(200, "chest_xray", before(on, 60), finding="normal")


def no_trigger(record: Record) -> Record:
    """The same patient without a worsened symptom: C3 is normal too."""
    return with_visit(record, symptoms={code: Symptom(0) for code in SYMPTOMS})


def with_visit(record: Record, **changes: Any) -> Record:
    """The latest visit changed."""
    *earlier, last = sorted(record.visits, key=lambda row: row.on)
    return replace(record, visits=(*earlier, replace(last, **changes)))


def with_symptom(record: Record, code: str, symptom: Symptom) -> Record:
    last = max(record.visits, key=lambda row: row.on)
    return with_visit(record, symptoms={**last.symptoms, code: symptom})


def with_sledai(record: Record, **answers: bool | None) -> Record:
    last = max(record.visits, key=lambda row: row.on)
    return with_visit(record, sledai={**last.sledai, **answers})


def with_laboratory(record: Record, analyte: str, *values: tuple[date, str], **changes: Any) -> Record:
    """The analyte's results replaced by these; none when no value is given."""
    others = tuple(row for row in record.laboratory if row.analyte != analyte)
    added = tuple(
        laboratory(1000 + number, analyte, day, value, **changes)
        for number, (day, value) in enumerate(values)
    )
    return replace(record, laboratory=(*others, *added))


def with_episodes(record: Record, *episodes: Episode) -> Record:
    return replace(record, episodes=(*record.episodes, *episodes))


def with_steroid(record: Record, *episodes: Episode) -> Record:
    others = tuple(row for row in record.episodes if row.drug != "prednisolone")
    return replace(record, episodes=(*others, *episodes))


def with_administrations(record: Record, *given: Administration) -> Record:
    return replace(record, administrations=(*record.administrations, *given))


def with_prior_uses(record: Record, *uses: PriorUse) -> Record:
    return replace(record, prior_uses=(*record.prior_uses, *uses))


def with_statement(record: Record, kind: str, answer: bool | None, **changes: Any) -> Record:
    others = tuple(row for row in record.statements if row.kind != kind)
    day = changes.pop("stated_on", max(row.stated_on for row in record.statements))
    return replace(record, statements=(*others, Statement(500, kind, day, answer, **changes)))


def without_statement(record: Record, kind: str) -> Record:
    return replace(record, statements=tuple(row for row in record.statements if row.kind != kind))


def with_person(record: Record, **changes: Any) -> Record:
    return replace(record, person=replace(record.person, **changes))
