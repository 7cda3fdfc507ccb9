"""Taking audit rows or patients' data out of the application is written down too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from accounts.audit import AuditRequest
from accounts.models import AuditExport, Clinic, User
from accounts.rights import Right, require


def note_export(*, subject: str, asked: AuditRequest, by: User) -> AuditExport:
    """Write down who exported which audit with which filters. Raises PermissionDenied."""
    require(by, Right.VIEW_AUDIT)
    filters = {name: str(value) for name, value in asdict(asked).items() if value not in (None, "")}
    return AuditExport.objects.create(by=by, subject=subject, asked=filters)


def note_data_export(*, subject: str, clinic: Clinic, said: Mapping[str, str], by: User) -> AuditExport:
    """Write down who took data of a clinic's patients, for its audit of accounts. Raises PermissionDenied."""
    require(by, Right.EXPORT_COHORT)
    return AuditExport.objects.create(by=by, subject=subject, clinic=clinic, asked=dict(said))
