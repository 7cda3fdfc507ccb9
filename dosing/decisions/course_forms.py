"""The forms of a course: another dose, a pause, its end, the stop. No dose, day or reason is preselected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import offer_rows
from accounts.models import Role, User
from dosing.decisions.course import TreatmentPhase, TreatmentStatus
from dosing.decisions.course_orders import DoseOrder, Reason
from dosing.decisions.forms import DOSE_IS_MEANT, PRODUCTS, DecisionForm
from dosing.models import DecisionKind
from dosing.rules.start_policy import start_policy
from dosing.rules.starting_dose import HIGHEST_MG
from patients.forms.base import ClockTimeField, NumberField, PlainDateField
from patients.rules.answers import Answer


class CourseForm(DecisionForm):
    """Made for the course as it is now; phases: those in which its decision can be made."""

    phases: tuple[TreatmentPhase, ...]

    def __init__(self, now: TreatmentStatus, by: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.prepare(by)

    def prepare(self, by: Any) -> None:
        """Fit the fields to the course."""

    @property
    def is_open(self) -> bool:
        """Whether the course is in a phase in which this can be decided."""
        return self.now.phase in self.phases

    def reason(self) -> Reason:
        return Reason(self.cleaned_data["reason_code"], self.cleaned_data["reason_text"])


class DoseForm(CourseForm):
    """A dose once daily in the evening. Product and time of the last dose are shown as they were."""

    dose_mg = NumberField(label=_("Dose, mg once daily in the evening"), low=0, high=HIGHEST_MG)
    start = PlainDateField(label=_("First evening at this dose"))
    formulation = forms.ChoiceField(
        label=_("Formulation"),
        choices=[("", "—"), *PRODUCTS],
        help_text=_("Products are not interchangeable: after a switch a level is due in 7–14 days."),
    )
    usual_time = ClockTimeField(label=_("Usual time"), required=False, help_text=_("like 20, 2000 or 8p"))
    high_dose_confirmed = forms.BooleanField(label=DOSE_IS_MEANT, required=False)

    def prepare(self, by: Any) -> None:
        episode = self.now.episode
        if episode is not None:
            self.initial.setdefault("formulation", episode.formulation)
            self.initial.setdefault("usual_time", episode.usual_time)

    def order(self) -> DoseOrder:
        """What the doctor asked for, for the service."""
        given = self.cleaned_data
        return DoseOrder(
            dose_mg=given["dose_mg"],
            start=given["start"],
            formulation=given["formulation"],
            usual_time=given["usual_time"],
            reason=self.reason(),
            high_dose_confirmed=given["high_dose_confirmed"],
            second_person=given.get("second_person"),
        )


class ChangeDoseForm(DoseForm):
    kind = DecisionKind.CHANGE_DOSE
    phases = (TreatmentPhase.TAKEN,)


class ResumeForm(DoseForm):
    """Asks for a second doctor where the safety gate does."""

    kind = DecisionKind.RESUME
    phases = (TreatmentPhase.PAUSED, TreatmentPhase.STOPPED)

    reason_code = forms.ChoiceField(label=_("Reason"), error_messages={"required": _("Choose a reason.")})
    second_person = forms.ModelChoiceField(
        label=_("Second doctor who shares the decision"), queryset=User.objects.none(), required=False
    )

    def prepare(self, by: Any) -> None:
        super().prepare(by)
        if not start_policy(Answer.MET, self.now.assessed.safety).needs_second_person:
            del self.fields["second_person"]
            return
        clinic = self.now.patient.clinic
        colleagues = User.objects.filter(clinics=clinic, role=Role.RHEUMATOLOGIST, is_active=True)
        offer_rows(self, "second_person", colleagues.exclude(pk=by.pk))


class EndForm(CourseForm):
    """The last dose, and why."""

    reason_code = forms.ChoiceField(label=_("Reason"), error_messages={"required": _("Choose a reason.")})
    last_dose_on = PlainDateField(label=_("Last dose taken on the evening of"))

    field_order = ("last_dose_on", "reason_code", "reason_text")

    def end(self) -> dict[str, Any]:
        """What the service takes."""
        return {"last_dose_on": self.cleaned_data.get("last_dose_on"), "reason": self.reason()}


class PauseForm(EndForm):
    kind = DecisionKind.PAUSE
    phases = (TreatmentPhase.TAKEN,)


class StopForm(EndForm):
    """In a pause the last dose is known and not asked for."""

    kind = DecisionKind.STOP
    phases = (TreatmentPhase.TAKEN, TreatmentPhase.PAUSED)

    def prepare(self, by: Any) -> None:
        if self.now.phase is TreatmentPhase.PAUSED:
            del self.fields["last_dose_on"]
