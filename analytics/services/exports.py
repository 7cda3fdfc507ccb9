"""Patients' data leave the application here, and nothing leaves without its row."""

from __future__ import annotations

from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.models import Clinic, User
from accounts.rights import Right, require
from accounts.services.audit import note_data_export
from accounts.services.checks import checked_reason
from analytics.exports.build import ExportRequest, ExportResult, make
from analytics.models import DataExport, ExportKind, ExportShape

RIGHT_OF = {
    ExportKind.IDENTIFIED: Right.EXPORT_IDENTIFIED,
    ExportKind.DE_IDENTIFIED: Right.EXPORT_COHORT,
}


def export_patients(
    *, clinic: Clinic, kind: ExportKind, shape: ExportShape, reason: str, by: User
) -> tuple[DataExport, IO[bytes]]:
    """Make the zip and write down that it was made; the file is at its beginning and the caller's to close.

    Raises PermissionDenied, ValidationError by field, or OSError when the disk refuses the file.
    """
    require(by, Right.EXPORT_COHORT)
    require(by, RIGHT_OF[kind])
    if clinic not in by.own_clinics:
        raise ValidationError({"clinic": _("This clinic is not yours.")})
    why = checked_reason(reason)
    made = make(
        ExportRequest(
            clinic=clinic,
            on=local_today(clinic),
            identified=kind == ExportKind.IDENTIFIED,
            long=shape in (ExportShape.LONG, ExportShape.BOTH),
            wide=shape in (ExportShape.WIDE, ExportShape.BOTH),
        )
    )
    try:
        return _record_export(made, clinic, kind, shape, why, by), made.file
    except BaseException:
        made.file.close()
        raise


@transaction.atomic
def _record_export(
    made: ExportResult, clinic: Clinic, kind: ExportKind, shape: ExportShape, reason: str, by: User
) -> DataExport:
    export = DataExport(
        clinic=clinic, by=by, kind=kind, shape=shape, reason=reason, columns=dict(made.columns),
        patients=made.patients, rows=made.rows, sha256=made.sha256, bytes=made.size,
    )  # fmt: skip
    export.full_clean()
    export.save()
    said = {
        "export": str(export.pk), "clinic": clinic.name, "shape": shape.value, "patients": str(made.patients),
        "sha256": made.sha256, "reason": reason,
    }  # fmt: skip
    note_data_export(subject=f"data_{kind.value}", clinic=clinic, said=said, by=by)
    return export
