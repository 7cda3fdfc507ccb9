"""Small forms in place: snooze an alert, override it, or say that planned work is not needed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dosing.alerts.services import display_fingerprint
from dosing.models import Alert, AlertReason, Task
from patients.forms.base import PlainDateField


class MatterForm(forms.Form):
    """Its fields have ids of their own: several of these may be open on one page."""

    def __init__(self, row: Alert | Task, place: str, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_{place}_{row.pk}_%s", **kwargs)

    def focus(self) -> None:
        """Let the cursor be in the first field, or the first that is wrong; an error on top takes it."""
        shown = [field for field in self.visible_fields() if field.errors or not self.is_bound]
        for field in shown[:1]:
            field.field.widget.attrs["autofocus"] = True

    def take_errors(self, error: ValidationError) -> None:
        """A service's errors next to their fields, or on top."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class AlertForm(MatterForm):
    """Carries what the alert said when it was shown."""

    data: Any
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, row: Alert, place: str, data: Any = None) -> None:
        super().__init__(row, place, data, initial={"seen": display_fingerprint(row)})

    def show(self, row: Alert) -> None:
        """Carry what the alert says now: that is what the person reads with this form."""
        self.data = self.data.copy()
        self.data["seen"] = display_fingerprint(row)

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)


class SeenForm(AlertForm):
    """Nothing but what was seen: to acknowledge, or to take something back."""


class SnoozeForm(AlertForm):
    until = PlainDateField(label=_("Put aside until"))


class OverrideForm(AlertForm):
    """Nothing is preselected."""

    code = forms.ChoiceField(
        label=_("Override because"),
        choices=[("", "—"), *AlertReason.choices],
        error_messages={"required": _("Choose a reason.")},
    )
    comment = forms.CharField(label=_("In words"), max_length=300, required=False)


class NotNeededForm(MatterForm):
    comment = forms.CharField(label=_("Why is it not needed?"), max_length=300)
