"""Who the patient is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from patients.fields import DerivedKeyField, PartialDateField
from patients.models.name_part import NamePart, beginning_with, with_word
from patients.rules.person_keys import (
    LONGEST_KEY,
    LONGEST_NUMBER,
    name_key,
    name_part,
    number_key,
    number_part,
)
from patients.rules.person_states import StateKind

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
        """Patients who have each word of the text in a name or a reading, or as the beginning of the number.

        Also the whole text as one name: 佐藤花子, O Hara. A single Latin letter or digit is looked for at
        beginnings only. Nobody, where the text has no letter.
        """
        words = [word for word in text.split() if name_part(word)]
        if not words:
            return self.none()
        each = Q()
        for word in words:
            each &= Q(pk__in=_with_part(with_word(word)))
        return self.filter(each | Q(pk__in=_with_part(with_word(name_part(text)))))

    def by_name(self, text: str, *first: str) -> Self:
        """Those whose name begins with the text first, then by the columns given, then alphabetical."""
        begins = Case(When(pk__in=_with_part(beginning_with(text)), then=0), default=1)
        order = ("family_name", "given_name", "number")
        if not name_part(text):
            return self.order_by(*first, *order)
        return self.annotate(begins=begins).order_by("begins", *first, *order)

    def with_death(self) -> Self:
        """With `has_died`: whether the patient died, as far as recorded."""
        died = apps.get_model("patients", "PersonState").objects.active().filter(kind=StateKind.DIED)
        return self.annotate(has_died=Exists(died.filter(patient=OuterRef("pk"))))

    def numbered(self, text: str) -> Self:
        """Patients with this whole number, in any width and case; several clinics may give one number."""
        return self.filter(number_key=number_part(text))


def _with_part(condition: Q) -> models.QuerySet:
    return NamePart.objects.filter(condition).values("patient")


class Patient(models.Model):
    """A person under care in one clinic."""

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="patients")
    number = models.CharField(_("patient number"), max_length=20)
    family_name = models.CharField(_("family name"), max_length=80)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name_reading = models.CharField(_("family name, reading"), max_length=80, blank=True)
    given_name_reading = models.CharField(_("given name, reading"), max_length=80, blank=True)
    former_names = models.CharField(_("former names"), max_length=200, blank=True)
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
    name_key = DerivedKeyField(derive=name_key, max_length=LONGEST_KEY)
    number_key = DerivedKeyField(derive=number_key, max_length=LONGEST_NUMBER)

    history = HistoricalRecords(excluded_fields=["name_key", "number_key"])
    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="patient_number_unique_in_clinic"),
            models.CheckConstraint(condition=Q(sex__in=["F", "M"]), name="patient_sex_known"),
        ]
        indexes = [
            models.Index(fields=["clinic", "family_name", "given_name"]),
            models.Index(fields=["clinic", "name_key"], name="patient_name_key"),
            models.Index(fields=["clinic", "number_key"], name="patient_number_key"),
            models.Index(fields=["clinic", "birth"], name="patient_birth"),
        ]

    def __str__(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()
