"""Drafts: kept as one types, listed, discarded. Only their writer ever reads them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import ClinicRequest
from accounts.rights import Right, require
from patients.access import visible_patient
from patients.drafts import back_to, label_of
from patients.models import Draft
from patients.pages import place_of
from patients.services.drafts import FormPage, discard_draft, keep_draft

# Somebody whose last key is older has probably left the form.
STILL_TYPING = timedelta(minutes=30)
MOST_LISTED = 50


@require_http_methods(["GET", "HEAD"])
def own(request: ClinicRequest) -> HttpResponse:
    """Their unfinished entries: all, of one ?patient=, or of one ?path= but for the ?key= that is open.

    For a form also who else is typing in it. Nothing at all when there is nothing to say.
    """
    require(request.user, Right.VIEW_RECORD)
    rows = Draft.objects.unfinished_of(request.user)
    path, patient = request.GET.get("path", ""), request.GET.get("patient", "")
    if path:
        rows = rows.filter(path=path)
    if patient.isdecimal():
        rows = rows.filter(patient=int(patient))
    key = _key(request.GET.get("key", ""))
    if key is not None:
        rows = rows.exclude(key=key)
    context = {
        "drafts": [(draft, label_of(draft.view_name)) for draft in rows[:MOST_LISTED]],
        "names_patient": not path and not patient,
        "others": _others_typing(request, path) if path else [],
    }
    return render(request, "patients/drafts.html", context)


@require_http_methods(["POST"])
def keep(request: ClinicRequest, key: UUID) -> HttpResponse:
    """Store what the browser has. The answer says whether the form was saved meanwhile."""
    require(request.user, Right.VIEW_RECORD)
    try:
        sent = _sent(request)
        if sent.get("user") != str(request.user.pk):
            return JsonResponse({"kept": False}, status=409)
        draft = keep_draft(
            key=key,
            page=_page(request, sent["path"]),
            typed=sent["fields"],
            typed_at_ms=sent["typed_at_ms"],
            by=request.user,
        )
    except (ValueError, ValidationError):
        return JsonResponse({"kept": False}, status=400)
    return JsonResponse({"kept": True, "finished": draft.finished_at is not None})


@require_http_methods(["POST"])
def discard(request: ClinicRequest, key: UUID) -> HttpResponse:
    """Throw a draft away, and go back: home, where it was thrown away there, else to its patient."""
    require(request.user, Right.VIEW_RECORD)
    draft = get_object_or_404(Draft.objects.unfinished_of(request.user), key=key)
    discard_draft(draft=draft, by=request.user)
    messages.success(request, _("The draft is discarded."))
    if "home" in request.POST:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return back_to(draft.patient)


def _page(request: ClinicRequest, path: str) -> FormPage:
    """The form's page, behind the same gate as the page itself."""
    place = place_of(path)
    patient = visible_patient(request, place.patient_id) if place.patient_id is not None else None
    require(request.user, place.form.right)
    return FormPage(place.view_name, path, patient)


def _sent(request: ClinicRequest) -> dict[str, Any]:
    """The body. Raises ValueError unless it has the shape that our script sends."""
    sent = json.loads(request.body)
    if not isinstance(sent, dict) or not isinstance(sent.get("fields"), dict):
        raise ValueError(type(sent))
    when = sent.get("typed_at_ms")
    if not isinstance(sent.get("path"), str) or not isinstance(when, int) or not 0 <= when < 2**53:
        raise ValueError(type(when))
    return sent


def _others_typing(request: ClinicRequest, path: str) -> list[Draft]:
    """Who else typed into this form within the last half hour: who and when, never what."""
    try:
        page = _page(request, path)
    except ValueError:
        return []
    if page.patient is None:
        return []
    recent = Draft.objects.being_typed(path, since=timezone.now() - STILL_TYPING)
    return list(recent.exclude(user=request.user)[:MOST_LISTED])


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
