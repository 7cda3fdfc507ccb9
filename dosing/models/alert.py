"""Stored alerts: raised, updated and resolved by the rules, handled by people."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from dosing.rules.findings import SEVERITY_LABELS, Severity
from patients.choices import choices_of


class AlertState(models.TextChoices):
    OPEN = "open", _("open")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    SNOOZED = "snoozed", _("snoozed")
    OVERRIDDEN = "overridden", _("overridden")
    RESOLVED = "resolved", _("resolved")


class AlertReason(models.TextChoices):
    """Why an alert is overridden; a decision about tacrolimus overrides with reasons of its own."""

    KNOWN_AND_ACCEPTED = "known_and_accepted", _("Known and accepted")
    ALREADY_ACTED_ON = "already_acted_on", _("Already acted on")
    VALUE_WRONG = "value_wrong", _("The value is wrong; it is corrected elsewhere")
    NOT_RELEVANT = "not_relevant", _("Not relevant for this patient")
    OTHER = "other", _("Another reason (say which)")


class AlertQuerySet(models.QuerySet):
    def unresolved(self) -> Self:
        return self.exclude(state=AlertState.RESOLVED)


class Alert(models.Model):
    """One finding about one patient, with the verdict that raised it and the present one."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="alerts")
    # The patient's clinic once more, so that a worklist of one clinic is one range of an index.
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    # Distinguishes two findings of one rule; see dosing.rules.findings.
    subject = models.CharField(max_length=80, blank=True)
    severity = models.PositiveSmallIntegerField(choices=choices_of(SEVERITY_LABELS))
    state = models.CharField(max_length=20, choices=AlertState, default=AlertState.OPEN)
    raised_at = models.DateTimeField(auto_now_add=True)
    # Since when it asks for attention: raised, become graver, or come back from a snooze.
    open_since = models.DateTimeField(default=timezone.now)
    raised_on = models.DateField()
    raised_verdict = models.JSONField()
    current_verdict = models.JSONField()
    # The present verdict's answer once more, so that a list of the undecided is one range of an index.
    undecided = models.BooleanField(default=False)
    settings_version = models.PositiveIntegerField(null=True)
    snoozed_until = models.DateField(null=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    override_code = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=300, blank=True)
    resolved_at = models.DateTimeField(null=True)

    history = HistoricalRecords()
    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "rule", "subject"],
                condition=~Q(state="resolved"),
                name="one_unresolved_alert_a_matter",
            ),
            models.CheckConstraint(
                name="alert_snoozed_until_a_day",
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False),
            ),
            models.CheckConstraint(
                name="alert_overridden_with_code", condition=~Q(state="overridden") | ~Q(override_code="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "state", "-severity", "undecided", "raised_on", "id"],
                condition=~Q(state="resolved"),
                name="alert_worklist",
            ),
            models.Index(
                fields=["clinic", "open_since"],
                condition=Q(state="open", severity=Severity.ACT_NOW.value),
                name="alert_escalation",
            ),
        ]
