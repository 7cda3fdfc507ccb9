"""A clinic's own order of its laboratory sheet, kept by its rheumatologists; versions stay in the history."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.history import note_writer
from accounts.models import Clinic, User
from accounts.rights import Right, require
from accounts.services.checks import StaleError, check_version
from patients.models import SheetOrder
from patients.sheet_order import ON_THE_SHEET


@transaction.atomic
def set_sheet_order(
    *, clinic: Clinic, analytes: Sequence[str], by: User, expected_version: int | None
) -> SheetOrder:
    """Keep which analytes stand first, in this order. The same once more changes nothing.

    expected_version: `version_of` the kept order when the form was opened, None where there was none. Raises
    PermissionDenied, StaleError, or ValidationError where nothing is listed, or one that is not on the sheet.
    """
    require(by, Right.KEEP_ASSAYS)
    if not by.clinics.filter(pk=clinic.pk).exists():
        raise ValidationError(_("Only a rheumatologist of this clinic orders its sheet."))
    wanted = list(dict.fromkeys(analytes))
    if not wanted or not set(wanted) <= set(ON_THE_SHEET):
        raise ValidationError(_("List at least one analyte of the sheet."))
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    return _keep(clinic, wanted, by, expected_version)


def _keep(clinic: Clinic, wanted: list[str], by: User, expected_version: int | None) -> SheetOrder:
    kept = SheetOrder.objects.filter(clinic=clinic).first()
    if kept is not None and kept.analytes == wanted:
        return kept
    if kept is not None:
        check_version(kept, expected_version)
    elif expected_version is not None:
        raise StaleError
    order = kept or SheetOrder(clinic=clinic)
    order.analytes = wanted
    note_writer(order, by=by)
    order.save()
    return order
