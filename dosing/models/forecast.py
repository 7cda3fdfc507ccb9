"""Forecasts as they stood: what they were computed from, what they said, and what the doctor chose."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dosing.models.decision import ReasonCode


class LedBy(models.TextChoices):
    MODEL = "model", _("the model")
    PROPORTION = "proportion", _("proportion")


class StoredForecast(models.Model):
    """One forecast, never changed. made_by: nobody where the clinic was forecast as a whole.

    model_version distinguishes two states of one model; fingerprint two states of the facts. marked_mg: the
    dose that the forecast supported; chosen_mg: what the doctor chose, None where nobody was asked.
    """

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="forecasts")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submission = models.UUIDField(null=True, unique=True, editable=False)
    model = models.CharField(max_length=40)
    model_version = models.CharField(max_length=16)
    fingerprint = models.CharField(max_length=16)
    levels_used = models.PositiveSmallIntegerField()
    led_by = models.CharField(max_length=20, choices=LedBy)
    draw_at = models.DateTimeField(_("next draw"))
    hours_after_dose = models.FloatField()
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=9, decimal_places=3)
    inputs = models.JSONField(encoder=DjangoJSONEncoder)
    numbers = models.JSONField()
    marked_mg = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    chosen_mg = models.DecimalField(_("dose chosen, mg"), max_digits=4, decimal_places=1, null=True)
    reason_code = models.CharField(_("reason"), max_length=40, choices=ReasonCode, blank=True)
    reason_text = models.CharField(_("reason in words"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="forecast_chosen_otherwise_has_reason",
                condition=Q(chosen_mg__isnull=True)
                | Q(marked_mg__isnull=False, chosen_mg=models.F("marked_mg"))
                | ~Q(reason_code=""),
            ),
            models.CheckConstraint(
                name="forecast_chosen_by_somebody",
                condition=Q(chosen_mg__isnull=True) | Q(made_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-made_at"])]

    @property
    def agrees(self) -> bool:
        """Whether the doctor chose the dose that the forecast spoke for."""
        return self.chosen_mg is not None and self.chosen_mg == self.marked_mg
