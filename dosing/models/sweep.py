"""Reassessments as rows: the nightly sweep, and when each patient was last judged."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepState(models.TextChoices):
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")


class Sweep(models.Model):
    """One pass over all patients as of a day. heartbeat tells a dead sweep from a slow one."""

    on = models.DateField()
    state = models.CharField(max_length=20, choices=SweepState, default=SweepState.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    heartbeat = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)
    patients_total = models.PositiveIntegerField(default=0)
    patients_done = models.PositiveIntegerField(default=0)
    last_patient_id = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "-finished_at"])]


class Standing(models.Model):
    """What the rules last said of a patient, and as of which day; the base of lists and of --check."""

    patient = models.OneToOneField(
        "patients.Patient", on_delete=models.PROTECT, primary_key=True, related_name="standing"
    )
    on = models.DateField()
    applicable = models.BooleanField()
    answer = models.CharField(max_length=20)
    gate = models.CharField(max_length=20)
    settings_version = models.PositiveIntegerField(null=True)
    judged_at = models.DateTimeField(auto_now=True)
