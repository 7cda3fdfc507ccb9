"""Taking audit rows out of the application is written down too."""

from __future__ import annotations

from dataclasses import asdict

from accounts.audit import Asked
from accounts.models import AuditExport, User
from accounts.rights import Right, require


def note_export(*, subject: str, asked: Asked, by: User) -> AuditExport:
    """Write down who exported which audit with which filters. Raises PermissionDenied."""
    require(by, Right.VIEW_AUDIT)
    filters = {name: str(value) for name, value in asdict(asked).items() if value not in (None, "")}
    return AuditExport.objects.create(by=by, subject=subject, asked=filters)
