"""What a form lets people choose from, where that is known only when the form is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm, ChoiceField, ModelChoiceField


def offer_choices(form: BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let people choose from pairs of value and label. Raises TypeError for a field without choices."""
    field = form.fields[name]
    if not isinstance(field, ChoiceField):
        raise TypeError(name)
    field.choices = list(choices)


def offer_rows(form: BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let people choose from rows of a table. Raises TypeError for a field of another kind."""
    field = form.fields[name]
    if not isinstance(field, ModelChoiceField):
        raise TypeError(name)
    field.queryset = rows
