"""A laboratory's assays: added, changed and withdrawn with a reason; each change causes a new assessment.

The limits and the variation of an assay hold for every result of its laboratory, analyte and method that
states none of its own, also for older ones: an assay has no first day. So each change requests a
new assessment of the clinic. The rules no longer use a withdrawn assay; its versions stay in the history.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import upward
from accounts.models import Clinic, User
from accounts.rights import Right, require
from accounts.services.checks import check_version, checked_reason
from patients.models import Assay, Laboratory
from patients.rules.analyte import Analyte
from patients.rules.analytes import ANALYTES
from patients.rules.units import check_range

MOST_VARIATION_PERCENT = Decimal(50)


class AssayNumbers(NamedTuple):
    """Limits in the analyte's canonical unit, analytical variation (CVA) in percent; None: not stated."""

    lower_limit: Decimal | None
    upper_limit: Decimal | None
    analytical_variation_percent: Decimal | None


@transaction.atomic
def add_assay(
    *, laboratory: Laboratory, analyte: str, method: str, numbers: AssayNumbers, reason: str, by: User
) -> Assay:
    """Keep an assay of a laboratory. The same once more returns the first: a second click adds nothing.

    method: as results name it, "" for those that name none. Raises PermissionDenied, or ValidationError by
    field: without a reason, and at "method" when another assay of this method is kept.
    """
    _lock(laboratory.clinic, by)
    why = checked_reason(reason)
    place = {"laboratory": laboratory, "analyte": analyte, "method": method.strip()}
    kept = Assay.objects.filter(**place).first()
    if kept is not None:
        return _same(kept, numbers)
    return _save(Assay(**place, **numbers._asdict()), by=by, reason=why)


@transaction.atomic
def change_assay(
    *, assay: Assay, numbers: AssayNumbers, reason: str, by: User, expected_version: int | None
) -> Assay:
    """Other limits or another variation. Raises PermissionDenied, StaleError or ValidationError by field.

    expected_version: `version_of` the assay when the form was opened. Of another method is another assay.
    """
    current = _locked(assay, by)
    if _numbers_of(current) == numbers:
        return current
    check_version(current, expected_version)
    why = checked_reason(reason)
    for name, value in numbers._asdict().items():
        setattr(current, name, value)
    return _save(current, by=by, reason=why)


@transaction.atomic
def withdraw_assay(*, assay: Assay, reason: str, by: User, expected_version: int | None) -> None:
    """Take an assay from the rules; what it said stays in the history. Raises as `change_assay`."""
    current = _locked(assay, by)
    check_version(current, expected_version)
    _signed(current, by=by, reason=checked_reason(reason)).delete()
    upward.assay_changed(current.laboratory.clinic, by)


def _lock(clinic: Clinic, by: User) -> None:
    require(by, Right.KEEP_ASSAYS)
    if not by.clinics.filter(pk=clinic.pk).exists():
        raise ValidationError(_("Only a rheumatologist of this clinic keeps its assays."))
    Clinic.objects.select_for_update().get(pk=clinic.pk)


def _locked(assay: Assay, by: User) -> Assay:
    """The assay as it is now. Raises ValidationError when somebody withdrew it meanwhile."""
    _lock(assay.laboratory.clinic, by)
    current = Assay.objects.select_related("laboratory__clinic").filter(pk=assay.pk).first()
    if current is None:
        raise ValidationError(_("This assay was withdrawn meanwhile. Nothing was saved."))
    return current


def _same(kept: Assay, numbers: AssayNumbers) -> Assay:
    if _numbers_of(kept) != numbers:
        raise ValidationError(
            {"method": _("An assay of this laboratory, analyte and method is kept already: change that one.")}
        )
    return kept


def _numbers_of(assay: Assay) -> AssayNumbers:
    return AssayNumbers(*(getattr(assay, name) for name in AssayNumbers._fields))


def _save(assay: Assay, *, by: User, reason: str) -> Assay:
    _check(assay)
    assay.full_clean()
    _signed(assay, by=by, reason=reason).save()
    upward.assay_changed(assay.laboratory.clinic, by)
    return assay


def _signed(assay: Assay, *, by: User, reason: str) -> Any:
    """The assay, its next version marked with who wrote it and why."""
    assay._history_user = by  # type: ignore[attr-defined]
    assay._change_reason = reason  # type: ignore[attr-defined]
    return assay


def _check(assay: Assay) -> None:
    _check_analyte(ANALYTES.get(assay.analyte))
    if _numbers_of(assay) == AssayNumbers(None, None, None):
        raise ValidationError(_("Give at least one limit, or the variation."))
    _check_limits(assay)
    variation = assay.analytical_variation_percent
    if variation is not None and not 0 < variation <= MOST_VARIATION_PERCENT:
        raise ValidationError(
            {
                "analytical_variation_percent": _(
                    "It must lie above 0 and up to 50 %. Leave it empty where the laboratory states none."
                )
            }
        )


def _check_analyte(analyte: Analyte | None) -> None:
    if analyte is None:
        raise ValidationError({"analyte": _("This analyte is not in the catalogue.")})
    if analyte.goes_to_levels:
        raise ValidationError(
            {
                "analyte": _(
                    "Tacrolimus levels have a target range, which is set in the settings and for a patient."
                )
            }
        )
    if not analyte.is_quantity:
        raise ValidationError({"analyte": _("This is a finding: it has no limits and no variation.")})


def _check_limits(assay: Assay) -> None:
    low, high = assay.lower_limit, assay.upper_limit
    for name, limit in (("lower_limit", low), ("upper_limit", high)):
        if limit is not None and check_range(assay.analyte, limit) == "impossible":
            raise ValidationError({name: _("This limit is not possible; check the number and its unit.")})
    if low is not None and high is not None and low >= high:
        raise ValidationError({"upper_limit": _("The upper limit must be above the lower limit.")})
