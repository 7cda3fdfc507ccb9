"""Stored tasks of the rules follow the facts: planned, moved and closed in the writer's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from dosing.models import Task, TaskState
from dosing.rules.findings import TaskFinding
from patients.models import Patient
from patients.rules.verdict_json import message_to_json


def tasks_of_the_rules() -> QuerySet[Task]:
    """The tasks that the rules planned and that are open, or that a person marked as not needed."""
    return Task.objects.filter(by_rules=True, state__in=[TaskState.OPEN, TaskState.CANCELLED])


def reconcile_tasks(patient: Patient, due: Iterable[TaskFinding], stored: Sequence[Task]) -> None:
    """Bring the work planned by the rules in line with what is due; twice the same changes nothing.

    stored: the patient's rows of `tasks_of_the_rules`.
    """
    wanted = {(work.kind, work.subject): work for work in due}
    open_tasks = {(task.kind, task.subject): task for task in stored if task.state == TaskState.OPEN}
    for matter, task in open_tasks.items():
        if matter in wanted:
            _move(task, wanted[matter])
        else:
            _settle(task)
    not_needed = cancelled(stored)
    for matter, work in wanted.items():
        if matter not in open_tasks and (*matter, work.due_on) not in not_needed:
            planned(patient, work).save()


def settle_decided_work(patient: Patient) -> None:
    """Close what decisions planned: the patient died, or another clinic has taken over."""
    for task in Task.objects.filter(patient=patient, by_rules=False, state=TaskState.OPEN):
        _settle(task)


def planned(patient: Patient, work: TaskFinding) -> Task:
    """The work as an unsaved task."""
    return Task(
        patient=patient,
        clinic_id=patient.clinic_id,
        by_rules=True,
        kind=work.kind,
        subject=work.subject,
        sentence=message_to_json(work.sentence),
        due_on=work.due_on,
        overdue_from=work.overdue_from,
    )


def cancelled(tasks: Iterable[Task]) -> set[tuple[str, str, object]]:
    """The tasks that a person marked as not needed: kind, subject and the day they were due."""
    return {(task.kind, task.subject, task.due_on) for task in tasks if task.state == TaskState.CANCELLED}


def _move(task: Task, work: TaskFinding) -> None:
    """A cancelled task stays as it is; an open one gets the new day and words."""
    present = (task.due_on, task.overdue_from, task.sentence)
    wanted = (work.due_on, work.overdue_from, message_to_json(work.sentence))
    if present != wanted:
        task.due_on, task.overdue_from, task.sentence = wanted
        task.save()


def _settle(task: Task) -> None:
    task.state = TaskState.SETTLED
    task.closed_at = timezone.now()
    task.save()
