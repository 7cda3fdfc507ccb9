"""The gate of every page about one patient: strangers get 404, readers who may not act 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.rights import Right, require
from patients.models import Patient

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Patient, P], HttpResponse]


def patient_view(
    right: Right, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Turn a view of (request, patient, …) into one of (request, patient_id, …) behind the gate.

    Times are shown and counted as the clinic's clock shows them.
    The view of the record is noted on the request; a middleware logs it after the response.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def gated(request: HttpRequest, patient_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
            patient = visible_patient(request, patient_id)
            require(request.user, right)
            request.viewed_patient = patient  # type: ignore[attr-defined]
            with timezone.override(ZoneInfo(patient.clinic.time_zone)):
                return view(request, patient, *args, **kwargs)

        return require_http_methods(methods)(gated)

    return decorate


def visible_patient(request: HttpRequest, patient_id: int) -> Patient:
    """The patient, if of one of the user's clinics; else 404."""
    visible = Patient.objects.visible_to(request.user).select_related("clinic")
    return get_object_or_404(visible, pk=patient_id)
