"""What the template of the visit form shows: fields with the last visit's values, and ready-made options."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.forms import BooleanField, BoundField, ChoiceField, Form
from django.utils.translation import gettext

from patients.forms.base import YesNoUnknownField
from patients.messages import format_value
from patients.rules.sledai import Item

if TYPE_CHECKING:
    from patients.models import Visit

# "Worse than before" is answered again at each visit, and free text is written again.
NEVER_COPIED = ("on", "note", "worse_comment")
NEVER_COPIED_ENDING = "_worse"


@dataclass(frozen=True)
class Before:
    """The last visit's value: as the field takes it, and as people read it."""

    raw: str
    text: str


@dataclass(frozen=True)
class FieldWithPrevious:
    """A field and what it said at the last visit; None where there is nothing to copy."""

    field: BoundField
    before: Before | None


@dataclass(frozen=True)
class SymptomRow:
    """One symptom's three fields."""

    label: str
    severity: FieldWithPrevious
    attribution: FieldWithPrevious | None
    worse: BoundField | None


@dataclass(frozen=True)
class RadioOption:
    """One radio button: written out by the template, which is four times as fast as a widget."""

    value: str
    label: str
    id: str
    checked: bool


@dataclass(frozen=True)
class SledaiRow:
    """One SLEDAI item, its three options, and whether it is new or recurrent where that is asked."""

    item: Item
    name: str
    label: str
    errors: list[str]
    options: tuple[RadioOption, ...]
    before: Before | None
    new_or_recurrent: FieldWithPrevious | None


def entry(form: Form, name: str, previous: Visit | None) -> FieldWithPrevious:
    """A field of the form with the last visit's value."""
    return FieldWithPrevious(form[name], before(form, name, previous))


def before(form: Form, name: str, previous: Visit | None) -> Before | None:
    """What the last visit said in this field; None when it said nothing, or nothing that can be copied."""
    if name in NEVER_COPIED or name.endswith(NEVER_COPIED_ENDING):
        return None
    value = getattr(previous, name, None)
    if value is None or value == "":
        return None
    field = form.fields[name]
    raw = f"{value.normalize():f}" if isinstance(value, Decimal) else str(field.prepare_value(value))
    return Before(raw, _text(field, raw, value))


def options(bound: BoundField) -> tuple[RadioOption, ...]:
    """Yes, no and not assessed of one field."""
    chosen = str(bound.value() or "")
    choices = bound.field.choices  # type: ignore[attr-defined]
    return tuple(
        RadioOption(str(value), str(label), f"{bound.auto_id}_{number}", str(value) == chosen)
        for number, (value, label) in enumerate(choices)
    )


def _text(field: Any, raw: str, value: Any) -> str:
    if isinstance(field, YesNoUnknownField | BooleanField):
        return gettext("yes") if value else gettext("no")
    if isinstance(field, ChoiceField):
        return str(dict(field.choices).get(raw, raw))  # type: ignore[arg-type]
    return format_value(value)
