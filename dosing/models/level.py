"""Tacrolimus levels: facts of their own, because what they mean depends on dose and time."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patients.models import Fact, Laboratory


class TacrolimusLevel(Fact):
    """A whole-blood level with the draw and the dose before it. last_dose_at null: not known."""

    drawn_at = models.DateTimeField(_("drawn"))
    last_dose_at = models.DateTimeField(_("last dose taken"), null=True, blank=True)
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=4, decimal_places=1, null=True, blank=True)
    value_ng_ml = models.DecimalField(_("level, ng/ml"), max_digits=6, decimal_places=2)
    comparator = models.CharField(_("comparator"), max_length=1, blank=True)
    entered = models.CharField(_("as entered"), max_length=40)
    assay = models.CharField(_("assay"), max_length=40, blank=True)
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, verbose_name=_("laboratory"))

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "drawn_at"],
                condition=Q(voided_at__isnull=True),
                name="one_level_a_draw",
                violation_error_message=_("A level drawn at this time is recorded already."),
            ),
            models.CheckConstraint(name="level_positive", condition=Q(value_ng_ml__gt=0)),
            models.CheckConstraint(name="level_comparator_known", condition=Q(comparator__in=["", "<", ">"])),
            models.CheckConstraint(
                name="level_drawn_after_the_dose",
                condition=Q(last_dose_at__isnull=True) | Q(drawn_at__gt=F("last_dose_at")),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-drawn_at"])]
