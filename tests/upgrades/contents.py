"""What a release's database holds: invented patients, and a row of nearly everything that people write."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from accounts.clock import local_today
from accounts.models import Clinic, Role, User
from accounts.services import approve_settings, create_user, propose_settings
from analytics.models import ExportKind, ExportShape
from analytics.services.exports import export_patients
from demo.samples.load import CLINIC, load_samples
from demo.study import load as study
from demo.study.rows import read_rows
from dosing.alerts.services import acknowledge
from dosing.assessment import nightly
from dosing.decisions.services import decide_not_now
from dosing.forecast.patient_forecast import forecast_patient
from dosing.forecast.services import keep_forecast
from dosing.levels.services import set_target
from dosing.models import Alert, ReasonCode, ReassessmentRun, StepKind, TaperPlan, TaperReason, TargetRange
from dosing.taper.services import Why
from dosing.taper.step_services import StepOrder, decide_on_step
from patients.models import Assay, Laboratory, LaboratoryResult, Patient, RecordView, Visit
from patients.services import writing
from patients.services.drafts import FormPage, keep_draft
from patients.services.visits import amend_visit
from tests.analytics.reports import finished_report

# Beside the two with an adverse event.
OF_THE_STUDY = ("TS01", "TS02")
FIRST_VERSION, SECOND_VERSION = {"comparator_min_days": 14}, {"comparator_min_days": 21}


def fill() -> None:
    """Write as people and loaders would, through the services."""
    load_samples(lambda _line: None)
    clinic = Clinic.objects.get(name=CLINIC)
    doctor, administrator = _person("doctor", Role.RHEUMATOLOGIST), _person("admin", Role.ADMINISTRATOR)
    _load_the_study(doctor)
    _set_the_clinic_up(clinic, doctor, administrator)
    _correct(clinic, doctor)
    _decide(clinic, doctor)
    _look_on(clinic, doctor, administrator)


def _person(name: str, role: Role) -> User:
    return create_user(
        username=name,
        password="never used",
        role=role,
        clinics=Clinic.objects.all(),
        check_password=False,
    )


def _load_the_study(by: User) -> None:
    clinic = Clinic.objects.create(name=study.CLINIC, is_reconstruction=True)
    rows = [row for row in read_rows() if row.adverse_event or row.patient in OF_THE_STUDY]
    study.load_patients(rows, clinic, by, lambda _line: None)


def _set_the_clinic_up(clinic: Clinic, doctor: User, administrator: User) -> None:
    """A version of its thresholds in force, another proposed, and an assay."""
    today = local_today(clinic)
    first, _second = (
        propose_settings(
            clinic=clinic,
            values=values,
            reason="closer visits",
            by=administrator,
            effective_from=today,
        )
        for values in (FIRST_VERSION, SECOND_VERSION)
    )
    approve_settings(proposal=first, by=doctor)
    nightly.run_clinic_reassessment(ReassessmentRun.objects.get(clinic=clinic).pk)
    Assay.objects.create(laboratory=Laboratory.objects.first(), analyte="c3", method="nephelometry")


def _correct(clinic: Clinic, by: User) -> None:
    """An amended visit, and a result entered in error."""
    visit = Visit.objects.filter(patient__clinic=clinic).latest("on")
    amend_visit(
        visit=visit, values={"weight_kg": Decimal(56)}, reason="typing error", by=by,
        expected_version=visit.version,
    )  # fmt: skip
    writing.void(LaboratoryResult.objects.filter(patient=visit.patient).first(), by=by, reason="mixed up")


def _decide(clinic: Clinic, by: User) -> None:
    today = local_today(clinic)
    first = Patient.objects.get(clinic=clinic, number="1001")
    decide_not_now(
        patient=first, by=by, reason_code=ReasonCode.REPEAT_FIRST, reason_text="",
        snooze_until=today + timedelta(days=28), fingerprint=None,
    )  # fmt: skip
    plan = TaperPlan.objects.get(patient__clinic=clinic)
    why = Why(TaperReason.PATIENT)
    decide_on_step(plan=plan, order=StepOrder(StepKind.HOLD, why=why), by=by)
    treated = Patient.objects.get(clinic=clinic, number="1027")
    target = TargetRange(patient=treated, set_on=today, low_ng_ml=4, high_ng_ml=7, reason="age", source="-")
    set_target(target=target, by=by)
    keep_forecast(now=forecast_patient(treated))
    acknowledge(alert=Alert.objects.filter(patient__clinic=clinic, state="open").first(), by=by)


def _look_on(clinic: Clinic, doctor: User, administrator: User) -> None:
    """What is written down beside the facts: a draft, a look, a report, an export."""
    patient = Patient.objects.get(clinic=clinic, number="1002")
    page = FormPage("patients:new_visit", f"/patients/{patient.pk}/visits/new/", patient)
    keep_draft(key=UUID(int=1), page=page, typed={"weight_kg": ["5"]}, typed_at_ms=1, by=doctor)
    RecordView.objects.create(patient=patient, user=doctor, page="patients:page")
    finished_report(clinic, administrator)
    _, file = export_patients(
        clinic=clinic, kind=ExportKind.DE_IDENTIFIED, shape=ExportShape.LONG, reason="audit of the clinic",
        by=administrator,
    )  # fmt: skip
    file.close()
