"""Statements about the patient, and results of classification criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patients.models import Classification, Statement
from patients.rules.statements import KINDS
from patients.services import writing
from patients.services.checks import check_day, check_planned_day

if TYPE_CHECKING:
    from accounts.models import User


def state(*, statement: Statement, by: User, submission: UUID | None = None) -> Statement:
    """Save a yes, no or unknown as known on a day. The event may lie ahead (a planned vaccine).

    Raises ValidationError by field.
    """
    if statement.kind not in KINDS:
        raise ValidationError({"kind": _("This question is not in the catalogue.")})
    check_day(statement.patient, "stated_on", statement.stated_on)
    if statement.event is not None:
        check_planned_day(statement.patient, "event", statement.event.latest)
    return writing.insert(statement, by=by, submission=submission)


def classify(*, classification: Classification, by: User, submission: UUID | None = None) -> Classification:
    """Save the result of classification criteria. Raises ValidationError by field."""
    check_day(classification.patient, "on", classification.on)
    return writing.insert(classification, by=by, submission=submission)
