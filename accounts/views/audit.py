"""The audit pages: one view for all audits, and one that hands them out as CSV."""

from __future__ import annotations

from collections.abc import Callable

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone

from accounts.access import with_right
from accounts.audit import Audit, audit_lines, everything
from accounts.audit.accounts import ACCOUNTS
from accounts.audit.export import csv_text
from accounts.audit.sign_ins import SIGN_INS
from accounts.forms.audit import AuditFilterForm
from accounts.models import User
from accounts.rights import Right
from accounts.services.audit import note_export

View = Callable[..., HttpResponseBase]
# An audit is asked for with each request: apps add their tables when they are ready.
Maker = Callable[[], Audit]


def audit_page(maker: Maker) -> View:
    """A page of an audit, newest first; ?person=, patient, kind, since, until, after."""

    @with_right(Right.VIEW_AUDIT)
    def view(request: HttpRequest, reader: User) -> HttpResponse:
        audit = maker()
        form = AuditFilterForm(audit, reader, request.GET)
        try:
            lines, following = audit_lines(audit, reader, form.audit_request(), request.GET.get("after", ""))
        except ValueError:
            return HttpResponseBadRequest()
        filters = request.GET.copy()
        filters.pop("after", None)
        context = {
            "audit": audit,
            "export": f"{request.path}export/",
            "form": form,
            "lines": lines,
            "following": following,
            "first": "after" not in request.GET,
            "filters": filters.urlencode(),
            "zone": timezone.get_current_timezone_name(),
        }
        return render(request, "accounts/administration/audit.html", context)

    return view


def audit_export(maker: Maker) -> View:
    """Everything that the filters in the address find, as CSV; who took it is written down first."""

    @with_right(Right.VIEW_AUDIT, methods=("POST",))
    def view(request: HttpRequest, reader: User) -> HttpResponseBase:
        audit = maker()
        asked = AuditFilterForm(audit, reader, request.GET).audit_request()
        note_export(subject=audit.name, asked=asked, by=reader)
        pieces = csv_text(audit, everything(audit, reader, asked), timezone.get_current_timezone())
        response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        name = f"tacsle-{audit.filename}-{timezone.localdate().isoformat()}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return view


sign_ins, export_sign_ins = audit_page(lambda: SIGN_INS), audit_export(lambda: SIGN_INS)
accounts, export_accounts = audit_page(lambda: ACCOUNTS), audit_export(lambda: ACCOUNTS)
