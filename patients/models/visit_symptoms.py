"""The six symptoms that can trigger tacrolimus: severity, attribution, and worse than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.choices import choices_of
from patients.rules.record import ATTRIBUTION_LABELS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


ATTRIBUTIONS = [("", _("not judged")), *choices_of(ATTRIBUTION_LABELS)]


def severity(label: StrOrPromise) -> models.PositiveSmallIntegerField:
    """0 none, 1 mild, 2 moderate, 3 severe; null: not assessed."""
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(3)])


def attribution(label: StrOrPromise) -> models.CharField:
    return models.CharField(label, max_length=10, choices=ATTRIBUTIONS, blank=True, default="")


class TriggerSymptoms(models.Model):
    """Three columns a symptom, named by its code in patients.rules.findings."""

    headache_severity = severity(_("headache"))
    headache_attribution = attribution(_("headache: due to SLE?"))
    headache_worse = models.BooleanField(_("headache worse than before"), default=False)
    arthritis_severity = severity(_("arthritis"))
    arthritis_attribution = attribution(_("arthritis: due to SLE?"))
    arthritis_worse = models.BooleanField(_("arthritis worse than before"), default=False)
    rash_severity = severity(_("rash"))
    rash_attribution = attribution(_("rash: due to SLE?"))
    rash_worse = models.BooleanField(_("rash worse than before"), default=False)
    alopecia_severity = severity(_("alopecia"))
    alopecia_attribution = attribution(_("alopecia: due to SLE?"))
    alopecia_worse = models.BooleanField(_("alopecia worse than before"), default=False)
    mucosal_ulcers_severity = severity(_("mucosal ulcers"))
    mucosal_ulcers_attribution = attribution(_("mucosal ulcers: due to SLE?"))
    mucosal_ulcers_worse = models.BooleanField(_("mucosal ulcers worse than before"), default=False)
    fever_severity = severity(_("fever"))
    fever_attribution = attribution(_("fever: due to SLE?"))
    fever_worse = models.BooleanField(_("fever worse than before"), default=False)
    worse_comment = models.CharField(_("worse than before: in words"), max_length=300, blank=True)
    swollen_joints = models.PositiveSmallIntegerField(_("swollen joints"), null=True, blank=True)
    inflamed_joints = models.PositiveSmallIntegerField(
        _("joints painful and inflamed"), null=True, blank=True
    )
    highest_temperature_c = models.DecimalField(
        _("highest temperature since the last visit, °C"),
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
    )

    class Meta:
        abstract = True
