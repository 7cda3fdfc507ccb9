"""Each time that patients' data left the application: who, when, why, what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class ExportKind(models.TextChoices):
    IDENTIFIED = "identified", _("Identified")
    DE_IDENTIFIED = "de_identified", _("De-identified")


class ExportShape(models.TextChoices):
    LONG = "long", _("Long: a row a fact")
    WIDE = "wide", _("Wide: a row a patient")
    BOTH = "both", _("Both")


class DataExportQuerySet(models.QuerySet):
    """Reads of exports; everything shown to a person starts with visible_to."""

    def visible_to(self, user: User) -> Self:
        """Exports of their clinics, the newest first."""
        rows = self.filter(clinic__in=user.own_clinics).select_related("by", "clinic")
        return rows.order_by("-at", "-pk")


class DataExport(models.Model):
    """One export. It is written before the file is handed out, and never changed.

    columns holds the names by file; sha256 is that of the whole zip.
    """

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=ExportKind)
    shape = models.CharField(_("shape"), max_length=10, choices=ExportShape)
    reason = models.CharField(_("reason"), max_length=300)
    columns = models.JSONField()
    patients = models.PositiveIntegerField(_("patients"))
    rows = models.PositiveBigIntegerField(_("rows"))
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()

    objects = DataExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="data_export_has_a_reason"),
            models.CheckConstraint(condition=Q(kind__in=ExportKind.values), name="data_export_kind_known"),
            models.CheckConstraint(condition=Q(shape__in=ExportShape.values), name="data_export_shape_known"),
        ]
        indexes = [models.Index(fields=["clinic", "-at"])]

    @property
    def filename(self) -> str:
        """The name of the zip. It names no clinic, and no patient."""
        return f"tacsle-{self.kind.replace('_', '-')}-{self.at:%Y-%m-%d}-{self.pk}.zip"
