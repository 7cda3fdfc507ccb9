"""Reports are asked for, cancelled, asked for again and deleted here."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clock import local_today
from accounts.models import Clinic, User
from accounts.rights import Right, require
from accounts.services.audit import note_data_export
from analytics.cohorts import CohortSelection
from analytics.models import Act, Report, ReportAct, ReportFile, ReportState
from analytics.tasks import make_report


@transaction.atomic
def ask_report(*, clinic: Clinic, choice: CohortSelection, by: User) -> Report:
    """Queue a report; the same one while it is not finished is the one that waits already.

    Raises PermissionDenied, or ValidationError by field.
    """
    require(by, Right.EXPORT_COHORT)
    if clinic not in by.own_clinics:
        raise ValidationError({"clinic": _("This clinic is not yours.")})
    _check(clinic, choice)
    wanted = {
        "clinic": clinic,
        "cut_off": choice.cut_off,
        "first_from": choice.first_from,
        "first_to": choice.first_to,
        "renal_involvement": choice.renal_involvement,
    }
    # Of two who ask for the same at once, the second finds what the first asked for.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    waiting = Report.objects.filter(**wanted, state__in=[ReportState.WAITING, ReportState.RUNNING])
    report = waiting.order_by("pk").first()
    if report is None:
        report = Report(**wanted, asked_by=by)
        report.full_clean(exclude=["asked_by"])
        report.save()
        _queue(report)
    return report


def _check(clinic: Clinic, choice: CohortSelection) -> None:
    today = local_today(clinic)
    if choice.cut_off > today:
        raise ValidationError({"cut_off": _("This day lies ahead: nothing is known of it yet.")})
    if choice.first_from and choice.first_to and choice.first_from > choice.first_to:
        raise ValidationError({"first_to": _("This is before the first day of the period.")})
    if choice.first_from and choice.first_from > choice.cut_off:
        raise ValidationError({"first_from": _("This is after the last day that counts.")})


def _queue(report: Report) -> None:
    """After the row is there for others to see; where the broker is down the watch over reports asks."""
    transaction.on_commit(lambda: make_report.delay(report.pk), robust=True)


@transaction.atomic
def cancel_report(*, report: Report, by: User) -> bool:
    """Whether there was still something to cancel; the worker stops at its next step."""
    row = _locked(report, by)
    if not row.is_unfinished:
        return False
    row.state, row.claim = ReportState.CANCELLED, None
    row.save(update_fields=["state", "claim"])
    ReportAct.objects.create(report=row, act=Act.CANCELLED, by=by)
    return True


@transaction.atomic
def retry_report(*, report: Report, by: User) -> bool:
    """Queue a failed or cancelled report again. Returns whether it was failed or cancelled."""
    row = _locked(report, by)
    if not row.may_be_retried:
        return False
    row.state, row.attempts, row.failure, row.step = ReportState.WAITING, 0, "", ""
    row.heartbeat = timezone.now()
    row.save(update_fields=["state", "attempts", "failure", "step", "heartbeat"])
    ReportAct.objects.create(report=row, act=Act.RETRIED, by=by)
    _queue(row)
    return True


@transaction.atomic
def delete_report(*, report: Report, by: User) -> None:
    """Delete its text and files. The record of who made and deleted it stays."""
    row = _locked(report, by)
    if row.state == ReportState.DELETED:
        return
    ReportFile.objects.filter(report=row).delete()
    row.state, row.claim, row.document, row.gaps = ReportState.DELETED, None, "", []
    row.save(update_fields=["state", "claim", "document", "gaps"])
    ReportAct.objects.create(report=row, act=Act.DELETED, by=by)


def _locked(report: Report, by: User) -> Report:
    require(by, Right.EXPORT_COHORT)
    return Report.objects.select_for_update().get(pk=report.pk, clinic__in=by.own_clinics)


@transaction.atomic
def hand_out(*, file: ReportFile, by: User) -> bytes:
    """The content of a file, and that it left: who, when, which. Raises PermissionDenied."""
    require(by, Right.EXPORT_COHORT)
    if file.report.clinic not in by.own_clinics:
        raise PermissionDenied
    said = {
        "report": str(file.report_id),
        "file": file.name,
        "clinic": file.report.clinic.name,
        "sha256": file.sha256,
    }
    note_data_export(subject="cohort_report", clinic=file.report.clinic, said=said, by=by)
    return bytes(file.content)
