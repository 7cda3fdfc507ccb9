"""The gate of every page about one patient: strangers get 404, readers who may not act 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import ClinicRequest
from accounts.rights import Right, require
from patients.models import Patient
from patients.pages import Page, declare

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

P = ParamSpec("P")
View = Callable[Concatenate[ClinicRequest, Patient, P], HttpResponse]


class RecordRequest(ClinicRequest):
    """A request behind the gate. viewed_patient: whose record the middleware logs as viewed."""

    viewed_patient: Patient


def patient_view(
    right: Right, methods: tuple[str, ...] = ("GET", "HEAD"), *, page: StrOrPromise = ""
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Turn a view of (request, patient, …) into one of (request, patient_id, …) behind the gate.

    page is what it shows, in words for those who read who viewed the record.
    Times are shown and counted as the clinic's clock shows them.
    The view of the record is noted on the request; a middleware logs it after the response.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def gated(request: RecordRequest, patient_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
            patient = visible_patient(request, patient_id)
            require(request.user, right)
            request.viewed_patient = patient
            with timezone.override(ZoneInfo(patient.clinic.time_zone)):
                return view(request, patient, *args, **kwargs)

        return declare(require_http_methods(methods)(gated), Page(page))

    return decorate


def visible_patient(request: HttpRequest, patient_id: int) -> Patient:
    """The patient, if of one of the user's clinics; else 404."""
    visible = Patient.objects.visible_to(request.user).select_related("clinic")
    return get_object_or_404(visible, pk=patient_id)
