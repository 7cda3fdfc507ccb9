"""Reports as rows, for the tests of pages and jobs."""

from __future__ import annotations

from django.utils import timezone

from accounts.clock import local_today
from accounts.models import Clinic, User
from analytics.models import Report, ReportFile, ReportState
from analytics.report.document import Document
from analytics.report.document_json import to_json
from tests.analytics.documents import document


def finished_report(clinic: Clinic, by: User, says: Document | None = None) -> Report:
    """A report that is done, with one small file."""
    report = Report.objects.create(
        clinic=clinic, asked_by=by, cut_off=local_today(clinic), state=ReportState.FINISHED, patients=2,
        document=to_json(says or document()), finished_at=timezone.now(), snapshot="0" * 64, code_version="1",
    )  # fmt: skip
    ReportFile.objects.create(
        report=report, kind="csv", name="tables.zip", sha256="0" * 64, bytes=3, content=b"zip"
    )
    return report
