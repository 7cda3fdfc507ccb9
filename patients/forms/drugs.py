"""Dose episodes, changes and stops, administrations, former use, and completeness of the list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patients.choices import choices_of
from patients.forms.base import FactForm, NumberField, PartialDateFormField, PlainDateField
from patients.rules.drugs import ASKED_TWICE_ABOVE_MG, find
from patients.rules.record import (
    FORMULATION_LABELS,
    PURPOSE_LABELS,
    ROUTE_LABELS,
    SCHEDULE_LABELS,
    Route,
)

MAX_MG = 100000


class DrugForm(FactForm):
    """A drug by name: found in the catalogue, or kept as written."""

    drug_name = forms.CharField(
        label=_("Drug"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "drug-names", "autocomplete": "off"}),
        help_text=_(
            "A drug that the catalogue does not know is kept as written; interactions are then unknown."
        ),
    )

    layout_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("submission", "version", Div(*self.layout_fields, css_class="fields"))

    def drug(self) -> dict[str, str]:
        """The catalogue key, or the text as written."""
        text = self.cleaned_data["drug_name"].strip()
        key = find(text)
        return {"drug": key or "", "drug_text": "" if key else text}


class EpisodeForm(DrugForm):
    """A period at one dose."""

    dose_mg = NumberField(
        label=_("Dose, mg per intake"),
        low=0,
        high=MAX_MG,
        required=False,
        help_text=_("Empty: unknown. 0 says that none is taken."),
    )
    schedule = forms.ChoiceField(label=_("Taken"), choices=choices_of(SCHEDULE_LABELS))
    start = PlainDateField(label=_("First day"))
    last_day = PlainDateField(
        label=_("Last day taken"), required=False, help_text=_("A day in the future is a planned stop.")
    )
    route = forms.ChoiceField(label=_("Route"), choices=choices_of(ROUTE_LABELS))
    purpose = forms.ChoiceField(label=_("Given"), choices=choices_of(PURPOSE_LABELS))
    formulation = forms.ChoiceField(
        label=_("Formulation"), choices=choices_of(FORMULATION_LABELS), required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    high_dose_confirmed = forms.BooleanField(label=_("The high dose is meant"), required=False)

    layout_fields = (
        "drug_name",
        "dose_mg",
        "schedule",
        "start",
        "last_day",
        "route",
        "purpose",
        "formulation",
        "reason",
        "high_dose_confirmed",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, last = cleaned.get("start"), cleaned.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", _("The last day lies before the first."))
        self._check_high_dose(cleaned)
        return cleaned

    def _check_high_dose(self, cleaned: dict[str, Any]) -> None:
        dose = cleaned.get("dose_mg")
        limit = ASKED_TWICE_ABOVE_MG.get(find(cleaned.get("drug_name", "")) or "")
        if dose is None or limit is None or dose <= limit or cleaned.get("high_dose_confirmed"):
            return
        self.add_error(
            "high_dose_confirmed",
            _("%(dose)s mg is unusually high. Confirm that it is meant.") % {"dose": dose},
        )

    def values(self) -> dict[str, Any]:
        names = ("dose_mg", "schedule", "start", "last_day", "route", "purpose", "formulation", "reason")
        return {**self.drug(), **{name: self.cleaned_data[name] for name in names}}


class DoseChangeForm(FactForm):
    """Another dose from a day, or a stop after a day."""

    CHANGE, STOP = "change", "stop"
    action = forms.ChoiceField(
        label=_("What changes?"),
        choices=[(CHANGE, _("another dose")), (STOP, _("stop"))],
        widget=forms.RadioSelect,
    )
    dose_mg = NumberField(label=_("New dose, mg per intake"), low=0, high=MAX_MG, required=False)
    start = PlainDateField(label=_("From"), required=False)
    last_day = PlainDateField(label=_("Last day taken"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)
    high_dose_confirmed = forms.BooleanField(label=_("The high dose is meant"), required=False)

    def __init__(self, drug: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drug = drug
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "submission",
            "version",
            "action",
            Div("dose_mg", "start", "last_day", "reason", "high_dose_confirmed", css_class="fields"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        needed = ("dose_mg", "start") if cleaned.get("action") == self.CHANGE else ("last_day",)
        for name in needed:
            if cleaned.get("action") and cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("This is needed."))
        dose, limit = cleaned.get("dose_mg"), ASKED_TWICE_ABOVE_MG.get(self.drug)
        if dose is not None and limit is not None and dose > limit and not cleaned.get("high_dose_confirmed"):
            self.add_error("high_dose_confirmed", _("This dose is unusually high. Confirm that it is meant."))
        return cleaned


class AdministrationForm(DrugForm):
    """One dated dose."""

    dose_mg = NumberField(label=_("Dose, mg"), low=0, high=MAX_MG, required=False)
    on = PlainDateField(label=_("Given on"))
    route = forms.ChoiceField(
        label=_("Route"), choices=choices_of(ROUTE_LABELS), initial=Route.INTRAVENOUS.value
    )
    purpose = forms.ChoiceField(label=_("Given"), choices=choices_of(PURPOSE_LABELS))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    layout_fields = ("drug_name", "dose_mg", "on", "route", "purpose", "reason")

    def clean_dose_mg(self) -> Decimal | None:
        dose = self.cleaned_data["dose_mg"]
        if dose == 0:
            raise ValidationError(_("A dose that was given is above 0 mg."))
        return dose

    def values(self) -> dict[str, Any]:
        names = ("dose_mg", "on", "route", "purpose", "reason")
        return {**self.drug(), **{name: self.cleaned_data[name] for name in names}}


class PriorUseForm(DrugForm):
    """A drug used before."""

    last_dose = PartialDateFormField(label=_("Last dose"), required=False)
    reason = forms.CharField(label=_("Why it was stopped"), max_length=300, required=False)

    layout_fields = ("drug_name", "last_dose", "reason")

    def values(self) -> dict[str, Any]:
        return {**self.drug(), **{name: self.cleaned_data[name] for name in ("last_dose", "reason")}}


class DrugHistoryForm(FactForm):
    """Who says that the list is complete, and for how long."""

    help_topic = "drug_list_complete"

    complete_days = forms.IntegerField(
        label=_("The drug list is complete for the last days"), min_value=1, max_value=36500, initial=90
    )
    informant = forms.CharField(label=_("According to"), max_length=120, help_text=_("patient, drug book, …"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "submission", "version", Div("complete_days", "informant", css_class="fields")
        )
