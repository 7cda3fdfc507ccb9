"""A report as a job: what it is about, how far it is, what came out, and its files.

Files are kept in the database: web and worker processes on several machines share it, and no disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class ReportState(models.TextChoices):
    WAITING = "waiting", _("waiting for the worker")
    RUNNING = "running", _("being made")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    DELETED = "deleted", _("deleted")


# What is over and has not been deleted.
DELETABLE = (ReportState.FINISHED, ReportState.FAILED, ReportState.CANCELLED)
UNFINISHED = (ReportState.WAITING, ReportState.RUNNING)
RETRIED = (ReportState.FAILED, ReportState.CANCELLED)


class ReportQuerySet(models.QuerySet):
    """Reads of reports; everything shown to a person starts with visible_to."""

    def visible_to(self, user: User) -> Self:
        """Reports of their clinics, the newest first, without what they say."""
        rows = self.filter(clinic__in=user.own_clinics).select_related("asked_by", "clinic")
        return rows.defer("document", "gaps").order_by("-asked_at", "-pk")


class Report(models.Model):
    """One report of one clinic. The choice of patients never changes; the rest is the job's.

    claim: of the worker that makes it, so that no other writes its result. step, done, total: how far it is.
    snapshot: sha256 of the facts that it was made from. document: what it says, as JSON. gaps: what was not
    recorded, see analytics.gaps.
    """

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    cut_off = models.DateField(_("data up to"))
    first_from = models.DateField(_("first dose from"), null=True, blank=True)
    first_to = models.DateField(_("first dose up to"), null=True, blank=True)
    renal_involvement = models.BooleanField(_("renal involvement"), null=True, blank=True)

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, choices=ReportState, default=ReportState.WAITING)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat = models.DateTimeField(auto_now_add=True)
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    code_version = models.CharField(max_length=40, blank=True)
    snapshot = models.CharField(max_length=64, blank=True)
    patients = models.PositiveIntegerField(null=True, blank=True)
    document = models.TextField(blank=True)
    gaps = models.JSONField(default=list, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(
                condition=~Q(state="finished") | ~Q(document=""), name="finished_report_says_something"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(claim__isnull=False), name="running_report_is_claimed"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "-asked_at"]), models.Index(fields=["state", "heartbeat"])]

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def may_be_retried(self) -> bool:
        return self.state in RETRIED

    @property
    def may_be_deleted(self) -> bool:
        return self.state in DELETABLE


class Act(models.TextChoices):
    CANCELLED = "cancelled", _("cancelled")
    RETRIED = "retried", _("asked for again")
    DELETED = "deleted", _("deleted")


class ReportAct(models.Model):
    """What a person did with a report after requesting it; never changed."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="acts")
    act = models.CharField(max_length=10, choices=Act)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="report_act_known")]
        ordering = ("at", "pk")


class ReportFile(models.Model):
    """A file of a finished report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "kind"], name="one_file_of_a_kind")]
        ordering = ("pk",)
