"""Stored alerts follow the facts: raised, updated, reopened and resolved in the writer's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dosing.assessment.assess import PatientAssessment, assess_patient
from dosing.assessment.planned_work import (
    planned,
    reconcile_tasks,
    settle_decided_work,
    tasks_of_the_rules,
)
from dosing.assessment.status import store_statuses, update_statuses
from dosing.models import Alert, AlertState, Decision, DecisionKind, Task
from dosing.rules.criteria_alerts import CRITERIA_RULES
from dosing.rules.findings import AlertFinding, Severity
from patients.models import Patient
from patients.rules.answers import Answer
from patients.rules.person_states import Watch, watch_on
from patients.rules.verdict_json import verdict_to_json
from patients.services.bulk import insert_rows

if TYPE_CHECKING:
    from accounts.models import User

Matter = TypeVar("Matter", Alert, Task)
HANDLED = (AlertState.ACKNOWLEDGED, AlertState.SNOOZED, AlertState.OVERRIDDEN)


class Changes(NamedTuple):
    """What an assessment changed: whether the verdict is another, and how many alerts came and went."""

    verdict_changed: bool
    raised: int
    resolved: int


@transaction.atomic
def reassess(patient: Patient) -> None:
    """Assess a patient as of today and update the stored alerts. Called after every write."""
    reconcile(patient, assess_patient(patient))


def reconcile(patient: Patient, assessed: PatientAssessment) -> Changes:
    """Bring what is stored of a patient in line with an assessment; twice the same changes nothing."""
    (settled,) = reconcile_all({patient: assessed})
    return settled


@transaction.atomic
def reconcile_all(assessed_by_patient: Mapping[Patient, PatientAssessment]) -> list[Changes]:
    """The same of many patients; where nothing changed, in a number of queries that does not grow."""
    keys = [patient.pk for patient in assessed_by_patient]
    alerts = by_patient(Alert.objects.unresolved(), keys)
    tasks = by_patient(tasks_of_the_rules(), keys)
    changed = update_statuses(assessed_by_patient)
    settled = []
    for patient, assessed in assessed_by_patient.items():
        raised, resolved = _settle_alerts(patient, assessed, alerts[patient.pk])
        reconcile_tasks(patient, assessed.due, tasks[patient.pk])
        if watch_on(assessed.record.states, assessed.on) is Watch.NOTHING:
            settle_decided_work(patient)
        settled.append(Changes(patient.pk in changed, raised, resolved))
    return settled


@transaction.atomic
def store_first_assessments(assessed_by_patient: Mapping[Patient, PatientAssessment], *, by: User) -> None:
    """Store the assessments of many patients at once, of whom nothing is stored yet."""
    store_statuses(assessed_by_patient)
    alerts = [
        _alert(patient, found, assessed)
        for patient, assessed in assessed_by_patient.items()
        for found in assessed.raised
    ]
    insert_rows(alerts, by=by)
    tasks = [
        planned(patient, work) for patient, assessed in assessed_by_patient.items() for work in assessed.due
    ]
    insert_rows(tasks, by=by)


def by_patient(rows: QuerySet[Matter], keys: Collection[int]) -> dict[int, list[Matter]]:
    """Rows of these patients, by patient id; an empty list where there is none."""
    found: dict[int, list[Matter]] = {key: [] for key in keys}
    for row in rows.filter(patient__in=keys):
        found[row.patient_id].append(row)
    return found


def _settle_alerts(patient: Patient, assessed: PatientAssessment, unresolved: list[Alert]) -> tuple[int, int]:
    """Raise, update and resolve; returns how many were raised and resolved."""
    raised = {(alert.rule, alert.subject): alert for alert in assessed.raised}
    stored = {(alert.rule, alert.subject): alert for alert in unresolved}
    for matter, alert in stored.items():
        if matter in raised:
            _update(alert, raised[matter], assessed)
        else:
            _resolve(alert)
    for matter, found in raised.items():
        if matter not in stored:
            _raise(patient, found, assessed)
    return len(raised.keys() - stored.keys()), len(stored.keys() - raised.keys())


def _raise(patient: Patient, found: AlertFinding, assessed: PatientAssessment) -> None:
    alert = _alert(patient, found, assessed)
    for name, value in _answered_before(patient, found, assessed.on).items():
        setattr(alert, name, value)
    alert.save()


def _alert(patient: Patient, found: AlertFinding, assessed: PatientAssessment) -> Alert:
    verdict = verdict_to_json(found.verdict)
    return Alert(
        patient=patient,
        clinic_id=patient.clinic_id,
        rule=found.rule,
        subject=found.subject,
        severity=found.severity.value,
        raised_on=assessed.on,
        raised_verdict=verdict,
        current_verdict=verdict,
        undecided=found.verdict.answer is Answer.CANNOT_TELL,
        settings_version=assessed.settings_version,
    )


def _answered_before(patient: Patient, found: AlertFinding, on: date) -> dict[str, Any]:
    """A doctor's "not now" or "not suitable" holds for a new wording of the question, unless it is graver."""
    if found.rule not in CRITERIA_RULES:
        return {}
    decision = Decision.objects.active().filter(patient=patient).order_by("-on", "-pk").first()
    if decision is None or found.severity > _severity_decided_on(decision):
        return {}
    handled = {"handled_by": decision.created_by, "handled_at": decision.created_at}
    if decision.kind == DecisionKind.NOT_SUITABLE:
        return {**handled, "state": AlertState.OVERRIDDEN, "override_code": decision.reason_code}
    if decision.kind == DecisionKind.NOT_NOW and decision.snooze_until and decision.snooze_until > on:
        return {**handled, "state": AlertState.SNOOZED, "snoozed_until": decision.snooze_until}
    return {}


def _severity_decided_on(decision: Decision) -> int:
    """How grave the question was: an undecided verdict only informs."""
    met = decision.answer == Answer.MET.value
    return Severity.THIS_VISIT.value if met else Severity.KNOW.value


def _update(alert: Alert, found: AlertFinding, assessed: PatientAssessment) -> None:
    verdict = verdict_to_json(found.verdict)
    state = _state_after(alert, found, assessed.on)
    present = (alert.current_verdict, alert.severity, alert.state, alert.settings_version)
    if present == (verdict, found.severity.value, state, assessed.settings_version):
        return
    if found.severity.value > alert.severity or (state == AlertState.OPEN != alert.state):
        alert.open_since = timezone.now()
    alert.current_verdict = verdict
    alert.undecided = found.verdict.answer is Answer.CANNOT_TELL
    alert.severity = found.severity.value
    alert.settings_version = assessed.settings_version
    alert.state = state
    if state == AlertState.OPEN:
        alert.snoozed_until = None
    alert.save()


def _state_after(alert: Alert, found: AlertFinding, on: date) -> str:
    """A rise in severity reopens an alert that a person had handled; a snooze ends on its day."""
    if alert.state in HANDLED and found.severity.value > alert.severity:
        return AlertState.OPEN
    if alert.state == AlertState.SNOOZED and alert.snoozed_until is not None and alert.snoozed_until <= on:
        return AlertState.OPEN
    return alert.state


def _resolve(alert: Alert) -> None:
    alert.state = AlertState.RESOLVED
    alert.resolved_at = timezone.now()
    alert.save()
