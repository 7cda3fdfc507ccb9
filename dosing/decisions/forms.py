"""The forms of the three decisions. Nothing is preselected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import offer_choices, offer_rows
from accounts.models import Role, User
from dosing.assessment.assess import PatientAssessment
from dosing.decisions.reasons import REASONS
from dosing.decisions.services import StartOrder
from dosing.models import DecisionKind
from dosing.rules.start_policy import start_policy
from dosing.rules.starting_dose import HIGHEST_MG, SECOND_CONFIRMATION_ABOVE_MG, STEP_MG
from patients.choices import choices_of
from patients.forms.base import ClockTimeField, FactForm, NumberField, PlainDateField
from patients.messages import format_value, sentence
from patients.models import Patient
from patients.rules.record import FORMULATION_LABELS

# A product is asked for: "not applicable" is none.
PRODUCTS = [choice for choice in choices_of(FORMULATION_LABELS) if choice[0]]

DOSE_IS_MEANT = format_lazy(
    _("This dose is meant (asked above {high} mg, or where {step} mg capsules do not make it up)"),
    high=format_value(SECOND_CONFIRMATION_ABOVE_MG),
    step=format_value(STEP_MG),
)


class DecisionForm(FactForm):
    """Carries the fingerprint of the assessment that the doctor saw."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason_code = forms.ChoiceField(label=_("Reason"), required=False)
    reason_text = forms.CharField(label=_("Reason in words"), max_length=300, required=False)

    kind: DecisionKind

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        choices = [("", "—"), *((code.value, code.label) for code in REASONS[self.kind])]
        offer_choices(self, "reason_code", choices)

    def show_fingerprint(self, fingerprint: str) -> None:
        """Put the fingerprint of what is on the page now into the form."""
        self.initial["fingerprint"] = fingerprint
        if self.is_bound:
            self.data = self.data.copy()
            self.data["fingerprint"] = fingerprint


class StartForm(DecisionForm):
    """The first dose of tacrolimus, with what verdict and safety gate ask for."""

    kind = DecisionKind.START

    dose_mg = NumberField(label=_("Dose, mg once daily in the evening"), low=0, high=HIGHEST_MG)
    first_dose_on = PlainDateField(label=_("First dose on"))
    formulation = forms.ChoiceField(label=_("Formulation"), choices=[("", "—"), *PRODUCTS])
    usual_time = ClockTimeField(label=_("Usual time"), required=False, help_text=_("like 20, 2000 or 8p"))
    cautions_accepted = forms.MultipleChoiceField(
        label=_("Cautions: tick each one that you weighed"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    infection_excluded = forms.BooleanField(label=_("Infection is excluded as the cause of the change"))
    adherence_asked = forms.BooleanField(label=_("Adherence was asked"))
    alternatives_considered = forms.BooleanField(label=_("Other treatments were considered"))
    high_dose_confirmed = forms.BooleanField(label=DOSE_IS_MEANT, required=False)
    second_person = forms.ModelChoiceField(
        label=_("Second doctor who shares the decision"), queryset=User.objects.none(), required=False
    )

    def __init__(
        self, assessed: PatientAssessment, patient: Patient, by: Any, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        policy = start_policy(assessed.assessment.answer, assessed.safety)
        sentences = {finding.code: sentence(finding.sentence) for finding in assessed.safety.findings}
        choices = [(code, sentences[code]) for code in policy.cautions]
        offer_choices(self, "cautions_accepted", choices)
        if not choices:
            del self.fields["cautions_accepted"]
        self._second_person(patient, by, needed=policy.needs_second_person)

    def order(self) -> StartOrder:
        """What the doctor asked for, for the service."""
        given = self.cleaned_data
        return StartOrder(
            first_dose_on=given["first_dose_on"],
            dose_mg=given["dose_mg"],
            formulation=given["formulation"],
            usual_time=given["usual_time"],
            reason_code=given["reason_code"],
            reason_text=given["reason_text"],
            cautions_accepted=tuple(given.get("cautions_accepted", ())),
            high_dose_confirmed=given["high_dose_confirmed"],
            second_person=given.get("second_person"),
        )

    def _second_person(self, patient: Patient, by: Any, *, needed: bool) -> None:
        if not needed:
            del self.fields["second_person"]
            return
        colleagues = User.objects.filter(clinics=patient.clinic, role=Role.RHEUMATOLOGIST, is_active=True)
        offer_rows(self, "second_person", colleagues.exclude(pk=by.pk))


class NotStartedForm(DecisionForm):
    """A decision against a start always has a reason."""

    reason_code = forms.ChoiceField(label=_("Reason"), error_messages={"required": _("Choose a reason.")})


class NotNowForm(NotStartedForm):
    kind = DecisionKind.NOT_NOW

    snooze_until = PlainDateField(label=_("Ask again on"))

    def decision(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason_code", "reason_text", "snooze_until")}


class NotSuitableForm(NotStartedForm):
    kind = DecisionKind.NOT_SUITABLE

    def decision(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason_code", "reason_text")}
