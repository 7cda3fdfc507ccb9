"""Forms of signing in and of administration."""

from accounts.forms.signing_in import ChangePasswordForm, SignInForm

__all__ = ["ChangePasswordForm", "SignInForm"]
