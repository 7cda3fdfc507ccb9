"""What the forms of administration share: our look, the submission key, errors from services."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

BOXES = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)


class BootstrapFormMixin(forms.Form):
    """Our classes on Django's fields; after an error the summary takes the focus, not the first field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, BOXES):
                field.widget.attrs["class"] = "form-control"
            if self.is_bound:
                field.widget.attrs.pop("autofocus", None)

    def take_errors(self, error: ValidationError) -> None:
        """Show a service's errors next to their fields, or on top where the form has no such field."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            known = name in self.fields and name != NON_FIELD_ERRORS
            self.add_error(name if known else None, errors)


class SentOnceForm(BootstrapFormMixin):
    """Makes a row: the second click finds the row of the first."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)


class ChangeForm(BootstrapFormMixin):
    """Changes a row as it was when the form was opened, with a reason."""

    data: Any

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def compare_with(self, version: int) -> None:
        """After a refusal as stale: the next save was made in view of this version."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class ReasonForm(BootstrapFormMixin):
    """A binding act with its reason. prefix keeps the ids of several on one page apart."""

    reason = forms.CharField(label=_("Why?"), max_length=300)
