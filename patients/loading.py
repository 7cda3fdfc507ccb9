"""Rows to facts: one patient or ten thousand, in the same number of queries.

Only standing facts and signed visits are loaded. Times become days in the clinic's own time zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from patients import models
from patients.rules import record
from patients.rules.analytes import ANALYTES
from patients.rules.findings import OBSERVATIONS, ORGAN_FINDINGS, SYMPTOMS
from patients.rules.sledai import ITEMS

T = TypeVar("T")
Grouped = Mapping[int, tuple[T, ...]]
Limits = tuple[Decimal | None, Decimal | None]
People = Mapping[int, models.Patient]
# Results are most of what is loaded: as plain rows, not model instances, loading takes half the time.
RESULT_COLUMNS = (
    "pk", "patient_id", "analyte", "collected_at", "value", "finding", "comparator", "laboratory_id",
    "laboratory_name", "method", "lower_limit", "upper_limit", "during_infection",
)  # fmt: skip


def load_record(patient: models.Patient) -> record.Record:
    """Everything known of one patient."""
    return load_records(models.Patient.objects.filter(pk=patient.pk))[patient.pk]


def load_records(patients: QuerySet[models.Patient]) -> dict[int, record.Record]:
    """Everything known of these patients, by patient id, in a number of queries that never grows."""
    people = list(patients.select_related("clinic"))
    by_id = {person.pk: person for person in people}
    visits = _group(models.Visit.objects.signed(), by_id, _visit)
    laboratory = _laboratory(by_id)
    episodes = _group(models.DoseEpisode.objects.standing(), by_id, _episode)
    administrations = _group(models.Administration.objects.standing(), by_id, _administration)
    prior_uses = _group(models.PriorUse.objects.standing(), by_id, _prior_use)
    histories = _group(models.DrugHistory.objects.standing(), by_id, _drug_history)
    statements = _group(models.Statement.objects.standing(), by_id, _statement)
    classifications = _group(models.Classification.objects.standing(), by_id, _classification)
    return {
        person.pk: record.Record(
            person=_person(person),
            visits=visits[person.pk],
            laboratory=laboratory[person.pk],
            episodes=episodes[person.pk],
            administrations=administrations[person.pk],
            prior_uses=prior_uses[person.pk],
            drug_histories=histories[person.pk],
            statements=statements[person.pk],
            classifications=classifications[person.pk],
        )
        for person in people
    }


def _group(rows: QuerySet, people: People, convert: Callable[[Any], T]) -> Grouped[T]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows.filter(patient_id__in=list(people)).order_by("pk"):
        found[row.patient_id].append(convert(row))
    return defaultdict(tuple, {key: tuple(facts) for key, facts in found.items()})


def _laboratory(people: People) -> Grouped[record.LaboratoryValue]:
    assays = _assay_limits()
    zones = {name: ZoneInfo(name) for name in {person.clinic.time_zone for person in people.values()}}

    def convert(row: Any) -> record.LaboratoryValue:
        person = people[row.patient_id]
        limits = limits_of(row, person.sex, assays)
        return _laboratory_value(row, zones[person.clinic.time_zone], limits)

    rows = models.LaboratoryResult.objects.standing().annotate(laboratory_name=F("laboratory__name"))
    return _group(rows.values_list(*RESULT_COLUMNS, named=True), people, convert)


def _assay_limits() -> dict[tuple[int, str, str], Limits]:
    rows = models.Assay.objects.values_list(
        "laboratory_id", "analyte", "method", "lower_limit", "upper_limit"
    )
    return {(laboratory, analyte, method): (low, high) for laboratory, analyte, method, low, high in rows}


def _laboratory_value(row: Any, zone: tzinfo, limits: Limits) -> record.LaboratoryValue:
    collected = row.collected_at.astimezone(zone)
    low, high = limits
    return record.LaboratoryValue(
        id=row.pk,
        analyte=row.analyte,
        on=collected.date(),
        time=collected.isoformat(),
        value=row.value,
        finding=row.finding,
        comparator=row.comparator,
        laboratory=row.laboratory_name,
        method=row.method,
        lower_limit=low,
        upper_limit=high,
        during_infection=row.during_infection,
    )


def limits_of(
    row: models.LaboratoryResult, sex: str, assays: Mapping[tuple[int, str, str], Limits]
) -> Limits:
    """The result's own limits, else its assay's, else the catalogue's (each side by itself)."""
    assay_low, assay_high = assays.get((row.laboratory_id, row.analyte, row.method), (None, None))
    low, high = ANALYTES[row.analyte].reference(sex)
    return _first((row.lower_limit, assay_low, low)), _first((row.upper_limit, assay_high, high))


def _first(values: Iterable[Decimal | None]) -> Decimal | None:
    return next((value for value in values if value is not None), None)


def _person(row: models.Patient) -> record.Person:
    return record.Person(
        id=row.pk,
        sex=row.sex,
        birth=row.birth,
        first_treatment=row.first_treatment,
        renal_involvement=row.renal_involvement,
        biopsy_class=row.biopsy_class,
        biopsy=row.biopsy,
    )


def visit_facts(row: models.Visit) -> record.Visit:
    """A visit as the rules see it, signed or not: a form asks with it what signing would change."""
    return _visit(row)


def _visit(row: models.Visit) -> record.Visit:
    return record.Visit(
        id=row.pk,
        on=row.on,
        sledai={item.code: getattr(row, f"sledai_{item.code}") for item in ITEMS},
        sledai_window_days=row.sledai_window_days,
        symptoms={code: _symptom(row, code) for code in SYMPTOMS},
        swollen_joints=row.swollen_joints,
        inflamed_joints=row.inflamed_joints,
        highest_temperature_c=row.highest_temperature_c,
        organ_findings={code: getattr(row, f"organ_{code}") for code in ORGAN_FINDINGS},
        observations={code: getattr(row, f"observed_{code}") for code in OBSERVATIONS},
        systolic_mm_hg=row.systolic_mm_hg,
        diastolic_mm_hg=row.diastolic_mm_hg,
        weight_kg=row.weight_kg,
        physician_global=row.physician_global,
        adherence_percent=row.adherence_percent,
    )


def _symptom(row: models.Visit, code: str) -> record.Symptom:
    attribution = getattr(row, f"{code}_attribution")
    return record.Symptom(
        severity=getattr(row, f"{code}_severity"),
        attribution=record.Attribution(attribution) if attribution else None,
        worse_than_before=getattr(row, f"{code}_worse"),
    )


def _episode(row: models.DoseEpisode) -> record.Episode:
    return record.Episode(
        id=row.pk,
        drug=row.drug,
        drug_text=row.drug_text,
        start=row.start,
        last_day=row.last_day,
        dose_mg=row.dose_mg,
        schedule=record.Schedule(row.schedule),
        purpose=record.Purpose(row.purpose),
        route=row.route,
        formulation=row.formulation,
    )


def _administration(row: models.Administration) -> record.Administration:
    return record.Administration(
        id=row.pk,
        drug=row.drug,
        drug_text=row.drug_text,
        on=row.on,
        dose_mg=row.dose_mg,
        purpose=record.Purpose(row.purpose),
        route=row.route,
    )


def _prior_use(row: models.PriorUse) -> record.PriorUse:
    return record.PriorUse(id=row.pk, drug=row.drug, stated_on=row.stated_on, last_dose=row.last_dose)


def _drug_history(row: models.DrugHistory) -> record.DrugHistory:
    return record.DrugHistory(id=row.pk, stated_on=row.stated_on, complete_days=row.complete_days)


def _statement(row: models.Statement) -> record.Statement:
    return record.Statement(
        id=row.pk, kind=row.kind, stated_on=row.stated_on, answer=row.answer, event=row.event
    )


def _classification(row: models.Classification) -> record.Classification:
    return record.Classification(
        id=row.pk, system=row.system, on=row.on, score=row.score, met=row.met, complete=row.complete
    )
