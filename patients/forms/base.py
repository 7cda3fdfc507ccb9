"""What the forms of facts share: submission key, version, errors from services, dates and numbers."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from patients.messages import sentence
from patients.rules.dates import PartialDate
from patients.rules.typed_moments import read_time
from patients.rules.units import EntryError, Quantity, parse_quantity


class FactForm(forms.Form):
    """submission makes a double click harmless; version tells a stale form."""

    data: Any

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def resume(self, typed: Mapping[str, list[str]]) -> None:
        """Show what was typed before, raw and unchecked, under the version it was typed against."""
        for name, field in self.fields.items():
            values = typed.get(name, [])
            if name == "submission":
                continue
            if isinstance(field, forms.MultipleChoiceField):
                self.initial[name] = values
            elif isinstance(field, forms.BooleanField):
                self.initial[name] = bool(values)
            else:
                self.initial[name] = values[0] if values else ""

    @property
    def is_outdated(self) -> bool:
        """Whether it was refused because what it was opened on has changed since."""
        return any(self.has_error(NON_FIELD_ERRORS, code) for code in ("stale", "changed"))

    def take_errors(self, error: ValidationError) -> None:
        """Show a service's errors next to their fields, or on top where the form has no such field."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            known = name in self.fields and name != NON_FIELD_ERRORS
            self.add_error(name if known else None, errors)


class PlainDateField(forms.DateField):
    """A day as YYYY-MM-DD from the browser's date field; full-width digits are accepted."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Write the day as 2026-11-22.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(_half_width(value))


class ClockTimeField(forms.CharField):
    """A time of day as typed, "9", "0900" or "900p"; what is half typed is refused, never taken as empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_time(text)
        except EntryError as error:
            raise ValidationError(sentence(error.message), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def run_validators(self, value: Any) -> None:
        """The length is of what was typed, which the widget limits."""


class PartialDateFormField(forms.CharField):
    """A day, a month or a year."""

    default_error_messages = {"invalid": _("Write a year, a month or a day: 2019, 2019-04 or 2019-04-30.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("2019, 2019-04 or 2019-04-30"))
        super().__init__(max_length=10, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(_half_width(value))
        if not text:
            return None
        try:
            return PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, PartialDate) else value

    def run_validators(self, value: Any) -> None:
        super().run_validators("" if value is None else str(value))

    def validate(self, value: Any) -> None:
        super().validate("" if value is None else str(value))


class QuantityField(forms.CharField):
    """A typed number: full-width digits are converted, a decimal comma is refused with the right form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.compress(text)
        except EntryError as error:
            raise ValidationError(sentence(error.message), code="invalid") from error

    def compress(self, text: str) -> Any:
        return parse_quantity(text)


class NumberField(QuantityField):
    """The same without "<" and ">": a Decimal."""

    def __init__(self, *, low: float | None = None, high: float | None = None, **kwargs: Any) -> None:
        self.low, self.high = low, high
        super().__init__(**kwargs)

    def compress(self, text: str) -> Any:
        quantity = _plain_quantity(text)
        if quantity.comparator:
            raise ValidationError(_("Write a number without < or >."))
        if self._outside(float(quantity.value)):
            raise ValidationError(
                _("This is not possible: it must lie between %(low)s and %(high)s.")
                % {"low": self.low, "high": self.high}
            )
        return quantity.value

    def _outside(self, value: float) -> bool:
        return (self.low is not None and value < self.low) or (self.high is not None and value > self.high)


def _plain_quantity(text: str) -> Quantity:
    """The number, or a message that does not offer "<2" where it would be refused."""
    try:
        return parse_quantity(text)
    except EntryError as error:
        if "," in text:
            raise
        raise ValidationError(_("This is not a number. Write it like 55.5.")) from error


class YesNoUnknownField(forms.TypedChoiceField):
    """Yes, no, or not assessed: three different answers, none preselected as yes or no."""

    def __init__(self, *, unknown: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(
            choices=[("", unknown or _("not assessed")), ("yes", _("yes")), ("no", _("no"))],
            coerce={"yes": True, "no": False}.get,
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value if isinstance(value, str) else "")


def _half_width(value: Any) -> Any:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
