"""Which drug a free text means: one of the catalogue, or one of none of the classes that rules ask about."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.forms.base import FactForm
from patients.models.drug import DrugFact
from patients.rules.drugs import DRUGS, OUTSIDE_CLASSES, find, resolve


class IdentifyDrugForm(FactForm):
    """A drug by name, or the statement that it is none of the classes; with a reason."""

    drug_name = forms.CharField(
        label=_("It is"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "drug-names", "autocomplete": "off"}),
    )
    outside_classes = forms.BooleanField(
        label=_(
            "None of these: glucocorticoid, immunosuppressant, calcineurin or mTOR inhibitor; a drug that "
            "acts on CYP3A4 or P-glycoprotein, potassium, kidney, QT interval or muscle"
        ),
        required=False,
    )
    known_from = forms.CharField(
        label=_("How do you know?"),
        max_length=300,
        help_text=_("Like “label of the box” or “asked the pharmacy”."),
    )

    def __init__(self, fact: DrugFact, data: Any = None) -> None:
        super().__init__(data, initial={"version": fact.version})
        candidates = resolve(fact.drug_text).candidates
        if candidates:
            names = ", ".join(gettext(DRUGS[key].label) for key in candidates)
            self.fields["drug_name"].help_text = _("It may mean: %(names)s.") % {"names": names}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "submission",
            "version",
            Div("drug_name", css_class="fields"),
            "outside_classes",
            Div("known_from", css_class="fields"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, outside = cleaned.get("drug_name", ""), cleaned.get("outside_classes")
        if bool(name) == bool(outside):
            self.add_error("drug_name", _("Write which drug it is, or state that it is none of the classes."))
        elif name and find(name) is None:
            self.add_error(
                "drug_name", _("The catalogue does not know this name, or it has several meanings.")
            )
        return cleaned

    def drug(self) -> str:
        """The catalogue key that was chosen."""
        return find(self.cleaned_data["drug_name"]) or OUTSIDE_CLASSES
