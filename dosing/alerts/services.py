"""What people do with alerts: acknowledge, snooze until a day, override with a coded reason, take it back."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.history import note_writer
from dosing.models import Alert, AlertReason, AlertState
from dosing.rules.findings import Severity
from patients.services import writing

if TYPE_CHECKING:
    from accounts.models import User

# [D] No alert is snoozed for longer than a patient on tacrolimus may go without a control (12 weeks).
LONGEST_SNOOZE = timedelta(weeks=12)
HANDLED = (AlertState.ACKNOWLEDGED, AlertState.SNOOZED, AlertState.OVERRIDDEN)


class ChangedAlertError(ValidationError):
    """The alert is no longer what the person saw."""

    def __init__(self) -> None:
        super().__init__(
            _("This alert changed since you opened the page. Nothing was done; read it again."),
            code="changed",
        )


def display_fingerprint(alert: Alert) -> str:
    """Changes when the severity or the words of an alert do; a form about it carries it."""
    verdict = alert.current_verdict
    parts = [part["sentence"] for part in verdict["parts"]]
    words = json.dumps([alert.severity, verdict["sentence"], parts], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@transaction.atomic
def acknowledge(*, alert: Alert, by: User, seen: str | None = None) -> Alert:
    """Say that an open alert was seen; it stays on the patient's page. Acknowledging is not acting.

    seen: the display_fingerprint of what the person saw; None for programs.
    Raises ChangedAlertError or ValidationError.
    """
    present = _locked(alert, seen)
    if present.state != AlertState.OPEN:
        raise ValidationError(_("This alert was dealt with already."))
    return _handle(present, AlertState.ACKNOWLEDGED, by)


@transaction.atomic
def snooze(*, alert: Alert, until: date, by: User, seen: str | None = None) -> Alert:
    """Hide the alert until a day after today, within 12 weeks.

    Raises ChangedAlertError, or ValidationError also for "act now".
    """
    present = _locked(alert, seen)
    if present.severity == Severity.ACT_NOW:
        raise ValidationError(_("“Act now” cannot be snoozed."))
    if present.state == AlertState.OVERRIDDEN:
        raise ValidationError(_("This alert was dealt with already."))
    today = local_today(present.patient.clinic)
    if not today < until <= today + LONGEST_SNOOZE:
        text = _("Choose a day after today and within %(weeks)s weeks.")
        raise ValidationError({"until": text % {"weeks": LONGEST_SNOOZE // timedelta(weeks=1)}})
    present.snoozed_until = until
    return _handle(present, AlertState.SNOOZED, by)


@transaction.atomic
def override(*, alert: Alert, code: str, comment: str, by: User, seen: str | None = None) -> Alert:
    """Close the alert against its verdict, with a coded reason; "act now" also needs it in words.

    Raises ChangedAlertError or ValidationError.
    """
    if code not in AlertReason.values:
        raise ValidationError({"code": _("Choose a reason.")})
    present = _locked(alert, seen)
    if present.state == AlertState.OVERRIDDEN:
        raise ValidationError(_("This alert was dealt with already."))
    _check_words(present, code, comment)
    present.override_code = code
    present.comment = comment.strip()
    return _handle(present, AlertState.OVERRIDDEN, by)


@transaction.atomic
def reopen(*, alert: Alert, by: User, seen: str | None = None) -> Alert:
    """Take back that an alert was acknowledged, snoozed or overridden. Raises ValidationError otherwise."""
    present = _locked(alert, seen)
    if present.state not in HANDLED:
        raise ValidationError(_("This alert is open."))
    present.snoozed_until = None
    present.override_code = present.comment = ""
    return _handle(present, AlertState.OPEN, by)


def _check_words(alert: Alert, code: str, comment: str) -> None:
    if comment.strip():
        return
    if code == AlertReason.OTHER:
        raise ValidationError({"comment": _("Say which reason.")})
    if alert.severity == Severity.ACT_NOW:
        raise ValidationError({"comment": _("To override “act now”, say why in words.")})


def _locked(alert: Alert, seen: str | None) -> Alert:
    """The alert as it is now, under its patient's lock: the rules may have changed it since it was shown."""
    writing.lock(alert.patient)
    present = Alert.objects.select_related("patient__clinic").get(pk=alert.pk)
    if present.state == AlertState.RESOLVED:
        raise ValidationError(_("This alert is closed already: the facts settled it."))
    if seen is not None and seen != display_fingerprint(present):
        raise ChangedAlertError
    return present


def _handle(alert: Alert, state: AlertState, by: User) -> Alert:
    alert.state = state
    alert.handled_by = by
    alert.handled_at = timezone.now()
    note_writer(alert, by=by)
    alert.save()
    return alert
