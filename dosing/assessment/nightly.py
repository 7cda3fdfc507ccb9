"""Reassessment runs: everybody at night, or one clinic when asked; they survive a killed worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.clock import local_today
from accounts.models import Clinic
from dosing.assessment.assess import ClinicRules, PatientAssessment, assess_patients, rules_of
from dosing.assessment.planned_work import cancelled, tasks_of_the_rules
from dosing.assessment.reconcile import Changes, by_patient, reconcile_all
from dosing.assessment.status import expected_status
from dosing.models import (
    UNFINISHED,
    Alert,
    PatientStatus,
    ReassessmentRun,
    RunState,
    RunTrigger,
    Task,
    TaskState,
)
from patients.models import Patient
from patients.rules.verdict_json import message_to_json, verdict_to_json

# What is stored or expected of each alert and task, by its rule or kind and its subject.
Matters = dict[tuple[str, str], tuple[Any, ...]]

BATCH = 200
DEAD_AFTER = timedelta(minutes=15)
STALE_AFTER = timedelta(hours=26)


def reassess_everyone(on: date | None = None) -> ReassessmentRun:
    """Assess every patient, as of `on` or each clinic's own today; continues where a dead run stopped.

    A batch and its progress are one transaction, so a killed worker loses at most one batch, and a
    second run of it changes nothing.
    """
    return _run(_resume_or_begin(on), on)


def run_clinic_reassessment(key: int) -> ReassessmentRun | None:
    """Assess the patients of the clinic of a waiting or dead run, as of the clinic's today.

    None when there was nothing to do: another worker is about it, or it is finished or replaced.
    """
    row = _claimed(key)
    return None if row is None else _run(row, None)


def resume_dead_runs() -> int:
    """Continue every run whose worker died; returns how many."""
    dead = list(_dead().values_list("pk", "clinic"))
    if any(clinic is None for _key, clinic in dead):
        reassess_everyone()
    for key, clinic in dead:
        if clinic is not None:
            run_clinic_reassessment(key)
    return len(dead)


def last_nightly_run() -> ReassessmentRun | None:
    """The last run that assessed every patient of every clinic."""
    finished = ReassessmentRun.objects.filter(state=RunState.FINISHED, clinic__isnull=True)
    return finished.order_by("-finished_at").first()


def is_stale(run: ReassessmentRun | None) -> bool:
    """Whether "last checked" is so old that the nightly job must be dead (hazard 9)."""
    if run is None or run.finished_at is None:
        return True
    return timezone.now() - run.finished_at > STALE_AFTER


def differences() -> list[str]:
    """Where what is stored differs from what the bulk loader says now, a line a patient; empty when sound.

    Each patient is assessed as of the day of the stored status: the last run's, or a later write's.
    """
    found = _never_assessed()
    for clinic, on in PatientStatus.objects.values_list("patient__clinic", "on").distinct():
        place = Clinic.objects.get(pk=clinic)
        for batch in _chunks(
            list(PatientStatus.objects.filter(patient__clinic=place, on=on).order_by("patient"))
        ):
            found += _differences_of(batch, on, rules_of(place, on))
    return found


def _never_assessed() -> list[str]:
    never = Patient.objects.filter(status__isnull=True).values_list("pk", flat=True)
    return [f"patient {pk}: never judged" for pk in never]


def _differences_of(rows: list[PatientStatus], on: date, rules: ClinicRules) -> list[str]:
    ids = [row.patient_id for row in rows]
    assessed_by_patient = assess_patients(Patient.objects.filter(pk__in=ids), on, rules)
    alerts = by_patient(Alert.objects.unresolved(), ids)
    tasks = by_patient(tasks_of_the_rules(), ids)
    return [
        line
        for row in rows
        for line in _compare(
            row, assessed_by_patient[row.patient_id], alerts[row.patient_id], tasks[row.patient_id]
        )
    ]


def _compare(
    row: PatientStatus, assessed: PatientAssessment, alerts: list[Alert], tasks: list[Task]
) -> Iterator[str]:
    for name, value in expected_status(assessed).items():
        if getattr(row, name) != value:
            yield f"patient {row.patient_id}: {name} is stored as {getattr(row, name)}, judged {value}"
    for kind, stored, expected in (
        ("alert", _stored_alerts(alerts), _expected_alerts(assessed)),
        ("task", _stored_tasks(tasks), _expected_tasks(assessed, tasks)),
    ):
        for matter in sorted(stored.keys() | expected.keys()):
            if stored.get(matter) != expected.get(matter):
                name = " ".join(filter(None, matter))
                yield f"patient {row.patient_id}: {kind} {name} is not what the facts say"


def _stored_alerts(alerts: list[Alert]) -> Matters:
    return {(alert.rule, alert.subject): (alert.severity, alert.current_verdict) for alert in alerts}


def _expected_alerts(assessed: PatientAssessment) -> Matters:
    return {
        (alert.rule, alert.subject): (alert.severity.value, verdict_to_json(alert.verdict))
        for alert in assessed.raised
    }


def _stored_tasks(tasks: list[Task]) -> Matters:
    return {
        (task.kind, task.subject): (task.due_on, task.overdue_from, task.sentence)
        for task in tasks
        if task.state == TaskState.OPEN
    }


def _expected_tasks(assessed: PatientAssessment, tasks: list[Task]) -> Matters:
    """Without the tasks that a person marked as not needed."""
    not_needed = cancelled(tasks)
    return {
        (work.kind, work.subject): (work.due_on, work.overdue_from, message_to_json(work.sentence))
        for work in assessed.due
        if (work.kind, work.subject, work.due_on) not in not_needed
    }


def _dead() -> QuerySet[ReassessmentRun]:
    """Those without a sign of life for a while, and those that a migration left for the first worker."""
    silent = Q(state__in=UNFINISHED, heartbeat__lt=timezone.now() - DEAD_AFTER)
    left_by_a_migration = Q(state=RunState.WAITING, trigger=RunTrigger.UPGRADE)
    return ReassessmentRun.objects.filter(silent | left_by_a_migration).order_by("pk")


def _resume_or_begin(on: date | None) -> ReassessmentRun:
    """Continue a dead run of the same day; a run of another day has failed, and all are assessed again."""
    day = on or timezone.localdate()
    dead = _dead().filter(clinic__isnull=True)
    same_day = dead.filter(on=day).order_by("-pk").first()
    dead.exclude(pk=same_day.pk if same_day else 0).update(state=RunState.FAILED)
    return same_day or ReassessmentRun.objects.create(on=day, patients_total=Patient.objects.count())


@transaction.atomic
def _claimed(key: int) -> ReassessmentRun | None:
    """The run of a clinic, running from now on unless another worker has it; restarted if its day is over."""
    row = ReassessmentRun.objects.select_for_update().get(pk=key, clinic__isnull=False)
    waiting = row.state == RunState.WAITING
    if not waiting and (row.state != RunState.RUNNING or row.heartbeat > timezone.now() - DEAD_AFTER):
        return None
    clinic: Clinic = row.clinic  # type: ignore[assignment]
    today = local_today(clinic)
    if waiting or row.on != today:
        row.on, row.last_patient_id, row.patients_done = today, 0, 0
    row.patients_total = Patient.objects.filter(clinic=clinic).count()
    row.state = RunState.RUNNING
    row.save()
    return row


def _run(row: ReassessmentRun, on: date | None) -> ReassessmentRun:
    for batch in _batches(row):
        if not reassess_batch(row, batch, on):
            return row
    row.state = RunState.FINISHED
    row.finished_at = timezone.now()
    row.save()
    return row


def _batches(row: ReassessmentRun) -> Iterator[list[int]]:
    """Keys of the patients that are left, a few at a time."""
    patients = Patient.objects.order_by("pk")
    if row.clinic_id is not None:
        patients = patients.filter(clinic=row.clinic_id)
    after = row.last_patient_id
    while ids := list(patients.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
        yield ids
        after = ids[-1]


@transaction.atomic
def reassess_batch(row: ReassessmentRun, ids: list[int], on: date | None) -> bool:
    """Locked like any writer, so that a fact written meanwhile is assessed by its own writer, afterwards.

    False, and nothing done, when another run took this one's place.
    """
    row.state = ReassessmentRun.objects.select_for_update().values_list("state", flat=True).get(pk=row.pk)
    if row.state != RunState.RUNNING:
        return False
    list(Patient.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    for clinic in Clinic.objects.filter(patients__in=ids).distinct():
        day = on or local_today(clinic)
        patients = Patient.objects.filter(pk__in=ids, clinic=clinic)
        by_id = {patient.pk: patient for patient in patients}
        judged = assess_patients(patients, day, rules_of(clinic, day))
        for settled in reconcile_all({by_id[pk]: assessed for pk, assessed in judged.items()}):
            _count(row, settled)
    row.patients_done += len(ids)
    row.last_patient_id = ids[-1]
    row.save()
    return True


def _count(row: ReassessmentRun, settled: Changes) -> None:
    row.verdicts_changed += settled.verdict_changed
    row.alerts_raised += settled.raised
    row.alerts_resolved += settled.resolved


def _chunks(rows: list[PatientStatus]) -> Iterator[list[PatientStatus]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
