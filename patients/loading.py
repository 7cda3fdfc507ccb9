"""Rows to facts: one patient or ten thousand, in the same number of queries.

Only standing facts and signed visits are loaded, as plain rows: model instances take twice the time. Times
become days in the clinic's own time zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import time, tzinfo
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from patients import models
from patients.reference_limits import Limits, ReferenceLimits
from patients.rules import record
from patients.rules.person_states import PersonState, StateKind
from patients.rules.schedules import Schedule
from patients.visit_facts import COLUMNS, visit_of

T = TypeVar("T")
# A sample without an hour is stored at the beginning of its day in the clinic.
UNKNOWN_HOUR = time.min
Grouped = Mapping[int, tuple[T, ...]]
People = Mapping[int, models.Patient]
RESULT_COLUMNS = (
    "patient_id", "pk", "analyte", "collected_at", "value", "finding", "comparator", "laboratory_id",
    "laboratory_name", "method", "lower_limit", "upper_limit", "during_infection", "value_high", "fasting",
    "haemolysed",
)  # fmt: skip


def load_record(patient: models.Patient) -> record.Record:
    """Everything known of one patient."""
    return load_records(models.Patient.objects.filter(pk=patient.pk))[patient.pk]


def load_records(patients: QuerySet[models.Patient]) -> dict[int, record.Record]:
    """Everything known of these patients, by patient id, in a number of queries that never grows."""
    people = list(patients.select_related("clinic"))
    by_id = {person.pk: person for person in people}
    visits = _grouped(_visits(by_id))
    laboratory = _grouped(_laboratory(by_id))
    episodes = _alike(models.DoseEpisode, by_id, record.Episode, schedule=Schedule, purpose=record.Purpose)
    administrations = _alike(models.Administration, by_id, record.Administration, purpose=record.Purpose)
    prior_uses = _alike(models.PriorUse, by_id, record.PriorUse)
    histories = _alike(models.DrugHistory, by_id, record.DrugHistory)
    statements = _alike(models.Statement, by_id, record.Statement)
    classifications = _alike(models.Classification, by_id, record.Classification)
    states = _alike(models.PersonState, by_id, PersonState, kind=StateKind)
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
            states=states[person.pk],
        )
        for person in people
    }


@cache
def _query(model: type[models.Fact], *columns: str) -> QuerySet:
    """Standing facts of everybody, with the patient's id first, oldest row first.

    To build a query takes longer than to run it, so what never changes of it is built once.
    """
    return model.objects.active().order_by("pk").values_list("patient_id", *columns)


@cache
def _signed_visits() -> QuerySet:
    return models.Visit.objects.signed().order_by("pk").values_list("patient_id", *COLUMNS)


@cache
def _results() -> QuerySet:
    rows = models.LaboratoryResult.objects.active().annotate(laboratory_name=F("laboratory__name"))
    return rows.order_by("pk").values_list(*RESULT_COLUMNS, named=True)


def _rows(query: QuerySet, people: People) -> Iterable[Any]:
    return query.filter(patient_id__in=list(people))


def _grouped(facts: Iterable[tuple[int, T]]) -> Grouped[T]:
    found: dict[int, list[T]] = defaultdict(list)
    for patient, fact in facts:
        found[patient].append(fact)
    return defaultdict(tuple, {key: tuple(kept) for key, kept in found.items()})


def _alike(
    model: type[models.Fact], people: People, kind: type[T], /, **turned: Callable[[Any], Any]
) -> Grouped[T]:
    """Facts whose columns are the fields of their record; turned: what a field is made of its column by."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    places = [(names.index(name), turn) for name, turn in turned.items()]

    def facts() -> Iterator[tuple[int, T]]:
        for patient, *values in _rows(_query(model, *names), people):
            for place, turn in places:
                values[place] = turn(values[place])
            yield patient, kind(*values)

    return _grouped(facts())


def _visits(people: People) -> Iterator[tuple[int, record.Visit]]:
    for patient, *row in _rows(_signed_visits(), people):
        yield patient, visit_of(row)


def _laboratory(people: People) -> Iterator[tuple[int, record.LaboratoryValue]]:
    limits = ReferenceLimits()
    zones = {name: ZoneInfo(name) for name in {person.clinic.time_zone for person in people.values()}}
    for row in _rows(_results(), people):
        person = people[row.patient_id]
        zone = zones[person.clinic.time_zone]
        yield row.patient_id, _laboratory_value(row, zone, limits.of(row, person.sex), limits.variation(row))


def _laboratory_value(
    row: Any, zone: tzinfo, limits: Limits, variation_percent: Decimal | None
) -> record.LaboratoryValue:
    collected = row.collected_at.astimezone(zone)
    low, high = limits
    return record.LaboratoryValue(
        id=row.pk,
        analyte=row.analyte,
        on=collected.date(),
        time="" if collected.time() == UNKNOWN_HOUR else collected.isoformat(),
        value=row.value,
        finding=row.finding,
        comparator=row.comparator,
        laboratory=row.laboratory_name,
        method=row.method,
        lower_limit=low,
        upper_limit=high,
        during_infection=row.during_infection,
        analytical_variation_percent=variation_percent,
        value_high=row.value_high,
        fasting=row.fasting,
        haemolysed=row.haemolysed,
    )


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
