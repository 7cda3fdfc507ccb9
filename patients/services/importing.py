"""Whole records at once: facts as the rules see them, written as rows with their history.

The inverse of patients.loading, for reconstructed, invented and imported patients.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction

from patients import changes
from patients.models import (
    Administration,
    Classification,
    DoseEpisode,
    DrugHistory,
    Laboratory,
    LaboratoryResult,
    Patient,
    PriorUse,
    Statement,
    Visit,
)
from patients.rules import record as facts
from patients.services import writing
from patients.services.drugs import start_episode
from patients.services.laboratory import laboratory_named, record_many_results
from patients.services.registration import register_patient

if TYPE_CHECKING:
    from accounts.models import Clinic, User

COLLECTED_AT = time(9, 0)
SIGNED_AT = time(17, 0)


@dataclass(frozen=True)
class Identity:
    """Who the person of a record is."""

    number: str
    family_name: str
    given_name: str


@transaction.atomic
def import_record(*, record: facts.Record, identity: Identity, clinic: Clinic, by: User) -> Patient:
    """Register a person and write every fact; judged once, at the end. Raises ValidationError."""
    with changes.held():
        patient = _register(record.person, identity, clinic, by)
        writing.insert_many([_visit(patient, visit, by) for visit in record.visits], by=by)
        _write_laboratory(patient, record.laboratory, by)
        _write_drugs(patient, record, by)
        _write_statements(patient, record, by)
    return patient


def visit_columns(visit: facts.Visit) -> dict[str, Any]:
    """The columns of a visit row, without its day."""
    return {
        "sledai_window_days": visit.sledai_window_days,
        **{f"sledai_{code}": answer for code, answer in visit.sledai.items()},
        **{f"organ_{code}": answer for code, answer in visit.organ_findings.items()},
        **{f"observed_{code}": answer for code, answer in visit.observations.items()},
        **_symptom_columns(visit),
        "swollen_joints": visit.swollen_joints,
        "inflamed_joints": visit.inflamed_joints,
        "highest_temperature_c": visit.highest_temperature_c,
        "systolic_mm_hg": visit.systolic_mm_hg,
        "diastolic_mm_hg": visit.diastolic_mm_hg,
        "weight_kg": visit.weight_kg,
        "physician_global": visit.physician_global,
        "adherence_percent": visit.adherence_percent,
    }


def _symptom_columns(visit: facts.Visit) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for code, symptom in visit.symptoms.items():
        columns[f"{code}_severity"] = symptom.severity
        columns[f"{code}_attribution"] = symptom.attribution.value if symptom.attribution else ""
        columns[f"{code}_worse"] = symptom.worse_than_before
    return columns


def _register(person: facts.Person, identity: Identity, clinic: Clinic, by: User) -> Patient:
    return register_patient(
        clinic=clinic,
        by=by,
        number=identity.number,
        family_name=identity.family_name,
        given_name=identity.given_name,
        sex=person.sex,
        birth=person.birth,
        first_treatment=person.first_treatment,
        diagnosis=person.first_treatment,
        renal_involvement=person.renal_involvement,
        biopsy_class=person.biopsy_class,
        biopsy=person.biopsy,
    )


def _visit(patient: Patient, visit: facts.Visit, by: User) -> Visit:
    return Visit(
        patient=patient,
        on=visit.on,
        signed_at=_moment(patient, visit.on, SIGNED_AT),
        signed_by=by,
        **visit_columns(visit),
    )


def _write_laboratory(patient: Patient, rows: tuple[facts.LaboratoryValue, ...], by: User) -> None:
    names = sorted({row.laboratory for row in rows})
    places = {name: laboratory_named(clinic=patient.clinic, name=name, by=by) for name in names}
    record_many_results(results=[_result(patient, row, places[row.laboratory]) for row in rows], by=by)


def _result(patient: Patient, row: facts.LaboratoryValue, place: Laboratory) -> LaboratoryResult:
    return LaboratoryResult(
        patient=patient,
        analyte=row.analyte,
        value=row.value,
        finding=row.finding,
        comparator=row.comparator,
        entered=row.finding or f"{row.comparator}{row.value}",
        collected_at=_moment(patient, row.on, COLLECTED_AT),
        laboratory=place,
        method=row.method,
        lower_limit=row.lower_limit,
        upper_limit=row.upper_limit,
        during_infection=row.during_infection,
    )


def _write_drugs(patient: Patient, record: facts.Record, by: User) -> None:
    for row in record.episodes:
        start_episode(episode=_episode(patient, row), by=by)
    given = [_administration(patient, row) for row in record.administrations]
    writing.insert_many(given, by=by)
    uses = [
        PriorUse(patient=patient, drug=row.drug, stated_on=row.stated_on, last_dose=row.last_dose)
        for row in record.prior_uses
    ]
    writing.insert_many(uses, by=by)
    histories = [
        DrugHistory(
            patient=patient,
            stated_on=row.stated_on,
            complete_days=row.complete_days,
            informant="patient and drug book",
        )
        for row in record.drug_histories
    ]
    writing.insert_many(histories, by=by)


def _episode(patient: Patient, row: facts.Episode) -> DoseEpisode:
    return DoseEpisode(
        patient=patient,
        drug=row.drug,
        drug_text=row.drug_text,
        start=row.start,
        last_day=row.last_day,
        dose_mg=row.dose_mg,
        schedule=row.schedule.value,
        purpose=row.purpose.value,
        route=row.route,
        formulation=row.formulation,
    )


def _administration(patient: Patient, row: facts.Administration) -> Administration:
    return Administration(
        patient=patient,
        drug=row.drug,
        drug_text=row.drug_text,
        on=row.on,
        dose_mg=row.dose_mg,
        purpose=row.purpose.value,
        route=row.route,
    )


def _write_statements(patient: Patient, record: facts.Record, by: User) -> None:
    statements = [
        Statement(patient=patient, kind=row.kind, stated_on=row.stated_on, answer=row.answer, event=row.event)
        for row in record.statements
    ]
    writing.insert_many(statements, by=by)
    results = [
        Classification(
            patient=patient, system=row.system, on=row.on, score=row.score, met=row.met, complete=row.complete
        )
        for row in record.classifications
    ]
    writing.insert_many(results, by=by)


def _moment(patient: Patient, day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo(patient.clinic.time_zone))
