"""A field of a stored version in words: labels for codes, numbers with their unit, days as 22 Nov 2026."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from patients.forms.visit_fields import SEVERITIES
from patients.loading import UNKNOWN_HOUR
from patients.messages import number
from patients.models import Laboratory
from patients.rules.classification_criteria import ITEMS
from patients.rules.visit_fields import MEASUREMENTS

# A model's label ends in its unit: "weight, kg". In a sentence the unit follows the number.
UNITS = frozenset({"mg", "ng/ml", "days"}) | {field.unit for field in MEASUREMENTS if field.unit}
GRADES: Mapping[int, Any] = {int(value): label for value, label in SEVERITIES if value}
# What versions point to that has a name of its own.
NAMED = (User, Laboratory)
NOT_ASSESSED = _("not assessed")
NOT_RECORDED = _("not recorded")
UNKNOWN = _("unknown")


@dataclass(frozen=True)
class Names:
    """What the rows that versions point to are called, by model and key."""

    known: Mapping[type[models.Model], Mapping[int, str]] = field(default_factory=dict)

    def of(self, model: type[models.Model], key: int | None) -> str:
        """The name; "" for nobody."""
        return "" if key is None else self.known.get(model, {}).get(key, "")


def person(user: User) -> str:
    """A user's name as it is signed."""
    return user.get_full_name() or user.get_username()


def names_of(keys: Mapping[type[models.Model], Iterable[int]]) -> Names:
    """The names behind the keys, in one query a model."""
    people = User.objects.in_bulk(set(keys.get(User, ())))
    places = Laboratory.objects.in_bulk(set(keys.get(Laboratory, ())))
    return Names(
        {
            User: {key: person(user) for key, user in people.items()},
            Laboratory: {key: place.name for key, place in places.items()},
        }
    )


def label_and_unit(label: str) -> tuple[str, str]:
    """ "weight, kg" as ("weight", "kg"); without a unit at its end the label stays whole."""
    name, comma, unit = label.rpartition(", ")
    return (name, unit) if comma and unit in UNITS else (label, "")


def is_empty(value: Any) -> bool:
    return value is None or value in ("", {})


def nothing(column: models.Field[Any, Any]) -> str:
    """What an empty field means: a question not answered, or something not recorded."""
    graded = column.name.endswith("_severity")
    return str(NOT_ASSESSED if graded or isinstance(column, models.BooleanField) else NOT_RECORDED)


def format_field(column: models.Field[Any, Any], row: Any, names: Names) -> str:
    """The field of a version as people read it, without its unit."""
    value = getattr(row, column.attname)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if is_empty(value):
        return nothing(column)
    if isinstance(column, models.ForeignKey):
        return names.of(column.related_model, value)
    if column.name.endswith("_severity"):
        return str(GRADES.get(value, value))
    return items(row.system, value) if column.name == "items" else format_value(value)


def items(system: str, answers: Mapping[str, bool]) -> str:
    """Answers to items of a set of classification criteria: "Malar rash: yes, Arthritis: no"."""
    answered = [item for item in ITEMS[system] if item.code in answers]
    return ", ".join(f"{gettext(item.label)}: {format_value(answers[item.code])}" for item in answered)


def _moment(at: datetime) -> str:
    """The beginning of a day stands for an hour that was not written."""
    if at.time() == UNKNOWN_HOUR:
        return gettext("%(day)s, hour not written") % {"day": date_format(at, "j M Y")}
    return date_format(at, "j M Y, H:i")


def format_value(value: Any) -> str:
    """A value as people read it: yes, 0.2, 22 Nov 2026, 22 Nov 2026, 06:10."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, datetime):
        return _moment(timezone.localtime(value))
    if isinstance(value, date):
        return date_format(value, "j M Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)
