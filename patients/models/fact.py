"""What every fact has in common: who wrote it, its version, and "entered in error"."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class FactQuerySet(models.QuerySet):
    """Reads that leave out what was entered in error."""

    def active(self) -> Self:
        """Facts that count: not entered in error."""
        return self.filter(voided_at__isnull=True)


class Fact(models.Model):
    """A dated row about one patient. Written only by services; never deleted, only voided.

    submission is the form's own key: the second click on Save finds the row of the first.
    version rises with each change, so that a form opened before it is refused as stale.
    """

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    submission = models.UUIDField(null=True, unique=True, editable=False)
    voided_at = models.DateTimeField(_("entered in error at"), null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    void_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    history = HistoricalRecords(inherit=True)
    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_voided_with_reason",
                condition=Q(voided_at__isnull=True) | (Q(voided_by__isnull=False) & ~Q(void_reason="")),
            )
        ]

    @property
    def is_voided(self) -> bool:
        return self.voided_at is not None
