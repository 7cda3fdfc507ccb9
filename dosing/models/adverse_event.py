"""Adverse events: reported by anybody who cares for the patient, confirmed by a doctor."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dosing.rules import who_umc
from dosing.rules.adverse_events import term_name
from dosing.rules.naranjo import Naranjo, Reply, assess
from patients.choices import choices_of
from patients.fields import PartialDateField
from patients.models import Fact
from patients.rules.verdict import Message


class SeriousCriterion(models.TextChoices):
    """What makes an event serious (ICH E2A); a grade alone never does."""

    DEATH = "death", _("death")
    LIFE_THREATENING = "life_threatening", _("life-threatening")
    HOSPITAL_STAY = "hospital_stay", _("hospital stay, or a longer one")
    DISABILITY = "disability", _("lasting disability")
    BIRTH_DEFECT = "birth_defect", _("birth defect")
    MEDICALLY_IMPORTANT = "medically_important", _("medically important in another way")


WHO_UMC_CATEGORIES = choices_of({row.category: row.label for row in who_umc.CATEGORIES})


class ActionTaken(models.TextChoices):
    """What was done with tacrolimus because of the event."""

    NONE = "none", _("none, the dose stayed")
    REDUCED = "reduced", _("dose reduced")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")


class EventOutcome(models.TextChoices):
    RECOVERED = "recovered", _("recovered")
    RECOVERING = "recovering", _("improving")
    SEQUELAE = "sequelae", _("recovered with lasting effects")
    NOT_RECOVERED = "not_recovered", _("not recovered")
    FATAL = "fatal", _("died of it")
    UNKNOWN = "unknown", _("unknown")


# An event with one of these is over, on a day that may be known.
OVER = (EventOutcome.RECOVERED, EventOutcome.SEQUELAE, EventOutcome.FATAL)
DEATH_GRADE = 5


class AdverseEvent(Fact):
    """One event. naranjo holds replies by code of the question; circumstances what was true at its onset.

    confirmed_at is null while it is only reported.
    """

    term = models.CharField(_("what happened"), max_length=60, blank=True)
    term_text = models.CharField(_("what happened, in words"), max_length=120, blank=True)
    onset = PartialDateField(_("began"))
    grade = models.PositiveSmallIntegerField(_("CTCAE grade"), null=True, blank=True)
    serious = models.BooleanField(_("serious"), null=True, blank=True)
    serious_criterion = models.CharField(
        _("serious because"), max_length=30, choices=SeriousCriterion, blank=True
    )
    action = models.CharField(_("action on tacrolimus"), max_length=20, choices=ActionTaken, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=EventOutcome, blank=True)
    resolved = PartialDateField(_("over since"), null=True, blank=True)
    who_umc = models.CharField(
        _("causality by WHO-UMC"), max_length=20, choices=WHO_UMC_CATEGORIES, blank=True
    )
    naranjo = models.JSONField(_("Naranjo"), default=dict, blank=True)
    comment = models.TextField(_("comment"), max_length=2000, blank=True)
    circumstances = models.JSONField(editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="adverse_event_is_named", condition=~(Q(term="") & Q(term_text=""))),
            models.CheckConstraint(name="adverse_event_grade_known", condition=Q(grade__range=(1, 5))),
            models.CheckConstraint(
                name="adverse_event_grade_5_is_death",
                condition=Q(grade__isnull=True) | ~Q(grade=DEATH_GRADE) | Q(outcome="fatal"),
            ),
            models.CheckConstraint(
                name="adverse_event_serious_by_a_criterion",
                condition=Q(serious__isnull=True, serious_criterion="")
                | Q(serious=False, serious_criterion="")
                | (Q(serious__isnull=False, serious=True) & ~Q(serious_criterion="")),
            ),
            models.CheckConstraint(
                name="adverse_event_confirmed_by_someone",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["patient", "onset"])]

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def name(self) -> Message:
        """What happened, as a message."""
        return term_name(self.term, self.term_text)

    @property
    def causality(self) -> Naranjo:
        """The score of the stored replies: computed, never typed."""
        return assess({code: Reply(reply) for code, reply in self.naranjo.items()})
