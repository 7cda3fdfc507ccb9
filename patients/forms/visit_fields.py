"""The form's field of each row in patients.rules.visit_fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patients.forms.base import NumberField, YesNoUnknownField
from patients.messages import phrase, sentence
from patients.models import ATTRIBUTIONS
from patients.rules.visit_fields import TEXT_LENGTH, Group, Kind, VisitField

SEVERITIES = [
    ("", _("not assessed")),
    ("0", _("0 none")),
    ("1", _("1 mild")),
    ("2", _("2 moderate")),
    ("3", _("3 severe")),
]
# Their labels follow the name of a symptom or of an item.
NAMED_ALREADY = (Group.SYMPTOMS, Group.NEW_OR_RECURRENT)


class WholeNumberField(NumberField):
    """A whole number."""

    def compress(self, text: str) -> Any:
        value = super().compress(text)
        if value != int(value):
            raise ValidationError(_("Write a whole number."))
        return int(value)


def form_field(field: VisitField) -> forms.Field:
    """An input for a field of the visit, with its label in the reader's language and its possible values."""
    words = phrase if field.group in NAMED_ALREADY else sentence
    return _INPUTS[field.kind](field, words(field.question))


def _yes_no(field: VisitField, label: str) -> forms.Field:
    if field.group is Group.SLEDAI:
        return YesNoUnknownField(label=label, widget=forms.RadioSelect)
    return YesNoUnknownField(label=label)


def _grade(_field: VisitField, label: str) -> forms.Field:
    return forms.TypedChoiceField(
        label=label, choices=SEVERITIES, coerce=int, empty_value=None, required=False
    )


def _attribution(_field: VisitField, label: str) -> forms.Field:
    return forms.ChoiceField(label=label, choices=ATTRIBUTIONS, required=False)


def _tick(_field: VisitField, label: str) -> forms.Field:
    return forms.BooleanField(label=label, required=False)


def _whole_number(field: VisitField, label: str) -> forms.Field:
    return WholeNumberField(label=label, low=field.low, high=field.high, required=False)


def _decimal(field: VisitField, label: str) -> forms.Field:
    return NumberField(label=label, low=field.low, high=field.high, required=False)


def _text(_field: VisitField, label: str) -> forms.Field:
    return forms.CharField(label=label, max_length=TEXT_LENGTH, required=False)


_INPUTS: Mapping[Kind, Callable[[VisitField, str], forms.Field]] = {
    Kind.YES_NO: _yes_no,
    Kind.GRADE: _grade,
    Kind.ATTRIBUTION: _attribution,
    Kind.TICK: _tick,
    Kind.WHOLE_NUMBER: _whole_number,
    Kind.DECIMAL: _decimal,
    Kind.TEXT: _text,
}
