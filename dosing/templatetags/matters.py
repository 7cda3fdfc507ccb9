"""How alerts and planned work are shown: where each is settled, and what its form carries."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.clock import local_today
from accounts.models import User
from dosing.alerts import links as ways
from dosing.alerts import override_reasons as reasons_in_words
from dosing.alerts import services as alerts
from dosing.models import Alert, Task
from patients.models import Patient
from patients.rules.verdict import Missing

register = template.Library()


@register.simple_tag
def way_to_fill(missing: Missing | dict[str, Any], patient: Patient, user: User) -> ways.Way | None:
    """{% way_to_fill item patient user as way %}"""
    return ways.way_to_fill(missing, patient.pk, user)


@register.simple_tag
def way_of_alert(alert: Alert, user: User) -> ways.Way | None:
    """{% way_of_alert alert user as way %}"""
    return ways.way_of_alert(alert, user)


@register.simple_tag
def way_of_task(task: Task, user: User) -> ways.Way | None:
    """{% way_of_task task user as way %}"""
    return ways.way_of_task(task, user)


@register.filter
def display_fingerprint(alert: Alert) -> str:
    """What a form about an alert carries, so that nobody handles what they have not read."""
    return alerts.display_fingerprint(alert)


@register.filter
def overdue(task: Task) -> bool:
    """Whether open work is overdue on the clinic's own day."""
    return task.overdue_from <= local_today(task.clinic)


@register.filter
def reason_in_words(code: str) -> str:
    return reasons_in_words.reason_in_words(code)
