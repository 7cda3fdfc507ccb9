"""Signing in, and changing one's password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


class OwnLook(forms.Form):
    """Our classes on Django's fields; after an error the summary takes the focus, not the first field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
            if self.is_bound:
                field.widget.attrs.pop("autofocus", None)


class SignInForm(OwnLook, AuthenticationForm):
    """A name and a password."""


class ChangePasswordForm(OwnLook, PasswordChangeForm):
    """The old password, and the new one twice."""
