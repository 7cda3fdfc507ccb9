"""The history of a patient, and who viewed the record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from patients.access import patient_view
from patients.banner import banner_of
from patients.forms.history import HistoryFilterForm
from patients.history import KINDS, history_page, writers
from patients.models import Patient
from patients.viewings import viewings_page


@patient_view(Right.VIEW_RECORD, page=_("history"))
def history(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Every write of the record as a sentence, the newest first; ?kind=, person, since, until."""
    form = HistoryFilterForm(KINDS.values(), writers(patient, KINDS.values()), request.GET)
    form.is_valid()
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "form": form,
        "asked": f"?{asked.urlencode()}",
        "rows": history_page(patient, KINDS.values(), form.wanted(), request.GET.get("page")),
    }
    return render(request, "patients/history.html", context)


@patient_view(Right.VIEW_RECORD, page=_("who viewed the record"))
def viewers(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Who looked at the record: one line a person and sitting, the newest first."""
    context = {
        "patient": patient,
        "banner": banner_of(patient),
        "rows": viewings_page(patient, request.GET.get("page")),
    }
    return render(request, "patients/viewers.html", context)
