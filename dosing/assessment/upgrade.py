"""For migrations: where the rules of a version decide differently, every patient is assessed again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from dosing.models import UNFINISHED, RunState, RunTrigger

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_for_reassessment(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Leave a job for each clinic, which the first worker of the new version takes up when it starts.

    In a migration: RunPython(mark_for_reassessment, RunPython.noop). A job under way began with the rules
    of before: it is replaced.
    """
    database = schema_editor.connection.alias
    jobs = apps.get_model("dosing", "ReassessmentRun").objects.using(database)
    jobs.filter(clinic__isnull=False, state__in=UNFINISHED).update(state=RunState.REPLACED)
    for clinic in apps.get_model("accounts", "Clinic").objects.using(database):
        jobs.create(
            clinic=clinic,
            trigger=RunTrigger.UPGRADE,
            on=_today(clinic.time_zone),
            state=RunState.WAITING,
        )


def _today(time_zone: str) -> date:
    return timezone.now().astimezone(ZoneInfo(time_zone)).date()
