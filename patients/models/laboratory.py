"""Laboratories, their assays, and results."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from patients.models.fact import Fact


class Laboratory(models.Model):
    """Where a sample was measured; falls are judged within one laboratory."""

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="laboratories")
    name = models.CharField(_("laboratory"), max_length=80)

    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "name"], name="laboratory_unique_in_clinic")]

    def __str__(self) -> str:
        return self.name


class Assay(models.Model):
    """A laboratory's method for an analyte, with its limits in the canonical unit and its variation."""

    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="assays")
    analyte = models.CharField(_("analyte"), max_length=40)
    method = models.CharField(_("method"), max_length=40, blank=True)
    lower_limit = models.DecimalField(
        _("lower limit"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    upper_limit = models.DecimalField(
        _("upper limit"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    analytical_variation_percent = models.DecimalField(
        _("analytical variation, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["laboratory", "analyte", "method"], name="assay_unique_in_laboratory"
            )
        ]


class SheetOrder(models.Model):
    """Which analytes a clinic's laboratory sheet shows first, and in which order; the others fold away."""

    clinic = models.OneToOneField("accounts.Clinic", on_delete=models.PROTECT, related_name="sheet_order")
    analytes = models.JSONField(_("analytes"), default=list)

    history = HistoricalRecords()


class LaboratoryResult(Fact):
    """One result in the analyte's canonical unit, with the text and unit as they were typed.

    value_high: the upper end of a range that begins at `value`. fasting, haemolysed: of the sample, kept
    where they matter for the analyte; fasting is None where nobody said.
    """

    analyte = models.CharField(_("analyte"), max_length=40)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=6, null=True, blank=True)
    value_high = models.DecimalField(
        _("upper end of a range"), max_digits=16, decimal_places=6, null=True, blank=True
    )
    finding = models.CharField(_("finding"), max_length=20, blank=True)
    comparator = models.CharField(_("comparator"), max_length=1, blank=True)
    entered = models.CharField(_("as entered"), max_length=60)
    collected_at = models.DateTimeField(_("collected"))
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, verbose_name=_("laboratory"))
    method = models.CharField(_("method"), max_length=40, blank=True)
    lower_limit = models.DecimalField(
        _("lower limit"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    upper_limit = models.DecimalField(
        _("upper limit"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    during_infection = models.BooleanField(_("during an infection"), default=False)
    fasting = models.BooleanField(_("fasting"), null=True, blank=True)
    haemolysed = models.BooleanField(_("haemolysed"), default=False)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "analyte", "collected_at", "laboratory", "method"],
                condition=Q(voided_at__isnull=True),
                name="result_unique_per_collection_and_method",
                violation_error_message=_("This is recorded already for this time, laboratory and method."),
            ),
            models.CheckConstraint(
                name="result_is_value_or_finding",
                condition=(Q(value__isnull=False) & Q(finding="")) | (Q(value__isnull=True) & ~Q(finding="")),
            ),
            models.CheckConstraint(
                name="result_comparator_known", condition=Q(comparator__in=["", "<", ">", "≤", "≥"])
            ),
            models.CheckConstraint(
                name="result_range_ends_above_its_beginning",
                condition=Q(value_high__isnull=True) | (Q(comparator="") & Q(value_high__gt=F("value"))),
            ),
        ]
        indexes = [models.Index(fields=["patient", "analyte", "collected_at"])]
