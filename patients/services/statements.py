"""Statements about the patient, and results of classification criteria."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patients.models import Classification, Patient, Statement
from patients.rules.classification import classify as computed
from patients.rules.classification_criteria import ITEMS
from patients.rules.statements import KINDS
from patients.services import writing
from patients.services.checks import check_day, check_planned_day

if TYPE_CHECKING:
    from accounts.models import User


def state(*, statement: Statement, by: User, submission: UUID | None = None) -> Statement:
    """Save a yes, no or unknown as known on a day. The event may be in the future (a planned vaccine).

    Raises ValidationError by field.
    """
    if statement.kind not in KINDS:
        raise ValidationError({"kind": _("This question is not in the catalogue.")})
    check_day(statement.patient, "stated_on", statement.stated_on)
    if statement.event is not None:
        check_planned_day(statement.patient, "event", statement.event.latest)
    return writing.insert(statement, by=by, submission=submission)


def classify_items(
    *,
    patient: Patient,
    system: str,
    on: date,
    answers: Mapping[str, bool | None],
    note: str,
    by: User,
    submission: UUID | None = None,
) -> Classification:
    """Save the items of a set of criteria with what follows from them; null is "not judged".

    The score is what is certain. Raises ValidationError by field, or when nothing was judged.
    """
    judged = {code: answer for code, answer in answers.items() if answer is not None}
    if not judged:
        raise ValidationError(_("Judge at least one item."))
    found = computed(system, answers)
    classification = Classification(
        patient=patient,
        system=system,
        on=on,
        score=found.low,
        met=found.is_met,
        complete=len(judged) == len(ITEMS[system]),
        items=judged,
        note=note,
    )
    return classify(classification=classification, by=by, submission=submission)


def classify(*, classification: Classification, by: User, submission: UUID | None = None) -> Classification:
    """Save the result of classification criteria. Raises ValidationError by field."""
    check_day(classification.patient, "on", classification.on)
    return writing.insert(classification, by=by, submission=submission)
