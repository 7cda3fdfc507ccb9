"""One sheet of a patient's treatment for the paper chart."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.rights import Right
from dosing.summary.queries import chart_of
from patients.access import patient_view
from patients.banner import banner_of
from patients.models import Patient


@patient_view(Right.VIEW_RECORD, page=_("summary for the chart"))
def chart(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The patient's present state, without forms; printed by the browser it takes one sheet."""
    context = {"patient": patient, "banner": banner_of(patient), **chart_of(patient)}
    return render(request, "dosing/chart.html", context)
