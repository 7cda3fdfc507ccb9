"""What a doctor decided about tacrolimus, with the verdict as it stood, and the course it opened."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models import Fact


class DecisionKind(models.TextChoices):
    START = "start", _("Start tacrolimus")
    NOT_NOW = "not_now", _("Not now")
    NOT_SUITABLE = "not_suitable", _("Not suitable")
    CHANGE_DOSE = "change_dose", _("Change the dose of tacrolimus")
    PAUSE = "pause", _("Pause tacrolimus")
    RESUME = "resume", _("Resume tacrolimus")
    STOP = "stop", _("Stop tacrolimus")


# Decisions about a treatment that runs, pauses or ends.
COURSE_KINDS = (DecisionKind.CHANGE_DOSE, DecisionKind.PAUSE, DecisionKind.RESUME, DecisionKind.STOP)


class ReasonCode(models.TextChoices):
    """Coded reasons; each kind of decision offers its own (see dosing.decisions.reasons)."""

    CLINICAL_JUDGEMENT = (
        "clinical_judgement",
        _("My clinical judgement outweighs the missing or failing point"),
    )
    INFORMATION_ELSEWHERE = "information_elsewhere", _("The missing information is known from elsewhere")
    SPECIALIST_ADVICE = "specialist_advice", _("Advised by another specialist")
    STUDY_ENROLMENT = "study_enrolment", _("Enrolled in the study")
    REPEAT_FIRST = "repeat_first", _("I want to repeat a test first")
    PATIENT_PREFERS_TO_WAIT = "patient_prefers_to_wait", _("The patient prefers to wait")
    INTERCURRENT_ILLNESS = "intercurrent_illness", _("Another illness comes first")
    OTHER_TREATMENT = "other_treatment", _("Another treatment is preferred")
    PATIENT_DECLINES = "patient_declines", _("The patient declines tacrolimus")
    PREVIOUS_INTOLERANCE = "previous_intolerance", _("Tacrolimus was not tolerated before")
    PREGNANCY_PLANS = "pregnancy_plans", _("Pregnancy or plans for it")
    LEVEL_HIGH = "level_high", _("The level is too high")
    LEVEL_LOW = "level_low", _("The level is too low")
    SIDE_EFFECT = "side_effect", _("A side effect")
    KIDNEY = "kidney", _("Kidney function")
    INFECTION = "infection", _("An infection")
    OPERATION = "operation", _("An operation or procedure")
    INTERACTING_DRUG = "interacting_drug", _("Another drug that interacts")
    ANOTHER_PRODUCT = "another_product", _("Another product of tacrolimus")
    NO_EFFECT = "no_effect", _("No or too little effect")
    GOOD_EFFECT = "good_effect", _("Good effect: the lowest dose that is enough")
    PATIENT_WISH = "patient_wish", _("The patient's wish")
    PAUSE_OVER = "pause_over", _("The reason for the pause is over")
    CARE_ELSEWHERE = "care_elsewhere", _("Treatment goes on elsewhere")
    OTHER = "other", _("Another reason (say which)")


class Decision(Fact):
    """One decision. verdict, safety and proposal are as they stood at the moment, never recomputed.

    effective_on: the first day at a changed or resumed dose; the day of the last dose of a pause or a stop.
    episode: the dose period that a change or resumption began, that a pause or stop ended.
    """

    kind = models.CharField(_("decision"), max_length=20, choices=DecisionKind)
    on = models.DateField(_("decided on"))
    answer = models.CharField(max_length=20)
    gate = models.CharField(max_length=20)
    verdict = models.JSONField()
    safety = models.JSONField()
    settings_version = models.PositiveIntegerField(null=True, blank=True)
    against_verdict = models.BooleanField(_("against the verdict"), default=False)
    reason_code = models.CharField(_("reason"), max_length=40, choices=ReasonCode, blank=True)
    reason_text = models.CharField(_("reason in words"), max_length=300, blank=True)
    snooze_until = models.DateField(_("ask again on"), null=True, blank=True)
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=4, decimal_places=1, null=True, blank=True)
    effective_on = models.DateField(_("from, or last dose on"), null=True, blank=True)
    episode = models.ForeignKey(
        "patients.DoseEpisode", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposal = models.JSONField(null=True, blank=True)
    outside_label = models.JSONField(default=list, blank=True)
    cautions_accepted = models.JSONField(default=list, blank=True)
    high_dose_confirmed = models.BooleanField(default=False)
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    @property
    def is_about_course(self) -> bool:
        """Whether it was made in a treatment, with a proposal, rather than before one by the criteria."""
        return self.kind in COURSE_KINDS

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="decision_against_verdict_has_reason",
                condition=Q(against_verdict=False) | ~Q(reason_code=""),
            ),
            models.CheckConstraint(
                name="decision_not_to_start_has_reason",
                condition=Q(kind__in=["start", "change_dose"]) | ~Q(reason_code=""),
            ),
            models.CheckConstraint(
                name="decision_not_now_has_day", condition=~Q(kind="not_now") | Q(snooze_until__isnull=False)
            ),
            models.CheckConstraint(
                name="decision_start_has_dose",
                condition=~Q(kind__in=["start", "change_dose", "resume"]) | Q(dose_mg__gt=0),
            ),
            models.CheckConstraint(
                name="decision_about_course_has_day",
                condition=~Q(kind__in=["change_dose", "pause", "resume", "stop"])
                | Q(effective_on__isnull=False, episode__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["patient", "-on"])]


class TacrolimusCourse(Fact):
    """A treatment with tacrolimus from its first dose on; the doses are dose episodes."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="course")
    first_episode = models.ForeignKey("patients.DoseEpisode", on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(_("first dose"))
    ended_on = models.DateField(_("last dose"), null=True, blank=True)
    end_reason_code = models.CharField(
        _("coded reason of the end"), max_length=40, choices=ReasonCode, blank=True
    )
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(ended_on__isnull=True, voided_at__isnull=True),
                name="one_running_tacrolimus_course",
            ),
            models.UniqueConstraint(
                fields=["first_episode"],
                condition=Q(voided_at__isnull=True),
                name="one_course_begins_with_a_dose",
            ),
        ]
