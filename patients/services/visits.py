"""Visits: opened, saved, signed, and amended with a reason once signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.models import Patient, Visit
from patients.services import writing
from patients.services.checks import check_day

if TYPE_CHECKING:
    from accounts.models import User


class SignedVisitError(ValidationError):
    """The visit is signed: it can be amended with a reason, not saved over."""

    def __init__(self) -> None:
        super().__init__(_("This visit is signed. Amend it with a reason instead."), code="signed")


def open_visit(
    *, patient: Patient, on: date, values: Mapping[str, Any], by: User, submission: UUID | None = None
) -> Visit:
    """Begin a visit; it counts for no rule until it is signed. Raises ValidationError."""
    check_day(patient, "on", on)
    return writing.insert(Visit(patient=patient, on=on, **values), by=by, submission=submission)


@transaction.atomic
def save_visit(*, visit: Visit, values: Mapping[str, Any], by: User, expected_version: int) -> Visit:
    """Write into an unsigned visit. Raises SignedVisitError, StaleFactError or ValidationError."""
    current = writing.current_row(visit, expected_version)
    if current.is_signed:
        raise SignedVisitError
    check_day(visit.patient, "on", values.get("on", visit.on))
    return writing.change(visit, values, by=by, expected_version=expected_version)


@transaction.atomic
def sign_visit(*, visit: Visit, by: User, expected_version: int) -> Visit:
    """Lock a visit and let the rules see it. Raises SignedVisitError or StaleFactError."""
    current = writing.current_row(visit, expected_version)
    if current.is_signed:
        raise SignedVisitError
    signature = {"signed_at": timezone.now(), "signed_by": by}
    return writing.change(visit, signature, by=by, expected_version=expected_version)


@transaction.atomic
def amend_visit(
    *, visit: Visit, values: Mapping[str, Any], reason: str, by: User, expected_version: int
) -> Visit:
    """Change a signed visit, keeping why. Raises ValidationError without a reason, or StaleFactError."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the signed visit is changed.")})
    check_day(visit.patient, "on", values.get("on", visit.on))
    return writing.change(visit, values, by=by, expected_version=expected_version, reason=reason.strip())
