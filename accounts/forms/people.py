"""People: finding them, letting them in, changing them, and what an administrator does to an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import BootstrapFormMixin, ChangeForm, ReasonForm, SentOnceForm
from accounts.forms.choices import offer_rows
from accounts.models import Clinic, Role, User

STATES = (("active", _("may sign in")), ("deactivated", _("deactivated")), ("", _("all")))


class PeopleFilterForm(BootstrapFormMixin):
    """Read from the address; whatever is not valid filters nothing."""

    q = forms.CharField(label=_("Name"), required=False, max_length=80)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("all")), *Role.choices])
    state = forms.ChoiceField(label=_("Account"), required=False, choices=[*reversed(STATES)])


class PersonFields(forms.Form):
    """The fields of a person, new or existing."""

    first_name = forms.CharField(label=_("Given name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Family name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[("", "—"), *Role.choices])
    clinics = forms.ModelMultipleChoiceField(
        label=_("Clinics"),
        queryset=Clinic.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def offer_clinics(self, by: User) -> None:
        """The administrator's own."""
        offer_rows(self, "clinics", by.clinics.order_by("name"))


class NewPersonForm(PersonFields, SentOnceForm):
    """A person who may sign in from now on."""

    username = forms.CharField(
        label=_("Name to sign in with"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("First password"),
        max_length=128,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("At least 12 characters. It must be changed at the first sign-in."),
    )
    field_order = ("username", "last_name", "first_name", "role", "clinics", "password")

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_clinics(by)
        if len(by.own_clinics) == 1:
            self.initial.setdefault("clinics", by.own_clinics)

    def person(self) -> dict[str, Any]:
        """The values for the service."""
        return dict(self.cleaned_data)


class ChangePersonForm(PersonFields, ChangeForm):
    """A person's name, role and clinics, with a reason."""

    reason = forms.CharField(label=_("Why is this changed?"), max_length=300)
    field_order = ("last_name", "first_name", "role", "clinics", "reason")

    def __init__(self, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_clinics(by)

    @classmethod
    def of(cls, person: User, version: int, by: User, data: Any = None) -> ChangePersonForm:
        initial = {name: getattr(person, name) for name in ("first_name", "last_name", "role")}
        clinics = [clinic for clinic in by.own_clinics if clinic in person.own_clinics]
        return cls(by, data, initial={**initial, "clinics": clinics, "version": version})

    def person(self) -> dict[str, Any]:
        """The values for the service."""
        values = dict(self.cleaned_data)
        expected = values.pop("version")
        return {**values, "expected_version": expected}


class ResetPasswordForm(ReasonForm):
    """A password for the next sign-in only."""

    password = forms.CharField(
        label=_("Password for the next sign-in"),
        max_length=128,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("At least 12 characters. It must be changed at the next sign-in."),
    )
    field_order = ("password", "reason")
