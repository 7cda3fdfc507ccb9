"""Drugs: periods at one dose, single administrations, what was used before, how complete the list is."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patients.choices import choices_of
from patients.fields import PartialDateField
from patients.models.fact import Fact
from patients.rules.record import FORMULATION_LABELS, PURPOSE_LABELS, ROUTE_LABELS, Purpose, Route
from patients.rules.schedules import SCHEDULE_LABELS, Schedule, as_taken, mean_mg_per_day
from patients.rules.verdict import Message


class DrugFact(Fact):
    """A fact about a drug: a catalogue key, or free text that the catalogue does not know."""

    drug = models.CharField(_("drug"), max_length=64, blank=True)
    drug_text = models.CharField(_("drug as written"), max_length=120, blank=True)

    class Meta(Fact.Meta):
        abstract = True
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="%(class)s_names_a_drug", condition=~(Q(drug="") & Q(drug_text=""))),
        ]


class DoseEpisode(DrugFact):
    """A period at one dose. An explicit 0 mg is a fact; a last day in the future is a planned stop."""

    route = models.CharField(
        _("route"), max_length=20, choices=choices_of(ROUTE_LABELS), default=Route.ORAL.value
    )
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=9, decimal_places=3, null=True, blank=True)
    schedule = models.CharField(
        _("taken"), max_length=20, choices=choices_of(SCHEDULE_LABELS), default=Schedule.DAILY.value
    )
    second_dose_mg = models.DecimalField(
        _("second dose, mg"), max_digits=9, decimal_places=3, null=True, blank=True
    )
    weekdays = models.CharField(_("weekdays"), max_length=7, blank=True)
    every_weeks = models.PositiveSmallIntegerField(_("every so many weeks"), null=True, blank=True)
    start = models.DateField(_("first day"))
    last_day = models.DateField(_("last day taken"), null=True, blank=True)
    purpose = models.CharField(
        _("given"), max_length=20, choices=choices_of(PURPOSE_LABELS), default=Purpose.SLE.value
    )
    formulation = models.CharField(
        _("formulation"), max_length=20, choices=choices_of(FORMULATION_LABELS), blank=True
    )
    usual_time = models.TimeField(_("usual time"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(DrugFact.Meta):
        constraints = [
            *DrugFact.Meta.constraints,
            models.CheckConstraint(
                name="episode_ends_after_it_starts",
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("start")),
            ),
            models.CheckConstraint(
                name="episode_dose_not_negative", condition=Q(dose_mg__isnull=True) | Q(dose_mg__gte=0)
            ),
        ]
        indexes = [models.Index(fields=["patient", "drug", "start"])]

    @property
    def mg_per_day(self) -> Decimal | None:
        """The mean daily dose in mg; None where it is not known."""
        return mean_mg_per_day(self)

    @property
    def as_taken(self) -> Message:
        """The dose as it is prescribed."""
        return as_taken(self)

    def is_taken_on(self, day: date) -> bool:
        """Whether the day lies within the period."""
        return self.start <= day and (self.last_day is None or day <= self.last_day)


class Administration(DrugFact):
    """One dated dose: an infusion, an injection, a pulse."""

    route = models.CharField(
        _("route"), max_length=20, choices=choices_of(ROUTE_LABELS), default=Route.INTRAVENOUS.value
    )
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=9, decimal_places=3, null=True, blank=True)
    on = models.DateField(_("given on"))
    purpose = models.CharField(
        _("given"), max_length=20, choices=choices_of(PURPOSE_LABELS), default=Purpose.SLE.value
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(DrugFact.Meta):
        constraints = [
            *DrugFact.Meta.constraints,
            models.CheckConstraint(
                name="administration_dose_positive", condition=Q(dose_mg__isnull=True) | Q(dose_mg__gt=0)
            ),
        ]
        indexes = [models.Index(fields=["patient", "drug", "on"])]


class PriorUse(DrugFact):
    """A drug used in the past, known by its last dose at best."""

    stated_on = models.DateField(_("stated on"))
    last_dose = PartialDateField(_("last dose"), null=True, blank=True)
    reason = models.CharField(_("why it was stopped"), max_length=300, blank=True)


class DrugHistory(Fact):
    """Someone confirmed that the drug list was complete for the days before."""

    stated_on = models.DateField(_("confirmed on"))
    complete_days = models.PositiveIntegerField(_("complete for the last days"))
    informant = models.CharField(_("according to"), max_length=120)
