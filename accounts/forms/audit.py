"""What a reader of an audit asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import Audit, AuditRequest
from accounts.forms.base import BootstrapFormMixin
from accounts.forms.choices import offer_choices
from accounts.models import User

DEFAULT_DAYS = 30


class DayField(forms.DateField):
    """A day as the browser's date field sends it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Write the day as 2026-11-22.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], required=False, **kwargs)


class AuditFilterForm(BootstrapFormMixin):
    """Read from the address; without one it shows the last 30 days. What is not valid filters nothing."""

    person = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    patient = forms.CharField(label=_("Patient number"), required=False, max_length=20)
    kind = forms.ChoiceField(label=_("What"), required=False)
    since = DayField(label=_("From"))
    until = DayField(label=_("Up to"))

    def __init__(self, audit: Audit, reader: User, asked: Any) -> None:
        first = {"since": (timezone.localdate() - timedelta(days=DEFAULT_DAYS)).isoformat()}
        super().__init__(asked if any(name in asked for name in self.base_fields) else first)
        people = User.objects.administered_by(reader).order_by("username")
        named = [(user.pk, _user_label(user)) for user in people]
        offer_choices(self, "person", [("", _("everybody")), *named])
        offer_choices(self, "kind", [("", _("everything")), *audit.kinds])
        if not audit.by_patient:
            del self.fields["patient"]
        if not audit.kinds:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned

    def audit_request(self) -> AuditRequest:
        """The filter, from what is valid."""
        self.is_valid()
        given = self.cleaned_data
        return AuditRequest(
            person=given.get("person"),
            patient=(given.get("patient") or "").strip(),
            kind=given.get("kind") or "",
            since=given.get("since"),
            until=given.get("until"),
        )


def _user_label(user: User) -> str:
    name = user.get_full_name()
    return f"{user.get_username()} ({name})" if name else user.get_username()
