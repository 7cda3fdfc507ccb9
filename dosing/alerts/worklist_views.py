"""The worklist of the person who signed in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.requests import ClinicRequest
from accounts.rights import Right, may
from dosing.alerts import worklist as worklists


@require_http_methods(["GET", "HEAD"])
def worklist(request: ClinicRequest) -> HttpResponse:
    """What needs this person, from stored alerts and tasks; an administrator has their own home."""
    if not may(request.user, Right.VIEW_RECORD):
        return render(request, "dosing/no_worklist.html")
    chosen = request.GET.get("show", "")
    context = worklists.worklist(request.user, chosen, request.GET.get("page"))
    return render(request, "dosing/worklist.html", {**context, "back": request.get_full_path()})
