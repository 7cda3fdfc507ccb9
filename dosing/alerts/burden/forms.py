"""Of which clinic and which period the burden of alerts is shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.forms.choices import offer_choices
from accounts.models import Clinic, User
from patients.forms.base import PlainDateField

DEFAULT_WEEKS, LONGEST = 12, timedelta(days=366)


class BurdenForm(forms.Form):
    """Read from the address: the reader's first clinic and the last 12 weeks where it says nothing."""

    clinic = forms.TypedChoiceField(label=_("Clinic"), coerce=int)
    since = PlainDateField(label=_("From"))
    until = PlainDateField(label=_("Up to"))

    def __init__(self, reader: User, asked: Any) -> None:
        self.clinics = {clinic.pk: clinic for clinic in reader.own_clinics}
        given = any(name in asked for name in self.base_fields)
        super().__init__({**_default(reader), **asked.dict()} if given else _default(reader))
        offer_choices(self, "clinic", [(pk, clinic.name) for pk, clinic in self.clinics.items()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not timedelta(0) <= until - since <= LONGEST:
            self.add_error("until", _("Choose a last day after the first and within a year of it."))
        return cleaned

    def chosen(self) -> tuple[Clinic, date, date]:
        """The clinic, the first day, and the day after the last; no later than tomorrow. For a valid form."""
        clinic = self.clinics[self.cleaned_data["clinic"]]
        last = min(self.cleaned_data["until"], local_today(clinic))
        return clinic, self.cleaned_data["since"], max(last, self.cleaned_data["since"]) + timedelta(days=1)


def _default(reader: User) -> dict[str, Any]:
    clinic = reader.own_clinics[0]
    today = local_today(clinic)
    first = today - timedelta(weeks=DEFAULT_WEEKS) + timedelta(days=1)
    return {"clinic": str(clinic.pk), "since": first.isoformat(), "until": today.isoformat()}
