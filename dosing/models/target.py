"""The patient's own target for morning levels, where it is another than the clinic's."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patients.models import Fact


class TargetRange(Fact):
    """A range in ng/ml from a day on, with why it was chosen and where it comes from."""

    set_on = models.DateField(_("from"))
    low_ng_ml = models.DecimalField(_("lowest, ng/ml"), max_digits=4, decimal_places=1)
    high_ng_ml = models.DecimalField(_("highest, ng/ml"), max_digits=4, decimal_places=1)
    reason = models.CharField(_("reason"), max_length=300)
    source = models.CharField(_("source"), max_length=200)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="target_low_below_high", condition=Q(low_ng_ml__gt=0, high_ng_ml__gt=F("low_ng_ml"))
            ),
            models.UniqueConstraint(
                fields=["patient", "set_on"],
                condition=Q(voided_at__isnull=True),
                name="one_target_a_day",
                violation_error_message=_("A target from this day on is recorded already."),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-set_on"])]
