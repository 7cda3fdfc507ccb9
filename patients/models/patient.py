"""Who the patient is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from patients.fields import DerivedKeyField, PartialDateField
from patients.rules.person_keys import (
    LONGEST_KEY,
    LONGEST_NUMBER,
    name_key,
    name_part,
    number_key,
    number_part,
    search_key,
)

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

        Also the whole text as one name: 佐藤花子, O Hara. Those whose name begins with it are marked, to come
        first. A single Latin letter or digit is looked for at beginnings only.
        """
        words = [word for word in text.split() if name_part(word)]
        if not words:
            everybody = self.annotate(begins=Value(0))
            return everybody.none() if text.strip() else everybody
        each = Q()
        for word in words:
            each &= _named(word)
        whole = name_part(text)
        begins = Case(When(search_key__contains=f" {whole}", then=0), default=1, output_field=IntegerField())
        return self.filter(each | _named(whole)).annotate(begins=begins)

    def by_name(self, *first: str) -> Self:
        """Of `matching`: those whose name begins so first, then by the columns given, then alphabetical."""
        return self.order_by("begins", *first, "family_name", "given_name", "number")

    def numbered(self, text: str) -> Self:
        """Patients with this whole number, in any width and case; several clinics may give one number."""
        return self.filter(number_key=number_part(text))


def _named(word: str) -> Q:
    part = name_part(word)
    is_short = len(part) == 1 and part.isascii()
    in_names = Q(search_key__contains=f" {part}" if is_short else part)
    return in_names | Q(number_key__startswith=number_part(word))


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
    search_key = DerivedKeyField(derive=search_key, max_length=LONGEST_KEY)
    name_key = DerivedKeyField(derive=name_key, max_length=LONGEST_KEY)
    number_key = DerivedKeyField(derive=number_key, max_length=LONGEST_NUMBER)

    history = HistoricalRecords(excluded_fields=["search_key", "name_key", "number_key"])
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
