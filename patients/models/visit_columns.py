"""The columns of a visit, made from the table of its fields in patients.rules.visit_fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.choices import choices_of
from patients.messages import phrase_lazy
from patients.rules.record import ATTRIBUTION_LABELS
from patients.rules.thresholds import SLEDAI_2K
from patients.rules.visit_fields import (
    DECIMAL_PLACES,
    TEXT_LENGTH,
    WORST_GRADE,
    Group,
    Kind,
    VisitField,
    fields_of,
)

M = TypeVar("M", bound=models.Model)


ATTRIBUTIONS = [("", _("not judged")), *choices_of(ATTRIBUTION_LABELS)]


_COLUMNS: Mapping[Kind, Callable[[Any], models.Field[Any, Any]]] = {
    Kind.YES_NO: lambda label: models.BooleanField(label, null=True, blank=True),
    Kind.TICK: lambda label: models.BooleanField(label, default=False),
    Kind.GRADE: lambda label: models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(WORST_GRADE)]
    ),
    Kind.ATTRIBUTION: lambda label: models.CharField(
        label, max_length=10, choices=ATTRIBUTIONS, blank=True, default=""
    ),
    Kind.WHOLE_NUMBER: lambda label: models.PositiveSmallIntegerField(label, null=True, blank=True),
    Kind.TEXT: lambda label: models.CharField(label, max_length=TEXT_LENGTH, blank=True),
}


def _column(field: VisitField) -> models.Field[Any, Any]:
    label = phrase_lazy(field.label)
    if field.kind is not Kind.DECIMAL:
        return _COLUMNS[field.kind](label)
    digits = len(str(field.high)) + DECIMAL_PLACES
    return models.DecimalField(label, max_digits=digits, decimal_places=DECIMAL_PLACES, null=True, blank=True)


def with_columns(*groups: Group) -> Callable[[type[M]], type[M]]:
    """Give an abstract model a column for each field of the groups, named as the field is."""

    def add(model: type[M]) -> type[M]:
        for field in fields_of(*groups):
            model.add_to_class(field.name, _column(field))
        return model

    return add


@with_columns(Group.ORGANS, Group.OBSERVATIONS, Group.VITALS, Group.BODY, Group.GLOBAL, Group.ADHERENCE)
class VisitFindings(models.Model):
    """What was asked, found and measured: null where it was not."""

    class Meta:
        abstract = True


@with_columns(Group.SLEDAI, Group.NEW_OR_RECURRENT)
class SledaiAnswers(models.Model):
    """The 24 answers, null for not assessed, and over how many days they look back."""

    sledai_window_days = models.PositiveSmallIntegerField(
        _("SLEDAI window, days"), default=SLEDAI_2K.window_days
    )

    class Meta:
        abstract = True


@with_columns(Group.SYMPTOMS, Group.COMMENT, Group.JOINTS, Group.FEVER)
class TriggerSymptoms(models.Model):
    """The six symptoms that can trigger tacrolimus, with severity, attribution and worse than before."""

    class Meta:
        abstract = True
