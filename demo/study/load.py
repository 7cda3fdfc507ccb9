"""Writes the reconstructed cohort into a clinic of its own, with each start as it was decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import Clinic, User
from accounts.services import system_user
from demo.study.adverse_events import add_event
from demo.study.course import first_dose_day, record_of
from demo.study.drugs import last_known_day
from demo.study.levels import add_level
from demo.study.rows import CRAMPS, Row, read_rows
from dosing.assessment.assess import assess_patient
from dosing.decisions.course_orders import Reason
from dosing.decisions.course_services import close_course
from dosing.decisions.services import StartOrder, start_tacrolimus
from dosing.models import Decision, ReasonCode, TacrolimusCourse
from dosing.rules.start_policy import start_policy
from dosing.rules.starting_dose import needs_reason
from patients import changes
from patients.models import Patient
from patients.rules.record import Formulation
from patients.services.drugs import change_dose, end_episode
from patients.services.importing import Identity, import_record

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
    for number, row in enumerate(waiting, start=1):
        load_patient(row, clinic, by)
        say(f"  reconstructed patient {number} of {len(waiting)}")
    return len(waiting)


@transaction.atomic
def load_patient(row: Row, clinic: Clinic, by: User) -> Patient:
    """One patient: the record, the decision to start at week 0, what became of the doses, level and event."""
    with changes.held():
        identity = Identity(number=row.patient, family_name="Reconstructed", given_name=row.patient)
        patient = import_record(record=record_of(row), identity=identity, clinic=clinic, by=by)
        decision = _start(row, patient, by)
        _end(row, decision, by)
        add_level(row, patient, by)
        add_event(row, patient, by)
    return patient


def _start(row: Row, patient: Patient, by: User) -> Decision:
    """Everyone was started alike; where the criteria say otherwise it is kept as an override."""
    day = first_dose_day(row)
    assessed = assess_patient(patient, day)
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


def _end(row: Row, decision: Decision, by: User) -> None:
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
