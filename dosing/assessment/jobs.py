"""Requests a new assessment of a clinic's patients, as a job with its own row."""

from __future__ import annotations

from django.db import transaction

from accounts.clock import local_today
from accounts.models import Clinic, ClinicSettings, User
from dosing.assessment import tasks
from dosing.models import UNFINISHED, ReassessmentRun, RunState, RunTrigger


@transaction.atomic
def reassess_clinic(*, clinic: Clinic, by: User) -> ReassessmentRun:
    """Ask for a re-assessment now; while one is under way that one is returned."""
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    under_way = ReassessmentRun.objects.filter(clinic=clinic, state__in=UNFINISHED).first()
    return under_way or _ask(clinic, RunTrigger.REQUEST, by)


@transaction.atomic
def reassess_after_approval(version: ClinicSettings, by: User) -> ReassessmentRun | None:
    """Settings in force from today request a new assessment of the clinic, in the approver's transaction.

    A re-assessment under way began with the settings of before: it is replaced. Settings of a later day
    are applied by the nightly reassessment of that day.
    """
    if version.effective_from > local_today(version.clinic):
        return None
    return _ask_anew(version.clinic, RunTrigger.SETTINGS, by)


@transaction.atomic
def reassess_after_assay(clinic: Clinic, by: User) -> ReassessmentRun:
    """Limits or variation of an assay changed: a new assessment is requested in the writer's transaction.

    A re-assessment under way began with the limits of before: it is replaced.
    """
    return _ask_anew(clinic, RunTrigger.ASSAY, by)


def _ask_anew(clinic: Clinic, trigger: RunTrigger, by: User) -> ReassessmentRun:
    for row in ReassessmentRun.objects.select_for_update().filter(clinic=clinic, state__in=UNFINISHED):
        row.state = RunState.REPLACED
        row.save()
    return _ask(clinic, trigger, by)


def _ask(clinic: Clinic, trigger: RunTrigger, by: User) -> ReassessmentRun:
    row = ReassessmentRun.objects.create(
        clinic=clinic, trigger=trigger, asked_by=by, on=local_today(clinic), state=RunState.WAITING
    )
    # Without a broker the row still waits, and is found by the watch over dead runs.
    transaction.on_commit(lambda: tasks.reassess_clinic.delay(row.pk), robust=True)
    return row
