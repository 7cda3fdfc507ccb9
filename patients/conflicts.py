"""Two editors: what is stored now, and what the second one typed, field by field."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.forms import BooleanField, Form
from django.utils.translation import gettext

from patients.forms.base import FactForm, YesNoUnknownField
from patients.services.writing import StaleFactError

KEYS = frozenset({"version", "submission"})


@dataclass(frozen=True)
class Difference:
    """One field with both values as people read them."""

    label: str
    theirs: Any
    yours: Any


def compare(form: FactForm, error: StaleFactError, fields: Collection[str] = ()) -> list[Difference]:
    """What the form differs in from the stored values, all of them or only those of `fields`.

    The form is made ready to be sent again: the person has then seen both versions and decides.
    """
    ask_again(form, error)
    names = [name for name in fields or form.fields if name not in KEYS and hasattr(error.current, name)]
    found = (_difference(form, name, getattr(error.current, name)) for name in names)
    return [row for row in found if row is not None]


def ask_again(form: FactForm, error: StaleFactError) -> None:
    """Make a refused form ready to be sent again, now against the stored version."""
    form.add_error(None, error)
    form.data = form.data.copy()
    form.data["version"] = str(error.current.version)


def _difference(form: Form, name: str, theirs: Any) -> Difference | None:
    yours = form.cleaned_data.get(name)
    if theirs == yours or (theirs in (None, "") and yours in (None, "")):
        return None
    field = form.fields[name]
    if isinstance(field, BooleanField | YesNoUnknownField):
        theirs, yours = yes_or_no(theirs), yes_or_no(yours)
    return Difference(str(field.label), theirs, yours)


def yes_or_no(answer: bool | None) -> str | None:
    """An answer as people read it; None where nobody answered."""
    return None if answer is None else gettext("yes") if answer else gettext("no")
