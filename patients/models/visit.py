"""A visit: open while it is written, locked once signed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models.fact import Fact, FactQuerySet
from patients.models.visit_columns import SledaiAnswers, TriggerSymptoms, VisitFindings
from patients.rules.findings import SYMPTOMS
from patients.rules.visit_fields import WORST_GRADE


class VisitQuerySet(FactQuerySet):
    def signed(self) -> Self:
        """Visits that count for rules."""
        return self.active().filter(signed_at__isnull=False)


class Visit(SledaiAnswers, TriggerSymptoms, VisitFindings, Fact):
    """What was seen at one visit. Only a signed visit counts for a rule.

    Most of its columns come from the table in patients.rules.visit_fields.
    """

    on = models.DateField(_("date of visit"))
    note = models.TextField(_("note"), max_length=4000, blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = VisitQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "on"],
                condition=Q(voided_at__isnull=True),
                name="one_visit_a_day",
                violation_error_message=_("There is a visit on this day already."),
            ),
            models.CheckConstraint(
                name="visit_signed_by_someone",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
            *[
                models.CheckConstraint(
                    name=f"visit_{symptom}_severity_to_3",
                    condition=Q(**{f"{symptom}_severity__isnull": True})
                    | Q(**{f"{symptom}_severity__lte": WORST_GRADE}),
                )
                for symptom in SYMPTOMS
            ],
        ]
        indexes = [models.Index(fields=["patient", "-on"])]

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None
