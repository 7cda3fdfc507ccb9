"""What became of a person, and that a transfer was accepted."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from patients.choices import choices_of
from patients.forms.base import FactForm, PlainDateField
from patients.rules.person_states import STATE_LABELS

FIELDS = ("kind", "since", "source", "receiver", "accepted_on", "note")


class PersonStateForm(FactForm):
    """One state with its day and who said so."""

    kind = forms.ChoiceField(
        label=_("What became of the person?"), choices=[("", "—"), *choices_of(STATE_LABELS)]
    )
    since = PlainDateField(
        label=_("From"),
        help_text=_("The day itself. If nobody knows it: the day on which you heard of it; say so below."),
    )
    source = forms.CharField(
        label=_("According to"), max_length=120, help_text=_("family, letter, register, …")
    )
    receiver = forms.CharField(
        label=_("To whom"), max_length=120, required=False, help_text=_("of a transfer: clinic and doctor")
    )
    accepted_on = PlainDateField(label=_("Transfer accepted on"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("submission", "version", Div(*FIELDS, css_class="fields"))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class AcceptTransferForm(FactForm):
    """The day on which the receiver took over."""

    accepted_on = PlainDateField(label=_("Transfer accepted on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("submission", "version", Div("accepted_on", css_class="fields"))
