"""Statements and classification results."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import offer_choices
from patients.forms.base import FactForm, PartialDateFormField, PlainDateField, YesNoUnknownField
from patients.models import ClassificationSystem, Patient
from patients.rules.statements import KINDS


class StatementForm(FactForm):
    """An answer to one question of the catalogue."""

    help_topic = "statement"

    kind = forms.ChoiceField(label=_("Question"))
    answer = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("yes")), ("no", _("no")), ("unknown", _("unknown"))],
        widget=forms.RadioSelect,
        coerce={"yes": True, "no": False}.get,
        empty_value=None,
    )
    event = PartialDateFormField(label=_("Date of the event, if any"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, patient: Patient, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (kind.key, _(kind.question)) for kind in KINDS.values() if kind.only_for_sex in ("", patient.sex)
        ]
        offer_choices(self, "kind", choices)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "submission", "version", Div("kind", "answer", "event", "note", css_class="fields")
        )

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "answer", "event", "note")}


class ClassificationForm(FactForm):
    """The result of a set of criteria."""

    help_topic = "classification"

    system = forms.ChoiceField(label=_("Criteria"), choices=ClassificationSystem.choices)
    on = PlainDateField(label=_("Judged on"))
    score = forms.IntegerField(label=_("Criteria met, or points"), min_value=0, max_value=60, required=False)
    met = YesNoUnknownField(label=_("Classified as SLE"))
    complete = forms.BooleanField(label=_("Every item was judged"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "submission",
            "version",
            Div("system", "on", "score", "met", "complete", "note", css_class="fields"),
        )

    def values(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("system", "on", "score", "met", "complete", "note")
        }
