"""A clinic's own thresholds: proposed, decided on by another, in force from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import upward
from accounts.clock import local_today
from accounts.history import note_writer
from accounts.models import Clinic, ClinicSettings, SettingsState, User
from accounts.rights import Right, require


@transaction.atomic
def propose_settings(
    *,
    clinic: Clinic,
    values: Mapping[str, Any],
    reason: str,
    effective_from: date,
    by: User,
    submission: UUID | None = None,
) -> ClinicSettings:
    """An administrator proposes a new version. Raises PermissionDenied or ValidationError.

    A second call with the same submission returns the proposal of the first.
    """
    require(by, Right.PROPOSE_SETTINGS)
    if not by.clinics.filter(pk=clinic.pk).exists():
        raise ValidationError(_("Only an administrator of this clinic may propose."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the settings change.")})
    if effective_from < local_today(clinic):
        raise ValidationError({"effective_from": _("What was judged stays so: choose today or later.")})
    try:
        upward.check_settings(values)
    except ValueError as error:
        raise ValidationError({"values": str(error)}) from error
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    first = ClinicSettings.objects.filter(submission=submission, clinic=clinic).first()
    if submission is not None and first is not None:
        return first
    last = ClinicSettings.objects.filter(clinic=clinic).aggregate(Max("version"))["version__max"] or 0
    proposal = ClinicSettings(
        clinic=clinic,
        version=last + 1,
        values=dict(values),
        reason=reason.strip(),
        effective_from=effective_from,
        proposed_by=by,
        submission=submission,
    )
    note_writer(proposal, by=by, reason=proposal.reason)
    proposal.save()
    return proposal


@transaction.atomic
def approve_settings(*, proposal: ClinicSettings, by: User) -> ClinicSettings:
    """A rheumatologist of the clinic puts a proposal in force. Raises PermissionDenied or ValidationError.

    Earlier assessments stay as they are: a proposal whose day has passed takes effect today.
    The clinic's patients are assessed again.
    """
    version = _decide(proposal, SettingsState.APPROVED, by)
    upward.settings_approved(version, by)
    return version


def reject_settings(*, proposal: ClinicSettings, by: User) -> ClinicSettings:
    """A rheumatologist of the clinic turns a proposal down."""
    return _decide(proposal, SettingsState.REJECTED, by)


def settings_in_force(clinic: Clinic, on: date) -> ClinicSettings | None:
    """The newest approved version that is in force on a day, or None for the defaults."""
    approved = ClinicSettings.objects.filter(clinic=clinic, state=SettingsState.APPROVED)
    return approved.filter(effective_from__lte=on).order_by("-effective_from", "-version").first()


@transaction.atomic
def _decide(proposal: ClinicSettings, state: SettingsState, by: User) -> ClinicSettings:
    require(by, Right.APPROVE_SETTINGS)
    current = ClinicSettings.objects.select_for_update().get(pk=proposal.pk)
    if current.state != SettingsState.PROPOSED:
        raise ValidationError(_("This proposal is already decided."))
    if current.proposed_by == by:
        raise ValidationError(_("Somebody else must decide on this proposal."))
    if not by.clinics.filter(pk=current.clinic_id).exists():
        raise ValidationError(_("Only a doctor of this clinic may decide."))
    current.state = state
    if state == SettingsState.APPROVED:
        current.effective_from = max(current.effective_from, local_today(current.clinic))
    current.decided_by = by
    current.decided_at = timezone.now()
    note_writer(current, by=by)
    current.save()
    return current
