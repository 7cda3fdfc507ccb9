"""Clinics: a new one, and changing one."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import ChangeForm, SentOnceForm
from accounts.models import Clinic


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


class NewClinicForm(ClinicFields, SentOnceForm):
    """A clinic whose first administrator is its founder."""

    field_order = ("name", "time_zone")


class ChangeClinicForm(ClinicFields, ChangeForm):
    """A clinic's name and clock, with a reason."""

    reason = forms.CharField(label=_("Why is this changed?"), max_length=300)
    field_order = ("name", "time_zone", "reason")

    @classmethod
    def of(cls, clinic: Clinic, version: int, data: Any = None) -> ChangeClinicForm:
        return cls(data, initial={"name": clinic.name, "time_zone": clinic.time_zone, "version": version})

    def clinic(self) -> dict[str, Any]:
        """The values for the service."""
        values = dict(self.cleaned_data)
        expected = values.pop("version")
        return {**values, "expected_version": expected}
