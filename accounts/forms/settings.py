"""Proposing a version of a clinic's settings, and choosing two versions to compare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import BootstrapFormMixin, SentOnceForm
from accounts.forms.choices import offer_choices
from accounts.models import ClinicSettings
from accounts.settings_catalogue import Setting, offered
from accounts.settings_descriptions import in_words, lines, own_values, plain

NUMBER = re.compile(r"-?\d+(\.\d+)?")
YES_NO = (("yes", _("yes")), ("no", _("no")))


class SettingNumberField(forms.CharField):
    """A number within the setting's range; full-width digits are converted, a decimal comma is refused."""

    def __init__(self, setting: Setting, **kwargs: Any) -> None:
        self.setting = setting
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().clean(value)).strip()
        if not NUMBER.fullmatch(text):
            raise ValidationError(_("Write a number like 55.5, with a point and without a unit."))
        number = Decimal(text)
        if self.setting.whole and number != number.to_integral_value():
            raise ValidationError(_("Write a whole number."))
        self._check_range(number)
        return int(number) if self.setting.whole else number

    def _check_range(self, number: Decimal) -> None:
        lowest, highest = self.setting.lowest, self.setting.highest
        if (lowest is not None and number < lowest) or (highest is not None and number > highest):
            limits = {"low": plain(lowest), "high": plain(highest)}
            raise ValidationError(_("It must lie between %(low)s and %(high)s.") % limits)


class ProposalForm(SentOnceForm):
    """Every setting as it shall be, from which day, and why."""

    effective_from = forms.DateField(
        label=_("In force from"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-11-22.")},
    )
    reason = forms.CharField(label=_("Why?"), max_length=300)

    def __init__(self, in_force: Mapping[str, Any], today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_force = in_force
        self.initial["effective_from"] = today
        self.fields["effective_from"].widget.attrs["min"] = today.isoformat()
        for setting in offered():
            field = _field(setting)
            field.widget.attrs["class"] = "form-control"
            self.fields[setting.name] = field
            self.initial[setting.name] = _as_typed(setting, in_force.get(setting.name, setting.default))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        settings = {setting.name: setting for setting in offered()}
        for setting in settings.values():
            upper = settings.get(setting.not_above)
            if upper is not None:
                self._check_pair(setting, upper)
        if not self.errors and not any(row.differs for row in lines(self.in_force, self.values())):
            self.add_error(None, _("Nothing differs from what is in force."))
        return cleaned

    def _check_pair(self, lower: Setting, upper: Setting) -> None:
        low, high = self.cleaned_data.get(lower.name), self.cleaned_data.get(upper.name)
        if low is not None and high is not None and low > high:
            says = _("It must not be above “%(upper)s” (%(high)s).")
            self.add_error(lower.name, says % {"upper": upper.label, "high": plain(high)})

    def values(self) -> dict[str, Any]:
        """What is to be stored: only what differs from the defaults."""
        return own_values({setting.name: self.cleaned_data[setting.name] for setting in offered()})

    def rows(self) -> list[tuple[Any, list[tuple[Any, Setting, str]]]]:
        """Bound fields with their setting and its default in words, by group."""
        found = [(self[each.name], each, in_words(each, each.default)) for each in offered()]
        return [(group, list(rows)) for group, rows in groupby(found, key=lambda row: row[1].group)]


class CompareForm(BootstrapFormMixin):
    """Two versions of one clinic; 0 is the defaults."""

    first = forms.TypedChoiceField(label=_("Version"), coerce=int)
    second = forms.TypedChoiceField(label=_("compared with"), coerce=int)

    def __init__(self, versions: Iterable[ClinicSettings], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(0, _("the defaults")), *((row.version, _version_label(row)) for row in versions)]
        for name in ("first", "second"):
            offer_choices(self, name, choices)


def _version_label(version: ClinicSettings) -> str:
    return _("version %(n)s, %(state)s") % {"n": version.version, "state": version.get_state_display()}


def _field(setting: Setting) -> forms.Field:
    if isinstance(setting.default, bool):
        return forms.TypedChoiceField(
            label=setting.label, choices=YES_NO, coerce=lambda value: value == "yes"
        )
    if setting.choices:
        return forms.ChoiceField(label=setting.label, choices=setting.choices)
    return SettingNumberField(setting, label=setting.label)


def _as_typed(setting: Setting, value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if setting.choices else plain(value)
