"""Who looked at whose record."""

from django.conf import settings
from django.db import models


class RecordView(models.Model):
    """One view of a patient's record, written after the response was sent."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="record_views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="record_views")
    at = models.DateTimeField(auto_now_add=True)
    page = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "-at"]),
            models.Index(fields=["user", "-at"]),
            models.Index(fields=["-at", "-id"]),
        ]
