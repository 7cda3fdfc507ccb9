"""Clinics: founded and changed by their administrators."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.history import note_writer
from accounts.models import Clinic, DateOrder, User
from accounts.rights import Right, require
from accounts.services.checks import check_version, checked_reason


@transaction.atomic
def create_clinic(
    *,
    name: str,
    time_zone: str,
    by: User,
    date_order: str = DateOrder.MONTH_FIRST,
    submission: UUID | None = None,
) -> Clinic:
    """A new clinic with its founder as first administrator.

    A second call with the same submission returns the clinic of the first. Raises PermissionDenied or
    ValidationError with messages by field.
    """
    require(by, Right.MANAGE_USERS)
    founder = User.objects.select_for_update().get(pk=by.pk)
    first = Clinic.objects.filter(submission=submission, users=by).first() if submission else None
    if first is not None:
        return first
    clinic = Clinic(name=name.strip(), time_zone=time_zone, date_order=date_order, submission=submission)
    _save(clinic, by=by, reason="")
    founder._history_user = by
    founder.clinics.add(clinic)
    return clinic


@transaction.atomic
def change_clinic(
    *,
    clinic: Clinic,
    name: str,
    time_zone: str,
    reason: str,
    by: User,
    expected_version: int | None,
    date_order: str = "",
) -> Clinic:
    """Rename a clinic, move its clock, or say how it writes days.

    date_order "": as it is. Raises PermissionDenied, StaleError or ValidationError by field.
    """
    require(by, Right.MANAGE_USERS)
    current = Clinic.objects.select_for_update().get(pk=clinic.pk)
    if current not in by.own_clinics:
        raise ValidationError(_("This clinic is not yours."))
    wanted = (name.strip(), time_zone, date_order or current.date_order)
    if (current.name, current.time_zone, current.date_order) == wanted:
        return current
    check_version(current, expected_version)
    why = checked_reason(reason)
    current.name, current.time_zone, current.date_order = wanted
    return _save(current, by=by, reason=why)


def _save(clinic: Clinic, *, by: User, reason: str) -> Clinic:
    if clinic.time_zone not in available_timezones():
        raise ValidationError({"time_zone": _("This is not a time zone: write it like Asia/Tokyo.")})
    clinic.full_clean()
    note_writer(clinic, by=by, reason=reason)
    clinic.save()
    return clinic
