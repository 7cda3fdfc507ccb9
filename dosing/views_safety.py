"""Safety while tacrolimus is taken, on the patient page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.rights import Right
from dosing.rules.monitoring import WEEK_DAYS
from dosing.safety_now import safety_now
from patients.access import patient_view
from patients.models import Patient


@patient_view(Right.VIEW_RECORD)
def panel(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Signals, other drugs with the table's date, and the present control of the calendar."""
    now = safety_now(patient)
    week = None if now.control is None else now.control.day // WEEK_DAYS
    return render(request, "dosing/safety_now/panel.html", {"patient": patient, "now": now, "week": week})
