"""Dose episodes, changes and stops, administrations, former use, and completeness of the list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.choices import choices_of
from patients.forms.base import FactForm, PartialDateFormField, PlainDateField
from patients.forms.dosing import DoseField, DosingForm
from patients.models import DoseEpisode
from patients.rules.drugs import DRUGS, find, resolve
from patients.rules.record import FORMULATION_LABELS, PURPOSE_LABELS, ROUTE_LABELS, Route
from patients.rules.schedules import SCHEDULE_LABELS


class DrugForm(FactForm):
    """A drug by name: found in the catalogue, or kept as written."""

    drug_name = forms.CharField(
        label=_("Drug"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "drug-names", "autocomplete": "off"}),
        help_text=_(
            "A name, brand or abbreviation. What the catalogue does not know is kept as written, and a "
            "doctor is asked which drug it is."
        ),
    )
    as_written = forms.BooleanField(
        label=_("Keep the drug as written"), required=False, widget=forms.HiddenInput
    )

    layout_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("submission", "version", Div(*self.layout_fields, css_class="fields"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._offer_names(cleaned)
        return cleaned

    def _offer_names(self, cleaned: dict[str, Any]) -> None:
        """A text that may mean a drug of the catalogue is asked about once; nothing is taken by itself."""
        found = resolve(cleaned.get("drug_name", ""))
        if found.key or not found.candidates or cleaned.get("as_written"):
            return
        self.fields["as_written"].widget = forms.CheckboxInput()
        names = ", ".join(str(gettext(DRUGS[key].label)) for key in found.candidates)
        self.add_error(
            "drug_name",
            _("This may mean: %(names)s. Write the one that is meant, or confirm that it stays as written.")
            % {"names": names},
        )

    def drug(self) -> dict[str, str]:
        """The catalogue key, "" where the text names none; and the text as written."""
        text = self.cleaned_data["drug_name"].strip()
        return {"drug": find(text) or "", "drug_text": text}


class EpisodeForm(DosingForm, DrugForm):
    """A period at one dose; a first day in the future is an order."""

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

    layout_fields = (
        "drug_name",
        "as_written",
        *DosingForm.dosing_fields,
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
        drug = find(cleaned.get("drug_name", "")) or ""
        self.check_dosing(drug, cleaned.get("route", ""), cleaned.get("reason", ""))
        return cleaned

    def values(self) -> dict[str, Any]:
        names = (*self.dosing_fields, "start", "last_day", "route", "purpose", "formulation", "reason")
        return {**self.drug(), **{name: self.cleaned_data[name] for name in names}}


class DoseChangeForm(DosingForm):
    """Another dose from a day, perhaps taken otherwise, or a stop after a day."""

    CHANGE, STOP = "change", "stop"
    action = forms.ChoiceField(
        label=_("What changes?"),
        choices=[(CHANGE, _("another dose")), (STOP, _("stop"))],
        widget=forms.RadioSelect,
    )
    dose_mg = DoseField(label=_("New dose, mg per intake"), required=False)
    schedule = forms.ChoiceField(
        label=_("Taken"),
        choices=choices_of(SCHEDULE_LABELS),
        required=False,
        help_text=_("Empty: as before."),
    )
    start = PlainDateField(label=_("From"), required=False)
    last_day = PlainDateField(label=_("Last day taken"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    shown_fields = (*DosingForm.dosing_fields, "start", "last_day", "reason", "high_dose_confirmed")

    def __init__(self, episode: DoseEpisode, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.episode = episode
        self.initial.setdefault("schedule", episode.schedule)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "submission",
            "version",
            "action",
            Div(
                *self.dosing_fields, "start", "last_day", "reason", "high_dose_confirmed", css_class="fields"
            ),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_change = cleaned.get("action") == self.CHANGE
        for name in ("dose_mg", "start") if is_change else ("last_day",):
            if cleaned.get("action") and cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("This is needed."))
        if "schedule" not in self.errors:
            cleaned["schedule"] = cleaned.get("schedule") or self.episode.schedule
        if is_change:
            self.check_dosing(self.episode.drug, self.episode.route, cleaned.get("reason", ""))
        return cleaned

    def changed_dosing(self) -> dict[str, Any]:
        """The new dose and how it is taken, for the service."""
        return {name: self.cleaned_data[name] for name in self.dosing_fields}


class AdministrationForm(DrugForm):
    """One dated dose."""

    dose_mg = DoseField(label=_("Dose, mg"), required=False)
    on = PlainDateField(label=_("Given on"))
    route = forms.ChoiceField(
        label=_("Route"), choices=choices_of(ROUTE_LABELS), initial=Route.INTRAVENOUS.value
    )
    purpose = forms.ChoiceField(label=_("Given"), choices=choices_of(PURPOSE_LABELS))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    layout_fields = ("drug_name", "as_written", "dose_mg", "on", "route", "purpose", "reason")

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

    layout_fields = ("drug_name", "as_written", "last_dose", "reason")

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
