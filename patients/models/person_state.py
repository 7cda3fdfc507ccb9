"""What became of a person, from a day on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patients.choices import choices_of
from patients.models.fact import Fact
from patients.rules.person_states import STATE_LABELS


class PersonState(Fact):
    """Died, moved, transferred, lost, back again, or no research. Taken back by voiding it."""

    kind = models.CharField(_("what became of the person"), max_length=20, choices=choices_of(STATE_LABELS))
    since = models.DateField(_("from"))
    source = models.CharField(_("according to"), max_length=120)
    receiver = models.CharField(_("to whom"), max_length=120, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="state_accepted_after_it_begins",
                condition=Q(accepted_on__isnull=True) | Q(accepted_on__gte=F("since")),
            ),
        ]
        indexes = [models.Index(fields=["patient", "kind", "since"])]
