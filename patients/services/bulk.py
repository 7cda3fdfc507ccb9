"""Thousands of records at once, with their history: for invented patients, whose rows need no validation.

The database's own constraints hold. History rows are copied inside the database, which is many times faster
than making an object for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, models, transaction
from django.utils import timezone

from patients.models import Fact, Laboratory, Patient
from patients.rules import record as facts
from patients.services import import_rows
from patients.services.import_rows import Identity
from patients.services.name_index import index_names

if TYPE_CHECKING:
    from accounts.models import Clinic, User

M = TypeVar("M", bound=models.Model)
MADE = "+"


@transaction.atomic
def insert_records(
    records: Sequence[tuple[Identity, facts.Record]],
    *,
    clinic: Clinic,
    places: dict[str, Laboratory],
    by: User,
) -> list[Patient]:
    """Write new patients with all their facts, and return them in order; this does not assess them.

    places: the clinic's laboratories by name. Raises IntegrityError, and then nothing is written.
    """
    patients = insert_rows(
        [
            Patient(clinic=clinic, **import_rows.patient_columns(record.person, who))
            for who, record in records
        ],
        by=by,
    )
    index_names(patients)
    rows: dict[type[Fact], list[Fact]] = {}
    for patient, (_, record) in zip(patients, records, strict=True):
        for row in _facts(patient, record, places, by):
            rows.setdefault(type(row), []).append(row)
    for found in rows.values():
        insert_rows(found, by=by)
    return patients


def insert_rows(rows: Iterable[M], *, by: User) -> list[M]:
    """Write new rows of one tracked model with their first history rows."""
    waiting = list(rows)
    if not waiting:
        return []
    if isinstance(waiting[0], Fact):
        for row in waiting:
            row.created_by = by  # type: ignore[attr-defined]
    model: Any = type(waiting[0])
    saved: list[M] = model._base_manager.bulk_create(waiting, batch_size=2000)
    _copy_history(model, [row.pk for row in saved], by)
    return saved


def _facts(patient: Patient, record: facts.Record, places: dict[str, Laboratory], by: User) -> Iterable[Fact]:
    yield from (import_rows.visit_row(patient, visit, by) for visit in record.visits)
    yield from (import_rows.result_row(patient, row, places[row.laboratory]) for row in record.laboratory)
    yield from (import_rows.episode_row(patient, row) for row in record.episodes)
    yield from (import_rows.administration_row(patient, row) for row in record.administrations)
    yield from import_rows.prior_use_rows(patient, record)
    yield from import_rows.drug_history_rows(patient, record)
    yield from import_rows.statement_rows(patient, record)
    yield from import_rows.classification_rows(patient, record)


def _copy_history(model: Any, keys: list[Any], by: User) -> None:
    """Copy rows into their model's history, as made by a person now.

    Only names of tables and columns become part of the statement; the lowest and highest key, which the
    database gave in one go, travel as parameters.
    """
    history = model.history.model
    quote = connection.ops.quote_name
    names = [field.name for field in history.tracked_fields if field.concrete]
    source = ", ".join(quote(model._meta.get_field(name).column) for name in names)
    target = ", ".join(quote(history._meta.get_field(name).column) for name in names)
    key = quote(model._meta.pk.column)
    statement = (
        f"INSERT INTO {quote(history._meta.db_table)} "  # noqa: S608
        f"({target}, history_date, history_type, history_user_id) "
        f"SELECT {source}, %s, %s, %s FROM {quote(model._meta.db_table)} WHERE {key} BETWEEN %s AND %s"
    )
    with connection.cursor() as cursor:
        for first, last in _runs(keys):
            cursor.execute(statement, [timezone.now(), MADE, by.pk, first, last])


def _runs(keys: list[int]) -> list[tuple[int, int]]:
    """Unbroken runs of keys: another writer's rows between two of ours are not copied."""
    runs: list[tuple[int, int]] = []
    for key in sorted(keys):
        if runs and key == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], key)
        else:
            runs.append((key, key))
    return runs
