"""Workers make the reports: one claims a report, stores each step, and another continues if it dies.

The row is the record of the job. A worker that was killed leaves a row without a heartbeat; the next claims
it again and starts from the beginning, and what the first may still write is refused by its claim.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.cohorts import CohortSelection
from analytics.models import Report, ReportFile, ReportState
from analytics.report.build import ReportResult, make
from analytics.report.document_json import to_json
from analytics.version import code_version

DEAD_AFTER = timedelta(minutes=5)
MOST_ATTEMPTS = 3
REFERENCE_DIGITS = 8
log = structlog.get_logger("tacsle")


class ClaimLostError(Exception):
    """The report was cancelled, deleted or claimed by another worker: this one has nothing more to do."""


def run(key: int) -> bool:
    """Make the report of that row if it waits or its worker died; whether it was made here.

    A failure is written into the row with the reference that the log has.
    """
    report = _claimed(key)
    if report is None:
        return False
    try:
        made = make(report.clinic, choice_of(report), code_version(), lambda *step: _tell(report, *step))
        _finish(report, made)
    except ClaimLostError:
        return False
    except Exception as error:
        _fail(report, error)
        raise
    return True


def choice_of(report: Report) -> CohortSelection:
    return CohortSelection(report.cut_off, report.first_from, report.first_to, report.renal_involvement)


def dead() -> QuerySet[Report]:
    """Unfinished reports without a worker: waiting for long, or running without a heartbeat."""
    limit = timezone.now() - DEAD_AFTER
    return Report.objects.filter(
        Q(state=ReportState.WAITING) | Q(state=ReportState.RUNNING), heartbeat__lt=limit
    ).order_by("pk")


@transaction.atomic
def _claimed(key: int) -> Report | None:
    report = Report.objects.select_for_update().filter(pk=key).first()
    if report is None or not report.is_unfinished:
        return None
    alive = report.state == ReportState.RUNNING and report.heartbeat >= timezone.now() - DEAD_AFTER
    if alive:
        return None
    if report.attempts >= MOST_ATTEMPTS:
        report.state = ReportState.FAILED
        report.failure = _("The worker died %(n)s times while it made this report.") % {"n": report.attempts}
        report.save()
        return None
    report.state, report.claim, report.attempts = ReportState.RUNNING, uuid.uuid4(), report.attempts + 1
    report.heartbeat, report.step, report.done, report.total = timezone.now(), "", 0, 0
    report.save()
    return report


def _mine(report: Report) -> QuerySet[Report]:
    return Report.objects.filter(pk=report.pk, claim=report.claim, state=ReportState.RUNNING)


def _tell(report: Report, step: str, done: int, total: int) -> None:
    """Write how far it is; each step is a sign of life. Raises ClaimLostError."""
    if not _mine(report).update(step=step, done=done, total=total, heartbeat=timezone.now()):
        raise ClaimLostError


@transaction.atomic
def _finish(report: Report, made: ReportResult) -> None:
    """Result, files and state in one piece: a report is finished with all of them or not at all."""
    rows = _mine(report).select_for_update()
    if not rows.exists():
        raise ClaimLostError
    ReportFile.objects.filter(report=report).delete()
    for file in made.files:
        ReportFile.objects.create(
            report=report, kind=file.kind.value, name=file.name, sha256=file.sha256,
            bytes=len(file.content), content=file.content,
        )  # fmt: skip
    rows.update(
        state=ReportState.FINISHED,
        document=to_json(made.document),
        snapshot=made.snapshot,
        patients=made.patients,
        gaps=made.gaps,
        code_version=code_version(),
        finished_at=timezone.now(),
        done=F("total"),
        failure="",
    )


def _fail(report: Report, error: Exception) -> None:
    """A message for the person, and the error in the log, both with one reference."""
    reference = uuid.uuid4().hex[:REFERENCE_DIGITS].upper()
    log.error("report_failed", report=report.pk, reference=reference, exc_info=error)
    if isinstance(error, OSError):
        text = _("The disk refused a file: nothing of the report was kept. Reference %(reference)s.")
    else:
        text = _("Something went wrong: nothing of the report was kept. Reference %(reference)s.")
    _mine(report).update(state=ReportState.FAILED, failure=text % {"reference": reference})
