"""Safety while tacrolimus is taken, on the patient page; and the table of interactions that the rules use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.access import with_right
from accounts.models import User
from accounts.rights import Right
from dosing.rules.interactions import TABLE_DATE
from dosing.rules.interactions.watch import LARGE_CUT_MG
from dosing.rules.monitoring import WEEK_DAYS
from dosing.safety.interaction_table import rows
from dosing.safety.queries import safety_status
from patients.access import patient_view
from patients.models import Patient


@patient_view(Right.VIEW_RECORD, page=_("safety on tacrolimus"))
def panel(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Signals, other drugs with the table's date, and the present control of the calendar."""
    now = safety_status(patient)
    week = None if now.control is None else now.control.day // WEEK_DAYS
    return render(request, "dosing/safety_now/panel.html", {"patient": patient, "now": now, "week": week})


@with_right(Right.VIEW_RECORD)
def interaction_table(request: HttpRequest, _reader: User) -> HttpResponse:
    """Every class with its drugs, what it does, what to do, and where that comes from."""
    context = {"rows": rows(), "table_date": TABLE_DATE, "large_cut_mg": LARGE_CUT_MG}
    return render(request, "dosing/interaction_table.html", context)
