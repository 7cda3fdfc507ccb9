"""From a patient's facts to today's judgement: criteria and safety, with the clinic's own thresholds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.clock import local_today
from accounts.models import Clinic
from accounts.services import settings_in_force
from dosing.rules.criteria import Assessment, assess
from dosing.rules.safety import SafetyAssessment, gate
from dosing.rules.thresholds import STUDY, Thresholds, override
from patients.loading import load_record, load_records
from patients.models import Patient
from patients.rules.record import Record
from patients.rules.verdict_json import message_to_json, verdict_to_json


@dataclass(frozen=True)
class ClinicRules:
    """The thresholds in force in a clinic and the version of its settings (None: the study's own)."""

    thresholds: Thresholds
    version: int | None


@dataclass(frozen=True)
class Judgement:
    """What the rules say of one patient on one day."""

    on: date
    record: Record
    assessment: Assessment
    safety: SafetyAssessment
    settings_version: int | None
    thresholds: Thresholds

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


def judge(record: Record, on: date, rules: ClinicRules) -> Judgement:
    return Judgement(
        on=on,
        record=record,
        assessment=assess(record, on, rules.thresholds),
        safety=gate(record, on),
        settings_version=rules.version,
        thresholds=rules.thresholds,
    )


def judge_patient(patient: Patient, on: date | None = None) -> Judgement:
    """Today's judgement of one patient, or that of another day."""
    day = on or local_today(patient.clinic)
    return judge(load_record(patient), day, rules_of(patient.clinic, day))


def judge_patients(patients: QuerySet[Patient], on: date, rules: ClinicRules) -> dict[int, Judgement]:
    """Judgements of many patients of one clinic, by patient id, in a constant number of queries."""
    records = load_records(patients)
    return {patient_id: judge(record, on, rules) for patient_id, record in records.items()}


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
