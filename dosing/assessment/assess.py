"""From a patient's facts to today's assessment: criteria and safety, with the clinic's own thresholds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from accounts.clock import local_today
from accounts.models import Clinic
from accounts.services import settings_in_force
from dosing.assessment.facts import load_treatment, load_treatments
from dosing.rules.case import Case, case_of
from dosing.rules.criteria import Assessment, assess
from dosing.rules.criteria_alerts import raised_alerts
from dosing.rules.findings import AlertFinding, Severity, TaskFinding
from dosing.rules.safety import SafetyAssessment, gate
from dosing.rules.thresholds import STUDY, Thresholds, override
from dosing.rules.treatment import NO_TREATMENT, Treatment
from dosing.rules.watching import alert_findings, task_findings
from patients.loading import load_record, load_records
from patients.models import Patient
from patients.rules.person_states import Watch, watch_on
from patients.rules.record import Record
from patients.rules.verdict_json import message_to_json, verdict_to_json


@dataclass(frozen=True)
class ClinicRules:
    """The thresholds in force in a clinic and the version of its settings (None: the study's own)."""

    thresholds: Thresholds
    version: int | None


@dataclass(frozen=True)
class PatientAssessment:
    """What the rules say of one patient on one day."""

    on: date
    record: Record
    assessment: Assessment
    safety: SafetyAssessment
    settings_version: int | None
    thresholds: Thresholds
    treatment: Treatment = NO_TREATMENT

    @cached_property
    def case(self) -> Case:
        """The patient as the rules about a running treatment see them."""
        return case_of(self.record, self.treatment, self.on, self.thresholds)

    @cached_property
    def raised(self) -> tuple[AlertFinding, ...]:
        """The alerts that the facts of the day raise."""
        watch = watch_on(self.record.states, self.on)
        if watch is Watch.NOTHING:
            return ()
        criteria = raised_alerts(self.record, self.on, self.assessment, self.safety)
        found = (*criteria, *alert_findings(self.case))
        if watch is Watch.URGENT_ONLY:
            return tuple(alert for alert in found if alert.severity is Severity.ACT_NOW)
        return found

    @cached_property
    def due(self) -> tuple[TaskFinding, ...]:
        """The work that the facts of the day plan."""
        if watch_on(self.record.states, self.on) is not Watch.ALL:
            return ()
        return task_findings(self.case)

    def fingerprint(self) -> str:
        """Changes whenever a reason shown on the page changes; a decision form carries it."""
        shown = json.dumps([assessment_json(self.assessment), safety_json(self.safety)], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]


def rules_of(clinic: Clinic, on: date) -> ClinicRules:
    """The clinic's approved settings of that day over the study's thresholds."""
    settings = settings_in_force(clinic, on)
    if settings is None:
        return ClinicRules(STUDY, None)
    return ClinicRules(override(STUDY, settings.values), settings.version)


def assess_record(
    record: Record, on: date, rules: ClinicRules, treatment: Treatment = NO_TREATMENT
) -> PatientAssessment:
    return PatientAssessment(
        on=on,
        record=record,
        assessment=assess(record, on, rules.thresholds),
        safety=gate(record, on),
        settings_version=rules.version,
        thresholds=rules.thresholds,
        treatment=treatment,
    )


def assess_patient(patient: Patient, on: date | None = None) -> PatientAssessment:
    """Today's assessment of one patient, or that of another day."""
    day = on or local_today(patient.clinic)
    return assess_record(load_record(patient), day, rules_of(patient.clinic, day), load_treatment(patient))


def case_today(patient: Patient, on: date | None = None) -> Case:
    """A patient as the rules about a running treatment see them, today or on another day."""
    day = on or local_today(patient.clinic)
    thresholds = rules_of(patient.clinic, day).thresholds
    return case_of(load_record(patient), load_treatment(patient), day, thresholds)


def cases_on(patients: QuerySet[Patient], on: date) -> dict[int, Case]:
    """The cases of many patients of one clinic, by patient id, in a constant number of queries."""
    records = load_records(patients)
    treatments = load_treatments(records.keys())
    clinic = Clinic.objects.filter(patients__in=records.keys()).first()
    if clinic is None:
        return {}
    thresholds = rules_of(clinic, on).thresholds
    return {key: case_of(record, treatments[key], on, thresholds) for key, record in records.items()}


def assess_patients(
    patients: QuerySet[Patient], on: date, rules: ClinicRules
) -> dict[int, PatientAssessment]:
    """Assessments of many patients of one clinic, by patient id, in a constant number of queries."""
    records = load_records(patients)
    treatments = load_treatments(records.keys())
    return {key: assess_record(record, on, rules, treatments[key]) for key, record in records.items()}


def assessment_json(assessment: Assessment) -> dict[str, Any]:
    """The assessment as it is stored with a decision."""
    return {
        "applicable": assessment.applicable,
        "answer": assessment.answer.value,
        "criteria": {key: verdict_to_json(verdict) for key, verdict in assessment.criteria.items()},
        "missing": [item.item for item in assessment.missing],
        "obligations": _messages(assessment.obligations),
        "cautions": _messages(assessment.cautions),
    }


def safety_json(safety: SafetyAssessment) -> dict[str, Any]:
    """The safety gate as it is stored with a decision."""
    return {
        "state": safety.state.value,
        "findings": [
            {"code": item.code, "state": item.state.value, "sentence": message_to_json(item.sentence)}
            for item in safety.findings
        ],
        "missing": [item.item for item in safety.missing],
    }


def _messages(messages: Iterable[Any]) -> list[dict[str, Any]]:
    return [message_to_json(message) for message in messages]
