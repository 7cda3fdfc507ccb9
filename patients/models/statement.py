"""Dated statements about the patient, and results of classification criteria."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.fields import PartialDateField
from patients.models.fact import Fact
from patients.rules import classification_criteria as criteria


class Statement(Fact):
    """Yes, no or unknown to one question of patients.rules.statements, as known on a day."""

    kind = models.CharField(_("about"), max_length=60)
    stated_on = models.DateField(_("stated on"))
    answer = models.BooleanField(_("answer"), null=True, blank=True)
    event = PartialDateField(_("date of the event"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["patient", "kind", "stated_on"])]


class ClassificationSystem(models.TextChoices):
    ACR_1997 = criteria.ACR_1997, _("ACR 1997 revised criteria")
    EULAR_ACR_2019 = criteria.EULAR_ACR_2019, _("EULAR/ACR 2019 criteria")


class Classification(Fact):
    """The result of a set of classification criteria on a day."""

    system = models.CharField(_("criteria"), max_length=20, choices=ClassificationSystem)
    on = models.DateField(_("judged on"))
    score = models.PositiveSmallIntegerField(_("criteria met or points"), null=True, blank=True)
    met = models.BooleanField(_("classified as SLE"), null=True, blank=True)
    complete = models.BooleanField(_("every item was judged"), default=False)
    items = models.JSONField(_("items"), default=dict, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="classification_system_known",
                condition=Q(system__in=[criteria.ACR_1997, criteria.EULAR_ACR_2019]),
            ),
        ]
