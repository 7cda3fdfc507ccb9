"""What a reader of the history asks for: a kind, a person, a period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import offer_choices
from patients.forms.base import PlainDateField
from patients.history import HistoryTable, Wanted


class HistoryFilterForm(forms.Form):
    """Read from the address; an invalid value is reported next to its field and filters nothing."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    person = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    since = PlainDateField(label=_("From"), required=False)
    until = PlainDateField(label=_("Up to"), required=False)

    def __init__(
        self, kinds: Iterable[HistoryTable], people: Iterable[tuple[int, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("everything")),
            *((kind.name, kind.label) for kind in kinds),
        ]
        offer_choices(self, "kind", choices)
        offer_choices(self, "person", [("", _("everybody")), *people])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return cleaned

    def wanted(self) -> Wanted:
        """The filter, from what is valid; after is_valid()."""
        given = self.cleaned_data
        return Wanted(
            kind=given.get("kind") or "",
            person=given.get("person"),
            since=given.get("since"),
            until=given.get("until"),
        )
