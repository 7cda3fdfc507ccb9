"""Laboratory results: recorded one by one or many at once, corrected with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patients.models import LaboratoryResult
from patients.rules.analytes import ANALYTES
from patients.rules.units import check_range
from patients.services import writing
from patients.services.checks import check_moment

if TYPE_CHECKING:
    from accounts.models import User


def record_result(*, result: LaboratoryResult, by: User, submission: UUID | None = None) -> LaboratoryResult:
    """Save a result that is already in its canonical unit. Raises ValidationError by field."""
    _check(result)
    return writing.insert(result, by=by, submission=submission)


@transaction.atomic
def record_results(*, results: Iterable[LaboratoryResult], by: User) -> list[LaboratoryResult]:
    """Save all results or none. Raises ValidationError."""
    rows = list(results)
    for row in rows:
        _check(row)
    return writing.insert_many(rows, by=by)


@transaction.atomic
def correct_result(
    *, result: LaboratoryResult, values: Mapping[str, Any], reason: str, by: User, expected_version: int
) -> LaboratoryResult:
    """Change a result, keeping why. Raises ValidationError without a reason, or StaleFactError."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the result is corrected.")})
    changed = writing.change(result, values, by=by, expected_version=expected_version, reason=reason.strip())
    _check(changed)
    return changed


def _check(result: LaboratoryResult) -> None:
    analyte = ANALYTES.get(result.analyte)
    if analyte is None:
        raise ValidationError({"analyte": _("This analyte is not in the catalogue.")})
    if analyte.goes_to_levels:
        raise ValidationError({"analyte": _("A tacrolimus level is entered on the Levels page.")})
    if result.value is not None and check_range(result.analyte, result.value) == "impossible":
        raise ValidationError({"value": _("This value is not possible; check the number and its unit.")})
    check_moment(result.patient, "collected_at", result.collected_at)
