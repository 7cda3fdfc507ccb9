"""The time axis of a patient, and its table, as fragments."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from dosing.timeline import chart_data, draw, entries, latest_entries, load_timeline
from patients.access import patient_view
from patients.models import Patient


@patient_view(Right.VIEW_RECORD, page=_("time axis"))
def timeline(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Doses, levels, activity, laboratory, visits and events on one axis; as a drawing on paper."""
    found = load_timeline(patient)
    context: dict[str, Any] = {"patient": patient, "found": found}
    if found is not None:
        data, drawing, latest = chart_data(found), draw(found), latest_entries(found)
        context |= {"data": data, "drawing": drawing, "latest": latest}
    return render(request, "dosing/timeline.html", context)


@patient_view(Right.VIEW_RECORD, page=_("table of the time axis"))
def timeline_table(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Everything on the axis as rows, asked for when the table is opened."""
    found = load_timeline(patient)
    rows = [] if found is None else entries(found, patient.pk)
    return render(request, "dosing/timeline_table.html", {"patient": patient, "rows": rows})
