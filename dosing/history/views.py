"""The history of decisions, courses, levels, alerts and planned work, as a fragment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from dosing.history.kinds import KINDS
from patients.access import patient_view
from patients.forms.history import HistoryFilterForm
from patients.history import history_page, writers
from patients.models import Patient


@patient_view(Right.VIEW_RECORD, page=_("history of decisions and alerts"))
def history(request: HttpRequest, patient: Patient) -> HttpResponse:
    """What was decided and what became of alerts and tasks; ?kind=, person, since, until."""
    form = HistoryFilterForm(KINDS.values(), writers(patient, KINDS.values()), request.GET)
    form.is_valid()
    rows = history_page(patient, KINDS.values(), form.wanted(), request.GET.get("page"))
    return render(request, "dosing/history.html", {"patient": patient, "rows": rows})
