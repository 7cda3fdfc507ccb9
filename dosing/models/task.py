"""Planned work: something to do for a patient by a day. Not an alert."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class TaskState(models.TextChoices):
    OPEN = "open", _("to do")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("no longer needed")


class Task(models.Model):
    """What to do, by when, and which decision it comes from. The sentence is a stored message."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="tasks")
    # The patient's clinic once more, so that a worklist of one clinic is one range of an index.
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey("dosing.Decision", on_delete=models.PROTECT, related_name="tasks", null=True)
    kind = models.CharField(max_length=40)
    sentence = models.JSONField()
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=20, choices=TaskState, default=TaskState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    comment = models.CharField(max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="task_closed_by_someone",
                condition=Q(state="open", closed_by__isnull=True)
                | Q(~Q(state="open"), closed_by__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["clinic", "due_on", "id"], condition=Q(state="open"), name="task_worklist"),
            models.Index(fields=["patient", "state"]),
        ]
