"""Laboratory results: recorded one by one or many at once, corrected with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.history import note_writer
from accounts.models import Clinic
from patients import changes
from patients.models import Laboratory, LaboratoryResult
from patients.rules.analyte import Analyte
from patients.rules.analytes import ANALYTES
from patients.rules.folding import fold
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
def record_results(
    *, results: Iterable[LaboratoryResult], by: User, submission: UUID | None = None
) -> list[LaboratoryResult]:
    """Save all results of a sheet or none; the same submission again returns the rows of the first.

    Raises ValidationError by analyte, also when a result of that collection is there already; at
    "collected_at" when the collection itself cannot be.
    """
    with changes.held():
        return [_record_one(result, by, submission) for result in results]


@transaction.atomic
def record_many_results(*, results: Iterable[LaboratoryResult], by: User) -> list[LaboratoryResult]:
    """Save results of many collections at once, for imports. Raises ValidationError."""
    rows = list(results)
    for row in rows:
        _check(row)
    return writing.insert_many(rows, by=by)


@transaction.atomic
def laboratory_named(*, clinic: Clinic, name: str, by: User) -> Laboratory:
    """The clinic's laboratory of that name, however it is spelled; entered when it is new."""
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    for known in Laboratory.objects.filter(clinic=clinic).order_by("pk"):
        if fold(known.name) == fold(name):
            return known
    laboratory = Laboratory(clinic=clinic, name=name.strip())
    note_writer(laboratory, by=by)
    laboratory.save()
    return laboratory


@transaction.atomic
def correct_result(
    *, result: LaboratoryResult, values: Mapping[str, Any], reason: str, by: User, expected_version: int
) -> LaboratoryResult:
    """Change a result, keeping the old version and why; the patient is assessed in the same transaction.

    values: by field of the model, numbers in the canonical unit. Raises StaleFactError where somebody changed
    or voided the result since `expected_version`, or ValidationError by field: without a reason, for what
    cannot be recorded either, and at "collected_at" where another result says the same collection.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the result is corrected.")})
    with changes.held():  # nobody is assessed on a value that is refused below
        _check_alone(result, values)
        changed = writing.change(
            result, values, by=by, expected_version=expected_version, reason=reason.strip()
        )
        _check(changed)
    return changed


def _record_one(result: LaboratoryResult, by: User, submission: UUID | None) -> LaboratoryResult:
    try:
        return record_result(result=result, by=by, submission=_part(submission, result))
    except ValidationError as error:
        if "collected_at" in getattr(error, "error_dict", ()):
            raise  # of the whole sheet, not of one row
        raise ValidationError({result.analyte: error.messages}) from error


def _part(submission: UUID | None, result: LaboratoryResult) -> UUID | None:
    """A key for one row of a sheet, the same whenever the sheet is sent again."""
    return None if submission is None else uuid5(submission, result.analyte)


def _check_alone(result: LaboratoryResult, values: Mapping[str, Any]) -> None:
    """Refuse to move a result onto another of its analyte, moment, laboratory and method."""
    place = {
        name: values.get(name, getattr(result, name)) for name in ("collected_at", "laboratory", "method")
    }
    same = LaboratoryResult.objects.active().filter(
        patient=result.patient_id, analyte=result.analyte, **place
    )
    if same.exclude(pk=result.pk).exists():
        raise ValidationError(
            {
                "collected_at": _(
                    "Another result of this analyte is recorded for this time, laboratory and method. One of "
                    "the two was entered in error: mark that one."
                )
            }
        )


def _check(result: LaboratoryResult) -> None:
    analyte = ANALYTES.get(result.analyte)
    if analyte is None:
        raise ValidationError({"analyte": _("This analyte is not in the catalogue.")})
    if analyte.goes_to_levels:
        raise ValidationError(
            {"analyte": _("A tacrolimus level is not a laboratory row: it needs the time of the dose.")}
        )
    if result.value is not None and check_range(result.analyte, result.value) == "impossible":
        raise ValidationError({"value": _("This value is not possible; check the number and its unit.")})
    _check_end(result, analyte)
    low, high = result.lower_limit, result.upper_limit
    if low is not None and high is not None and low > high:
        raise ValidationError({"upper_limit": _("The upper limit is below the lower limit.")})
    check_moment(result.patient, "collected_at", result.collected_at)


def _check_end(result: LaboratoryResult, analyte: Analyte) -> None:
    """Rules read one number of an analyte, or a bound; only of those that are counted in ranges both ends."""
    if result.value_high is None:
        return
    if not analyte.is_counted_in_ranges:
        raise ValidationError({"value": _("Only cells in urine are counted in ranges.")})
    if check_range(result.analyte, result.value_high) == "impossible":
        raise ValidationError({"value": _("This value is not possible; check the number and its unit.")})
