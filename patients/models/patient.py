"""Who the patient is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from patients.fields import PartialDateField

if TYPE_CHECKING:
    from accounts.models import User


class Sex(models.TextChoices):
    FEMALE = "F", _("female")
    MALE = "M", _("male")


class BiopsyClass(models.TextChoices):
    """ISN/RPS class of lupus nephritis."""

    NOT_DONE = "", _("no biopsy recorded")
    I = "I", "I"  # noqa: E741
    II = "II", "II"
    III = "III", "III"
    IV = "IV", "IV"
    III_V = "III+V", "III + V"
    IV_V = "IV+V", "IV + V"
    V = "V", "V"
    VI = "VI", "VI"


class PatientQuerySet(models.QuerySet):
    """Reads of patients; everything shown to a person starts with visible_to."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Patients of the user's clinics; nobody's for one who is not signed in."""
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(clinic__in=user.own_clinics)

    def matching(self, text: str) -> Self:
        """Patients of whom number or a name begins with each word of the text.

        Beginnings are found by an index, also among a hundred thousand.
        """
        found = self
        for word in text.split():
            found = found.filter(
                Q(number__istartswith=word)
                | Q(family_name__istartswith=word)
                | Q(given_name__istartswith=word)
            )
        return found


class Patient(models.Model):
    """A person under care in one clinic."""

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="patients")
    number = models.CharField(_("patient number"), max_length=20)
    family_name = models.CharField(_("family name"), max_length=80)
    given_name = models.CharField(_("given name"), max_length=80)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    birth = PartialDateField(_("date of birth"))
    diagnosis = PartialDateField(_("diagnosis of SLE"), null=True, blank=True)
    first_treatment = PartialDateField(_("first treatment for SLE"), null=True, blank=True)
    renal_involvement = models.BooleanField(_("renal involvement, now or in the past"), null=True, blank=True)
    biopsy_class = models.CharField(
        _("renal biopsy class"), max_length=8, choices=BiopsyClass, blank=True, default=BiopsyClass.NOT_DONE
    )
    biopsy = PartialDateField(_("date of renal biopsy"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    submission = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords()
    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="patient_number_unique_in_clinic"),
            models.CheckConstraint(condition=Q(sex__in=["F", "M"]), name="patient_sex_known"),
        ]
        indexes = [models.Index(fields=["clinic", "family_name", "given_name"])]

    def __str__(self) -> str:
        return f"{self.family_name} {self.given_name}"
