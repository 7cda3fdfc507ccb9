"""The taper of prednisolone: a doctor's plan, and what they decided on each of its steps."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dosing.rules.taper import plan as rules
from dosing.rules.taper.thresholds import TAPER
from patients.choices import choices_of
from patients.models import Fact


class TaperReason(models.TextChoices):
    """Why a plan ended or a step was not taken as planned (specification 6.4)."""

    FLARE = "flare", _("A flare")
    ADVERSE_EVENT = "adverse_event", _("An adverse event")
    LABORATORY_MISSING = "laboratory_missing", _("Laboratory results are missing")
    INFECTION = "infection", _("Infection, operation or stress")
    TACROLIMUS = "tacrolimus", _("Tacrolimus is stopped or not taken")
    PATIENT = "patient", _("The patient's wish")
    DOCTOR = "doctor", _("My clinical judgement")
    ANOTHER_PLAN = "another_plan", _("Another plan in its place")
    GOAL = "goal", _("The goal is reached")
    OTHER = "other", _("Another reason (say which)")


class StepKind(models.TextChoices):
    DOWN = "down", _("Take the next step")
    HOLD = "hold", _("Stay at this dose, look again in two to four weeks")
    OTHER = "other", _("Another dose")


def _milligrams(name: Any, default: Decimal) -> models.DecimalField:
    return models.DecimalField(name, max_digits=4, decimal_places=1, default=default)


def _days(name: Any, default: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(name, default=default)


class TaperPlan(Fact):
    """How prednisolone is to go down from a day on. Its numbers are those of dosing.rules.taper.plan."""

    start_on = models.DateField(_("from"))
    goal_mg = _milligrams(_("goal, mg a day"), TAPER.low_dose_mg)
    method = models.CharField(
        _("size of a step"),
        max_length=20,
        choices=choices_of(rules.METHOD_LABELS),
        default=rules.Method.BANDS.value,
    )
    above_20_step_mg = _milligrams(_("step above 20 mg, mg"), rules.ABOVE_20.step_mg)
    above_20_days = _days(_("least days above 20 mg"), rules.ABOVE_20.interval_days)
    above_10_step_mg = _milligrams(_("step above 10 mg, mg"), rules.ABOVE_10.step_mg)
    above_10_days = _days(_("least days above 10 mg"), rules.ABOVE_10.interval_days)
    above_5_step_mg = _milligrams(_("step above 5 mg, mg"), rules.ABOVE_5.step_mg)
    above_5_days = _days(_("least days above 5 mg"), rules.ABOVE_5.interval_days)
    up_to_5_step_mg = _milligrams(_("step at 5 mg or less, mg"), rules.UP_TO_5.step_mg)
    up_to_5_days = _days(_("least days at 5 mg or less"), rules.UP_TO_5.interval_days)
    clamp_to_band = models.BooleanField(_("stop on 20 and 10 mg"), default=True)
    below_5_agreed = models.BooleanField(_("below 5 mg is meant"), default=False)
    early_start = models.BooleanField(_("the first step may come before day 28 of tacrolimus"), default=False)
    reason = models.CharField(_("comment"), max_length=300, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason_code = models.CharField(_("reason of the end"), max_length=30, choices=TaperReason, blank=True)
    end_reason = models.CharField(_("reason of the end, in words"), max_length=300, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(ended_on__isnull=True, voided_at__isnull=True),
                name="one_running_taper",
                violation_error_message=_("A plan runs already; end it first, or put this one in its place."),
            ),
            models.CheckConstraint(
                name="taper_goal_is_possible",
                condition=Q(goal_mg__gte=TAPER.lowest_goal_mg, goal_mg__lte=TAPER.highest_goal_mg),
            ),
            models.CheckConstraint(
                name="taper_below_5_is_agreed",
                condition=Q(goal_mg__gte=TAPER.low_dose_mg) | Q(below_5_agreed=True),
            ),
            models.CheckConstraint(
                name="taper_ends_after_its_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("start_on")),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-start_on"])]


class TaperStep(Fact):
    """What was decided on a step: judged is the rules' verdict at that time, never recomputed.

    dose_mg and episode are null for a hold; from_mg is the dose it was decided at.
    """

    plan = models.ForeignKey(TaperPlan, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("decision"), max_length=10, choices=StepKind)
    on = models.DateField(_("decided on"))
    from_mg = models.DecimalField(_("dose before, mg"), max_digits=6, decimal_places=2)
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=6, decimal_places=2, null=True, blank=True)
    effective_on = models.DateField(_("from"), null=True, blank=True)
    episode = models.ForeignKey(
        "patients.DoseEpisode", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    action = models.CharField(_("what the rules said"), max_length=20)
    judged = models.JSONField(editable=False)
    reason_code = models.CharField(_("reason"), max_length=30, choices=TaperReason, blank=True)
    reason_text = models.CharField(_("reason in words"), max_length=300, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="a_hold_has_no_dose",
                condition=Q(kind="hold", dose_mg__isnull=True, episode__isnull=True)
                | (~Q(kind="hold") & Q(dose_mg__isnull=False, episode__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-on"])]
