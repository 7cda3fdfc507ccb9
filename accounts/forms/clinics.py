"""Clinics: a new one, and changing one."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import ChangeForm, SentOnceForm
from accounts.models import Clinic, DateOrder


def zones() -> list[str]:
    """What a browser offers as one types: continent and city."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


class ClinicFields(forms.Form):
    """The fields of a clinic, new or existing."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("Decides which day it is for the rules. Like Asia/Tokyo."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    date_order = forms.ChoiceField(
        label=_("Days in numbers"),
        choices=DateOrder.choices,
        required=False,
        help_text=_("How 3/4 is read where somebody types a day."),
    )

    def clean_date_order(self) -> str:
        return self.cleaned_data["date_order"] or self.initial.get("date_order") or DateOrder.MONTH_FIRST


class NewClinicForm(ClinicFields, SentOnceForm):
    """A clinic whose first administrator is its founder."""

    field_order = ("name", "time_zone", "date_order")


class ChangeClinicForm(ClinicFields, ChangeForm):
    """A clinic's name and clock, with a reason."""

    reason = forms.CharField(label=_("Why is this changed?"), max_length=300)
    field_order = ("name", "time_zone", "date_order", "reason")

    @classmethod
    def of(cls, clinic: Clinic, version: int, data: Any = None) -> ChangeClinicForm:
        initial = {name: getattr(clinic, name) for name in ("name", "time_zone", "date_order")}
        return cls(data, initial={**initial, "version": version})

    def clinic(self) -> dict[str, Any]:
        """The values for the service."""
        values = dict(self.cleaned_data)
        expected = values.pop("version")
        return {**values, "expected_version": expected}
