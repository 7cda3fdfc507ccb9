"""Planned work: done, or no longer needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import note_writer
from dosing.models import Task, TaskState
from patients.services import writing

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def complete_task(*, task: Task, by: User, comment: str = "") -> Task:
    """Mark the planned work of a decision as done.

    Raises ValidationError when it is closed already, or when the rules planned it: what is recorded settles
    that, and a tick would hide that nothing was.
    """
    if task.by_rules:
        raise ValidationError(_("This is done by recording it: then it closes by itself."))
    return _close(task, TaskState.DONE, by, comment)


@transaction.atomic
def cancel_task(*, task: Task, by: User, comment: str) -> Task:
    """Mark planned work as no longer needed. Raises ValidationError without a comment."""
    if not comment.strip():
        raise ValidationError({"comment": _("Say why this is no longer needed.")})
    return _close(task, TaskState.CANCELLED, by, comment)


def _close(task: Task, state: TaskState, by: User, comment: str) -> Task:
    writing.lock(task.patient)
    present = Task.objects.get(pk=task.pk)
    if present.state != TaskState.OPEN:
        raise ValidationError(_("This task is already closed."))
    present.state = state
    present.closed_by = by
    present.closed_at = timezone.now()
    present.comment = comment.strip()
    note_writer(present, by=by)
    present.save()
    return present
