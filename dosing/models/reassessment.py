"""Reassessments as rows: of everybody at night, of one clinic, and when each patient was last assessed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    WAITING = "waiting", _("waiting for the worker")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    REPLACED = "replaced", _("replaced by a later one")


UNFINISHED = (RunState.WAITING, RunState.RUNNING)


class RunTrigger(models.TextChoices):
    CLOCK = "clock", _("nightly check")
    SETTINGS = "settings", _("new settings")
    ASSAY = "assay", _("a laboratory's assay")
    REQUEST = "request", _("asked for")
    UPGRADE = "upgrade", _("new version")


class ReassessmentRun(models.Model):
    """One pass over all patients, or over those of one clinic, as of a day.

    heartbeat distinguishes a dead run from a slow one; asked_by is None where the schedule started it.
    """

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, null=True, related_name="+")
    trigger = models.CharField(max_length=20, choices=RunTrigger, default=RunTrigger.CLOCK)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on = models.DateField()
    state = models.CharField(max_length=20, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    heartbeat = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)
    patients_total = models.PositiveIntegerField(default=0)
    patients_done = models.PositiveIntegerField(default=0)
    last_patient_id = models.PositiveBigIntegerField(default=0)
    verdicts_changed = models.PositiveIntegerField(default=0)
    alerts_raised = models.PositiveIntegerField(default=0)
    alerts_resolved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic"], condition=Q(state__in=["waiting", "running"]), name="one_run_of_a_clinic"
            )
        ]
        indexes = [models.Index(fields=["state", "-finished_at"]), models.Index(fields=["clinic", "-id"])]

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED


class PatientStatus(models.Model):
    """What the rules last said of a patient, and as of which day; the base of lists and of --check."""

    patient = models.OneToOneField(
        "patients.Patient", on_delete=models.PROTECT, primary_key=True, related_name="status"
    )
    on = models.DateField()
    applicable = models.BooleanField()
    answer = models.CharField(max_length=20)
    gate = models.CharField(max_length=20)
    settings_version = models.PositiveIntegerField(null=True)
    judged_at = models.DateTimeField(auto_now=True)
