"""Planned work: something to do for a patient by a day. Not an alert.

A decision plans its obligations; the rules plan controls, levels and taper steps from the facts.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class TaskState(models.TextChoices):
    OPEN = "open", _("to do")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("no longer needed")
    SETTLED = "settled", _("settled by what was recorded")


class Task(models.Model):
    """What to do and by when. The sentence is a stored message.

    Work planned by the rules (by_rules) follows the facts: it moves, and it is settled when the facts no
    longer ask for it. Somebody may cancel it with a reason; it comes back with another due day only.
    """

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="tasks")
    # The patient's clinic once more, so that a worklist of one clinic is one range of an index.
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey("dosing.Decision", on_delete=models.PROTECT, related_name="tasks", null=True)
    by_rules = models.BooleanField(default=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    sentence = models.JSONField()
    due_on = models.DateField(_("due on"))
    overdue_from = models.DateField(_("overdue from"))
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
                condition=Q(state__in=["open", "settled"], closed_by__isnull=True)
                | Q(state__in=["done", "cancelled"], closed_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["patient", "kind", "subject"],
                condition=Q(state="open", by_rules=True),
                name="one_open_task_a_matter",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "due_on", "id"], condition=Q(state="open"), name="task_worklist"),
            models.Index(
                fields=["clinic", "kind", "due_on", "id"], condition=Q(state="open"), name="task_by_kind"
            ),
            models.Index(
                fields=["clinic", "overdue_from", "id"], condition=Q(state="open"), name="task_overdue"
            ),
            models.Index(fields=["patient", "state"]),
        ]
