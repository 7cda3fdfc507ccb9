"""Writes the reconstructed cohort into a clinic of its own, with each start as it was decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import Clinic, User
from accounts.services import system_user
from demo.study.adverse_events import add_event
from demo.study.course import LABORATORY, first_dose_day, record_of
from demo.study.drugs import last_known_day
from demo.study.levels import add_level
from demo.study.rows import CRAMPS, StudyRow, read_rows
from dosing.assessment.assess import assess_record, rules_of
from dosing.decisions.course_orders import Reason
from dosing.decisions.course_services import close_course
from dosing.decisions.services import StartOrder, start_tacrolimus
from dosing.models import Decision, ReasonCode, TacrolimusCourse
from dosing.rules.start_policy import start_policy
from dosing.rules.starting_dose import needs_reason
from patients import changes
from patients.loading import load_records
from patients.models import Patient
from patients.rules.record import Formulation, Record
from patients.services.bulk import insert_records
from patients.services.drugs import change_dose, end_episode
from patients.services.import_rows import Identity
from patients.services.laboratory import laboratory_named

CLINIC = "Study cohort 2009–2012 (reconstructed)"
LOADER = "study-loader"
REDUCED_MG = Decimal(2)
REDUCED_AFTER_DAYS = 2


def load_cohort(say: Callable[[str], None]) -> int:
    """Load what is not there yet, each patient whole; returns how many were loaded."""
    clinic, _made = Clinic.objects.get_or_create(name=CLINIC, defaults={"is_reconstruction": True})
    if not clinic.is_reconstruction:
        clinic.is_reconstruction = True
        clinic.save()
    by = system_user(LOADER, clinic)
    present = set(Patient.objects.filter(clinic=clinic).values_list("number", flat=True))
    waiting = [row for row in read_rows() if row.patient not in present]
    if waiting:
        load_patients(waiting, clinic, by, say)
    return len(waiting)


def load_patient(row: StudyRow, clinic: Clinic, by: User) -> Patient:
    """One patient of the table, whole."""
    (patient,) = load_patients([row], clinic, by, lambda _line: None)
    return patient


@transaction.atomic
def load_patients(
    rows: Sequence[StudyRow], clinic: Clinic, by: User, say: Callable[[str], None]
) -> list[Patient]:
    """The records in bulk; then of each patient the start at week 0, the doses after it, level and event.

    Each is assessed once, when all is written.
    """
    patients = insert_records(
        [(Identity(row.patient, "Reconstructed", row.patient), record_of(row)) for row in rows],
        clinic=clinic,
        places={LABORATORY: laboratory_named(clinic=clinic, name=LABORATORY, by=by)},
        by=by,
    )
    records = load_records(Patient.objects.filter(pk__in=[patient.pk for patient in patients]))
    with changes.held():
        for number, (row, patient) in enumerate(zip(rows, patients, strict=True), start=1):
            _treat(row, patient, records[patient.pk], by)
            say(f"  reconstructed patient {number} of {len(rows)}")
    return patients


def _treat(row: StudyRow, patient: Patient, record: Record, by: User) -> None:
    _end(row, _start(row, patient, record, by), by)
    add_level(row, patient, by)
    add_event(row, patient, by)


def _start(row: StudyRow, patient: Patient, record: Record, by: User) -> Decision:
    """All study patients started; where the criteria are not met, the start is stored as an override."""
    day = first_dose_day(row)
    assessed = assess_record(record, day, rules_of(patient.clinic, day))
    policy = start_policy(assessed.assessment.answer, assessed.safety)
    reasoned = policy.needs_reason or needs_reason(row.tac_start_mg)
    order = StartOrder(
        first_dose_on=day,
        dose_mg=row.tac_start_mg,
        formulation=Formulation.CAPSULE,
        reason_code=ReasonCode.STUDY_ENROLMENT if reasoned else "",
        cautions_accepted=policy.cautions,
    )
    return start_tacrolimus(patient=patient, order=order, by=by, fingerprint=None)


def _end(row: StudyRow, decision: Decision, by: User) -> None:
    """One stopped on day 7, one was reduced in month 11; the record of all ends after week 52."""
    course = TacrolimusCourse.objects.get(decision=decision)
    episode = course.first_episode
    if row.adverse_event == CRAMPS and row.adverse_event_day is not None:
        episode = change_dose(
            episode=episode,
            dose_mg=REDUCED_MG,
            start=decision.on + timedelta(days=row.adverse_event_day + REDUCED_AFTER_DAYS),
            reason=row.adverse_event,
            by=by,
            expected_version=episode.version,
        )
    stopped = row.tac_stop_day is not None
    last = (
        decision.on + timedelta(days=row.tac_stop_day or 0) if stopped else last_known_day(row, decision.on)
    )
    why = row.adverse_event if stopped else "end of the reconstructed record"
    end_episode(episode=episode, last_day=last, reason=why, by=by, expected_version=episode.version)
    code = ReasonCode.SIDE_EFFECT if stopped else ReasonCode.CARE_ELSEWHERE
    close_course(course=course, last=last, reason=Reason(code, why), by=by)
