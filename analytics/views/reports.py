"""Reports of the cohort: asked for, watched, read, handed out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import FORM_METHODS, with_right
from accounts.models import User
from accounts.rights import Right, may
from analytics import counting
from analytics.forms.reports import ReportForm
from analytics.links import item_name, way
from analytics.models import Report, ReportFile, ReportState
from analytics.report.document_json import from_json
from analytics.report.files.report_files import CONTENT_TYPES, ReportFormat
from analytics.services import reports as services
from patients.models import Patient

PAGE = 25
GAPS_A_PAGE = 50
# Without a sign of life for so long the page says so, and asks less often.
QUIET_AFTER = timedelta(minutes=1)


@with_right(Right.VIEW_COHORT, methods=FORM_METHODS)
def cohort(request: HttpRequest, reader: User) -> HttpResponse:
    """The form for who may ask, and the reports until now, ?page=."""
    form = ReportForm(reader, request.POST or None) if may(reader, Right.EXPORT_COHORT) else None
    if request.method == "POST":
        if form is None:
            return HttpResponse(status=403)
        report = _request_report(form, reader)
        if report is not None:
            return redirect("analytics:report", report.pk)
    rows = Paginator(Report.objects.visible_to(reader), PAGE).get_page(request.GET.get("page"))
    return render(request, "analytics/cohort.html", {"form": form, "rows": rows, "q": ""})


@with_right(Right.EXPORT_COHORT)
def count(request: HttpRequest, reader: User) -> HttpResponse:
    """A fragment: how many patients a report with the form's present choices would be about."""
    form = ReportForm(reader, request.GET)
    counted = counting.count(*form.order()) if form.is_valid() else None
    return render(request, "analytics/report_count.html", {"counted": counted})


def _request_report(form: ReportForm, reader: User) -> Report | None:
    if not form.is_valid():
        return None
    clinic, choice = form.order()
    try:
        return services.ask_report(clinic=clinic, choice=choice, by=reader)
    except ValidationError as error:
        form.take_errors(error)
        return None


@with_right(Right.VIEW_COHORT)
def report(request: HttpRequest, reader: User, report_id: int) -> HttpResponse:
    """One report: how far it is, or what it says."""
    row = _own(reader, report_id)
    document = from_json(row.document) if row.state == ReportState.FINISHED else None
    acts = row.acts.select_related("by")
    context = {"row": row, "document": document, "files": _files(row), "acts": acts, **_progress(row)}
    return render(request, "analytics/report.html", context)


@with_right(Right.VIEW_COHORT)
def missing(request: HttpRequest, reader: User, report_id: int) -> HttpResponse:
    """What was not recorded when the report was made; who may see records gets names and ways to fill it."""
    row = _own(reader, report_id)
    wanted = request.GET.get("q", "")
    items = Counter(gap["item"] for gap in row.gaps)
    chosen = [gap for gap in row.gaps if not wanted or gap["item"] == wanted]
    page = Paginator(chosen, GAPS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "items": [(item, item_name(item), number) for item, number in sorted(items.items())],
        "wanted": wanted if wanted in items else "",
        "rows": page,
        "gaps": _gap_rows(page, reader),
        "q": wanted,
    }
    return render(request, "analytics/report_missing.html", context)


def _gap_rows(page: Iterable[dict[str, Any]], reader: User) -> list[dict[str, Any]]:
    """Each gap with its words; with the patient and the way to the form for who may see their record."""
    found = list(page)
    people = Patient.objects.none()
    if may(reader, Right.VIEW_RECORD):
        people = Patient.objects.visible_to(reader).filter(pk__in=[gap["patient"] for gap in found])
    known = people.in_bulk()
    return [
        {**gap, "title": item_name(gap["item"]), "person": known.get(gap["patient"]), "way": way(gap)}
        for gap in found
    ]


@with_right(Right.VIEW_COHORT)
def progress(request: HttpRequest, reader: User, report_id: int) -> HttpResponse:
    """A fragment: how far the report is; when it is finished the page is reloaded."""
    row = _own(reader, report_id)
    answer = render(request, "analytics/report_progress.html", {"row": row, **_progress(row)})
    if not row.is_unfinished:
        answer["HX-Refresh"] = "true"
    return answer


@with_right(Right.EXPORT_COHORT)
def download(request: HttpRequest, reader: User, report_id: int, kind: str) -> HttpResponse:
    """A file of the report; that it left is written down. Of a deleted one the page says so."""
    row = _own(reader, report_id)
    if row.state == ReportState.DELETED:
        return redirect("analytics:report", row.pk)
    file = get_object_or_404(ReportFile.objects.select_related("report__clinic"), report=row, kind=kind)
    content = services.hand_out(file=file, by=reader)
    answer = HttpResponse(content, content_type=CONTENT_TYPES[ReportFormat(kind)])
    answer["Content-Disposition"] = f'attachment; filename="tacsle-{row.pk}-{file.name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@with_right(Right.EXPORT_COHORT, methods=("POST",))
def cancel(request: HttpRequest, reader: User, report_id: int) -> HttpResponse:
    row = _own(reader, report_id)
    if not services.cancel_report(report=row, by=reader):
        messages.info(request, _("It was over already: there was nothing to cancel."))
    return redirect("analytics:report", row.pk)


@with_right(Right.EXPORT_COHORT, methods=("POST",))
def retry(request: HttpRequest, reader: User, report_id: int) -> HttpResponse:
    row = _own(reader, report_id)
    services.retry_report(report=row, by=reader)
    return redirect("analytics:report", row.pk)


@with_right(Right.EXPORT_COHORT, methods=("POST",))
def delete(request: HttpRequest, reader: User, report_id: int) -> HttpResponse:
    row = _own(reader, report_id)
    services.delete_report(report=row, by=reader)
    messages.success(request, _("The report and its files are deleted; the list keeps that it was made."))
    return redirect("analytics:cohort")


def _own(reader: User, report_id: int) -> Report:
    """The report, if of one of the reader's clinics; else 404."""
    row = Report.objects.visible_to(reader).defer(None).filter(pk=report_id).first()
    if row is None:
        raise Http404
    return row


def _files(row: Report) -> list[ReportFile]:
    return list(row.files.defer("content"))


def _progress(row: Report) -> dict[str, object]:
    return {"quiet": row.is_unfinished and timezone.now() - row.heartbeat > QUIET_AFTER}
