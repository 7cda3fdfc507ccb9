"""Signing in, and changing one's password."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import BootstrapFormMixin
from accounts.models import User
from accounts.services import choose_password


class SignInForm(BootstrapFormMixin, AuthenticationForm):
    """A name and a password."""


class ChangePasswordForm(BootstrapFormMixin, PasswordChangeForm):
    """The old password, and the new one twice."""

    user: User

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = self.cleaned_data.get("new_password1")
        if chosen and chosen == self.cleaned_data.get("old_password"):
            self.add_error("new_password1", _("Choose another password than the present one."))
        return cleaned

    def save(self, commit: bool = True) -> User:
        return choose_password(user=self.user, password=self.cleaned_data["new_password1"])
