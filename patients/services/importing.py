"""Whole records at once, for reconstructed and imported patients: every row is validated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from patients import changes
from patients.models import Patient
from patients.rules import record as facts
from patients.services import import_rows, writing
from patients.services.drugs import start_episode
from patients.services.import_rows import Identity
from patients.services.laboratory import laboratory_named, record_many_results
from patients.services.registration import register_patient

if TYPE_CHECKING:
    from accounts.models import Clinic, User

__all__ = ["Identity", "import_record"]


@transaction.atomic
def import_record(*, record: facts.Record, identity: Identity, clinic: Clinic, by: User) -> Patient:
    """Register a person and write every fact; assessed once, at the end. Raises ValidationError."""
    with changes.held():
        columns = import_rows.patient_columns(record.person, identity)
        patient = register_patient(clinic=clinic, by=by, **columns)
        writing.insert_many([import_rows.visit_row(patient, visit, by) for visit in record.visits], by=by)
        _write_laboratory(patient, record.laboratory, by)
        _write_drugs(patient, record, by)
        writing.insert_many(import_rows.statement_rows(patient, record), by=by)
        writing.insert_many(import_rows.classification_rows(patient, record), by=by)
    return patient


def _write_laboratory(patient: Patient, rows: tuple[facts.LaboratoryValue, ...], by: User) -> None:
    names = sorted({row.laboratory for row in rows})
    places = {name: laboratory_named(clinic=patient.clinic, name=name, by=by) for name in names}
    results = [import_rows.result_row(patient, row, places[row.laboratory]) for row in rows]
    record_many_results(results=results, by=by)


def _write_drugs(patient: Patient, record: facts.Record, by: User) -> None:
    for row in record.episodes:
        start_episode(episode=import_rows.episode_row(patient, row), by=by)
    given = [import_rows.administration_row(patient, row) for row in record.administrations]
    writing.insert_many(given, by=by)
    writing.insert_many(import_rows.prior_use_rows(patient, record), by=by)
    writing.insert_many(import_rows.drug_history_rows(patient, record), by=by)
