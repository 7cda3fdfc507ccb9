"""What a decision does to the alerts of the criteria, and the work it plans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from dosing.assessment.assess import PatientAssessment
from dosing.models import Alert, AlertState, Decision, Task
from dosing.rules.criteria_alerts import CRITERIA_RULES
from patients.rules.verdict import Message
from patients.rules.verdict_json import message_to_json

if TYPE_CHECKING:
    from accounts.models import User

ONE_DAY = timedelta(days=1)


def plan_after_start(decision: Decision, assessed: PatientAssessment, first_dose_on: date) -> None:
    """Plan what a start asks for."""
    for task in tasks_after_start(decision, assessed, first_dose_on):
        task.save()


def tasks_after_start(decision: Decision, assessed: PatientAssessment, first_dose_on: date) -> list[Task]:
    """Obligations as unsaved tasks for the first dose's day; the controls are planned by the rules."""
    obligations = assessed.assessment.obligations
    return [_task(decision, "obligation", obligation, first_dose_on) for obligation in obligations]


def snooze_criteria_alerts(decision: Decision, *, by: User) -> None:
    """Snooze the alerts that this decision answers until its day."""
    for alert in _criteria_alerts(decision):
        alert.state = AlertState.SNOOZED
        alert.snoozed_until = decision.snooze_until
        _handled(alert, decision, by)


def override_criteria_alerts(decision: Decision, *, by: User) -> None:
    """The alerts that this decision answers stay closed unless they become more severe."""
    for alert in _criteria_alerts(decision):
        alert.state = AlertState.OVERRIDDEN
        alert.override_code = decision.reason_code
        _handled(alert, decision, by)


def _criteria_alerts(decision: Decision) -> QuerySet[Alert]:
    return Alert.objects.unresolved().filter(patient=decision.patient, rule__in=CRITERIA_RULES)


def _task(decision: Decision, kind: str, sentence: Message, due_on: date) -> Task:
    return Task(
        patient=decision.patient,
        clinic_id=decision.patient.clinic_id,
        decision=decision,
        kind=kind,
        sentence=message_to_json(sentence),
        due_on=due_on,
        overdue_from=due_on + ONE_DAY,
    )


def _handled(alert: Alert, decision: Decision, by: User) -> None:
    alert.comment = decision.reason_text
    alert.handled_by = by
    alert.handled_at = timezone.now()
    alert.save()
