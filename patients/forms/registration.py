"""Registering a person, and changing what is known of one."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import offer_rows
from accounts.models import Clinic, User
from patients.forms.base import FactForm, PartialDateFormField, YesNoUnknownField
from patients.models import BiopsyClass, Patient, Sex

NAME_FIELDS = ("family_name", "given_name", "family_name_reading", "given_name_reading", "former_names")
PERSON_FIELDS = (
    "number",
    *NAME_FIELDS,
    "sex",
    "birth",
    "diagnosis",
    "first_treatment",
    "renal_involvement",
    "biopsy_class",
    "biopsy",
)


class PersonForm(FactForm):
    """The fields of a person; changing one needs a reason."""

    number = forms.CharField(label=_("Patient number"), max_length=20)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    given_name = forms.CharField(
        label=_("Given name"), max_length=80, required=False, help_text=_("empty for a person with one name")
    )
    family_name_reading = forms.CharField(
        label=_("Family name, reading"), max_length=80, required=False, help_text=_("in kana")
    )
    given_name_reading = forms.CharField(label=_("Given name, reading"), max_length=80, required=False)
    former_names = forms.CharField(
        label=_("Former names"), max_length=200, required=False, help_text=_("several with a comma between")
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=[("", "—"), *Sex.choices])
    birth = PartialDateFormField(label=_("Date of birth"))
    diagnosis = PartialDateFormField(label=_("Diagnosis of SLE"), required=False)
    first_treatment = PartialDateFormField(label=_("First treatment for SLE"), required=False)
    renal_involvement = YesNoUnknownField(label=_("Renal involvement, now or in the past"))
    biopsy_class = forms.ChoiceField(
        label=_("Renal biopsy class"), choices=BiopsyClass.choices, required=False
    )
    biopsy = PartialDateFormField(label=_("Date of renal biopsy"), required=False)
    not_a_duplicate = forms.BooleanField(label=_("This is another person; save anyway"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self.person_layout()

    def person_layout(self) -> Layout:
        return Layout(
            "submission",
            "version",
            Fieldset(
                _("Person"),
                Div("number", "family_name", "given_name", "sex", "birth", css_class="fields"),
                Div("family_name_reading", "given_name_reading", "former_names", css_class="fields"),
            ),
            Fieldset(
                _("Lupus"),
                Div(
                    "diagnosis",
                    "first_treatment",
                    "renal_involvement",
                    "biopsy_class",
                    "biopsy",
                    css_class="fields",
                ),
            ),
        )

    def person(self) -> dict[str, Any]:
        """The values for the service."""
        return {name: self.cleaned_data[name] for name in PERSON_FIELDS}


class RegistrationForm(PersonForm):
    """A new person in one of the user's clinics."""

    clinic = forms.ModelChoiceField(label=_("Clinic"), queryset=Clinic.objects.none(), empty_label=None)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "clinic", user.clinics.order_by("name"))
        del self.fields["version"]
        self.helper.layout = Layout("clinic", *[part for part in self.person_layout() if part != "version"])


class ChangePatientForm(PersonForm):
    reason = forms.CharField(label=_("Why is this changed?"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(*self.person_layout(), "reason")

    @classmethod
    def of(cls, patient: Patient, data: Any = None) -> ChangePatientForm:
        initial = {name: getattr(patient, name) for name in PERSON_FIELDS}
        return cls(data, initial={**initial, "version": patient.version})
