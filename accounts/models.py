"""Users, clinics, roles, and a clinic's settings with their versions."""

from collections.abc import Iterator
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class DateOrder(models.TextChoices):
    """How a clinic writes a day in two numbers."""

    MONTH_FIRST = "month_first", _("month first: 11/27")
    DAY_FIRST = "day_first", _("day first: 27/11")


class Clinic(models.Model):
    """A place of care: every patient belongs to one, every user to one or more."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo")
    date_order = models.CharField(
        _("days in numbers"), max_length=12, choices=DateOrder, default=DateOrder.MONTH_FIRST
    )
    submission = models.UUIDField(null=True, unique=True, editable=False)
    is_reconstruction = models.BooleanField(_("reconstructed study cohort, no real patients"), default=False)

    history = HistoricalRecords(excluded_fields=["submission"])

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    RHEUMATOLOGIST = "rheumatologist", _("Rheumatologist")
    NURSE = "nurse", _("Nurse")
    ADMINISTRATOR = "administrator", _("Administrator")


class PeopleQuerySet(models.QuerySet):
    """Reads of people; everything shown to an administrator starts with administered_by."""

    def administered_by(self, user: AbstractUser) -> Self:
        """People of their clinics; not the names in which programs write."""
        inside = self.filter(clinics__in=user.own_clinics)  # type: ignore[attr-defined]
        return inside.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).distinct()

    def matching(self, text: str) -> Self:
        """People one of whose names contains each word of the text."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
            )
        return found


class PersonManager(UserManager.from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    """Django's manager of users with our reads."""

    use_in_migrations = False


class User(AbstractUser):
    """A person who signs in. The role says what they may do; the clinics say for whom.

    sessions_ended is part of every session: raising it ends them all. Sign-ins are kept by django-axes;
    a column for the last one would write a version of the person at each.
    """

    last_login = None
    must_change_password = models.BooleanField(_("must choose a password at the next sign-in"), default=False)
    sessions_ended = models.PositiveIntegerField(_("times signed out everywhere"), default=0, editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    clinics = models.ManyToManyField(Clinic, verbose_name=_("clinics"), related_name="users")

    history = HistoricalRecords(m2m_fields=[clinics], excluded_fields=["password", "submission"])
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta(AbstractUser.Meta):
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known")]

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}.{self.sessions_ended}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """For sessions from before the secret key was changed."""
        for old in super().get_session_auth_fallback_hash():
            yield f"{old}.{self.sessions_ended}"

    @cached_property
    def own_clinics(self) -> list[Clinic]:
        """The clinics they belong to by name, asked once a request; none for a user not yet saved."""
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
    submission = models.UUIDField(null=True, unique=True, editable=False)
    state = models.CharField(max_length=20, choices=SettingsState, default=SettingsState.PROPOSED)
    proposed_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    history = HistoricalRecords(excluded_fields=["submission"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "version"], name="settings_version_unique_in_clinic"),
            models.CheckConstraint(
                name="settings_decided_by_another",
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
        ]


class AuditExport(models.Model):
    """Somebody took audit rows out of the application: which page, with which filters.

    Or data of the patients of a clinic, which its administrators see even when the person has left.
    """

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=40)
    asked = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["by", "-at"])]
