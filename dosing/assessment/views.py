"""The re-assessment of a clinic: asked for, and its progress."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import own_clinic, with_right
from accounts.models import User
from accounts.rights import Right
from dosing.assessment import nightly
from dosing.assessment.jobs import reassess_clinic
from dosing.models import ReassessmentRun

# Without a sign of life for so long the page says so, and asks less often.
QUIET_AFTER = timedelta(minutes=2)


@with_right(Right.PROPOSE_SETTINGS, Right.APPROVE_SETTINGS)
def reassessment(request: HttpRequest, reader: User, clinic_id: int) -> HttpResponse:
    """A fragment: the latest re-assessment of the clinic with its progress; asks again until it is over."""
    clinic = own_clinic(reader, clinic_id)
    row = ReassessmentRun.objects.filter(clinic=clinic).select_related("asked_by").order_by("-pk").first()
    quiet = row is not None and row.is_unfinished and timezone.now() - row.heartbeat > QUIET_AFTER
    context = {"clinic": clinic, "row": row, "quiet": quiet, "nightly": nightly.last_nightly_run()}
    return render(request, "dosing/reassessment.html", context)


@with_right(Right.PROPOSE_SETTINGS, Right.APPROVE_SETTINGS, methods=("POST",))
def reassess(request: HttpRequest, reader: User, clinic_id: int) -> HttpResponse:
    """Request a new assessment of the clinic now."""
    clinic = own_clinic(reader, clinic_id)
    reassess_clinic(clinic=clinic, by=reader)
    messages.success(request, _("The patients of %(clinic)s are judged anew.") % {"clinic": clinic})
    return redirect("accounts:settings", clinic.pk)
