"""The page of alert burden, and the same as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import with_right
from accounts.audit.export import BYTE_ORDER_MARK
from accounts.models import User
from accounts.rights import Right
from dosing.alerts.burden import table
from dosing.alerts.burden.forms import BurdenForm
from dosing.alerts.burden.queries import burden


@with_right(Right.VIEW_ALERT_BURDEN)
def alert_burden(request: HttpRequest, reader: User) -> HttpResponse:
    """How many alerts were raised in a period, and what became of them; ?clinic=, since, until."""
    form = BurdenForm(reader, request.GET)
    if not form.is_valid():
        return render(request, "dosing/burden.html", {"form": form})
    found = burden(*form.chosen())
    context = {
        "form": form,
        "found": found,
        "headings": table.headings(),
        "by_severity": table.rows_by_severity(found),
        "by_rule": table.rows_by_rule(found),
        "by_month": table.rows_by_month(found),
        "work": table.rows_of_work(found),
        "patient_weeks": table.format_number(found.patient_weeks),
        "tacrolimus_weeks": table.format_number(found.tacrolimus_weeks),
    }
    return render(request, "dosing/burden.html", context)


@with_right(Right.VIEW_ALERT_BURDEN, methods=("POST",))
def alert_burden_file(request: HttpRequest, reader: User) -> HttpResponse:
    """The rows by rule and severity as CSV; it names no patient. What cannot be read leads to the page."""
    form = BurdenForm(reader, request.GET)
    if not form.is_valid():
        return render(request, "dosing/burden.html", {"form": form})
    found = burden(*form.chosen())
    response = HttpResponse(BYTE_ORDER_MARK + table.csv_text(found), content_type="text/csv; charset=utf-8")
    name = f"tacsle-alerts-{found.since.isoformat()}-{found.until.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
