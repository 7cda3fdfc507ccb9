"""Facts as the rules see them, turned into unsaved rows: the inverse of patients.loading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone

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
from patients.rules.evidence import digits_of
from patients.visit_facts import visit_columns

if TYPE_CHECKING:
    from accounts.models import User

COLLECTED_AT = time(9, 0)
SIGNED_AT = time(17, 0)
INFORMANT = "patient and drug book"


@dataclass(frozen=True)
class Identity:
    """Who the person of a record is."""

    number: str
    family_name: str
    given_name: str


def patient_columns(person: facts.Person, identity: Identity) -> dict[str, Any]:
    """The columns of a patient row, without the clinic."""
    return {
        "number": identity.number,
        "family_name": identity.family_name,
        "given_name": identity.given_name,
        "sex": person.sex,
        "birth": person.birth,
        "first_treatment": person.first_treatment,
        "diagnosis": person.first_treatment,
        "renal_involvement": person.renal_involvement,
        "biopsy_class": person.biopsy_class,
        "biopsy": person.biopsy,
    }


def visit_row(patient: Patient, visit: facts.Visit, by: User) -> Visit:
    """A signed visit."""
    return Visit(
        patient=patient,
        on=visit.on,
        signed_at=_moment(patient, visit.on, SIGNED_AT),
        signed_by=by,
        **visit_columns(visit),
    )


def result_row(patient: Patient, row: facts.LaboratoryValue, place: Laboratory) -> LaboratoryResult:
    return LaboratoryResult(
        patient=patient,
        analyte=row.analyte,
        value=row.value,
        finding=row.finding,
        comparator=row.comparator,
        value_high=row.value_high,
        entered=row.finding or digits_of(row),
        collected_at=_moment(patient, row.on, COLLECTED_AT),
        laboratory=place,
        method=row.method,
        lower_limit=row.lower_limit,
        upper_limit=row.upper_limit,
        during_infection=row.during_infection,
        fasting=row.fasting,
        haemolysed=row.haemolysed,
    )


def episode_row(patient: Patient, row: facts.Episode) -> DoseEpisode:
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
        usual_time=row.usual_time,
    )


def administration_row(patient: Patient, row: facts.Administration) -> Administration:
    return Administration(
        patient=patient,
        drug=row.drug,
        drug_text=row.drug_text,
        on=row.on,
        dose_mg=row.dose_mg,
        purpose=row.purpose.value,
        route=row.route,
    )


def prior_use_rows(patient: Patient, record: facts.Record) -> Iterator[PriorUse]:
    for row in record.prior_uses:
        yield PriorUse(patient=patient, drug=row.drug, stated_on=row.stated_on, last_dose=row.last_dose)


def drug_history_rows(patient: Patient, record: facts.Record) -> Iterator[DrugHistory]:
    for row in record.drug_histories:
        yield DrugHistory(
            patient=patient, stated_on=row.stated_on, complete_days=row.complete_days, informant=INFORMANT
        )


def statement_rows(patient: Patient, record: facts.Record) -> Iterator[Statement]:
    for row in record.statements:
        yield Statement(
            patient=patient, kind=row.kind, stated_on=row.stated_on, answer=row.answer, event=row.event
        )


def classification_rows(patient: Patient, record: facts.Record) -> Iterator[Classification]:
    for row in record.classifications:
        yield Classification(
            patient=patient, system=row.system, on=row.on, score=row.score, met=row.met, complete=row.complete
        )


def _moment(patient: Patient, day: date, at: time) -> datetime:
    """A usual hour of a day known without one; of today, its beginning while that hour is still to come."""
    zone = ZoneInfo(patient.clinic.time_zone)
    moment = datetime.combine(day, at, tzinfo=zone)
    return moment if moment <= timezone.now() else datetime.combine(day, time.min, tzinfo=zone)
