"""Users, clinics, roles, and a clinic's settings with their versions."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Clinic(models.Model):
    """A place of care: every patient belongs to one, every user to one or more."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo")
    is_reconstruction = models.BooleanField(_("reconstructed study cohort, no real patients"), default=False)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    RHEUMATOLOGIST = "rheumatologist", _("Rheumatologist")
    NURSE = "nurse", _("Nurse")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractUser):
    """A person who signs in. The role says what they may do; the clinics say for whom."""

    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    clinics = models.ManyToManyField(Clinic, verbose_name=_("clinics"), related_name="users")

    history = HistoricalRecords(m2m_fields=[clinics], excluded_fields=["password", "last_login"])

    class Meta(AbstractUser.Meta):
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known")]

    @cached_property
    def own_clinics(self) -> list[Clinic]:
        """The clinics she belongs to by name, asked once a request; none for a user not yet saved."""
        return list(self.clinics.order_by("name")) if self.pk else []


class SettingsState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class ClinicSettings(models.Model):
    """One version of a clinic's own thresholds: proposed, then approved by somebody else."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="settings_versions")
    version = models.PositiveIntegerField()
    values = models.JSONField()
    reason = models.CharField(_("reason"), max_length=300)
    effective_from = models.DateField(_("in force from"))
    state = models.CharField(max_length=20, choices=SettingsState, default=SettingsState.PROPOSED)
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "version"], name="settings_version_unique_in_clinic"),
            models.CheckConstraint(
                name="settings_decided_by_another",
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
        ]
