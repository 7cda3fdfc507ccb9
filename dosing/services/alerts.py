"""What people do with alerts: acknowledge, snooze until a day, override with a coded reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from dosing.models import Alert, AlertState, ReasonCode, Severity

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def acknowledge(*, alert: Alert, by: User) -> Alert:
    """Say that an open alert was seen; it stays on the patient's page. Acknowledging is not acting."""
    present = _locked(alert)
    if present.state != AlertState.OPEN:
        raise ValidationError(_("This alert was dealt with already."))
    return _handle(present, AlertState.ACKNOWLEDGED, by)


@transaction.atomic
def snooze(*, alert: Alert, until: date, by: User) -> Alert:
    """Hide the alert until a day. Raises ValidationError for "act now", or a day not after today."""
    present = _locked(alert)
    if present.severity == Severity.ACT_NOW:
        raise ValidationError(_("“Act now” cannot be snoozed."))
    if until <= local_today(present.patient.clinic):
        raise ValidationError({"until": _("Choose a day after today.")})
    present.snoozed_until = until
    return _handle(present, AlertState.SNOOZED, by)


@transaction.atomic
def override(*, alert: Alert, code: str, comment: str, by: User) -> Alert:
    """Close the alert against its verdict, with a coded reason. Raises ValidationError without one."""
    if code not in ReasonCode.values:
        raise ValidationError({"code": _("Choose a reason.")})
    present = _locked(alert)
    present.override_code = code
    present.comment = comment.strip()
    return _handle(present, AlertState.OVERRIDDEN, by)


def _locked(alert: Alert) -> Alert:
    """The alert as it is now: the rules may have changed it since it was shown."""
    present = Alert.objects.select_for_update().get(pk=alert.pk)
    if present.state == AlertState.RESOLVED:
        raise ValidationError(_("This alert is already resolved."))
    return present


def _handle(alert: Alert, state: AlertState, by: User) -> Alert:
    alert.state = state
    alert.handled_by = by
    alert.handled_at = timezone.now()
    alert._history_user = by  # type: ignore[attr-defined]
    alert.save()
    return alert
