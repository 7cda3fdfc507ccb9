"""Logs who viewed whose record, after the response, without ever blocking it."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from patients.models import Patient, RecordView

logger = structlog.get_logger(__name__)
SUCCESS = range(200, 300)


class RecordViewMiddleware:
    """Writes one row for each page of a record that was shown; fragments of a page do not count again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patient = getattr(request, "viewed_patient", None)
        if patient is not None and response.status_code in SUCCESS and not request.headers.get("HX-Request"):
            self._log(request, patient)
        return response

    def _log(self, request: HttpRequest, patient: Patient) -> None:
        match = request.resolver_match
        try:
            RecordView.objects.create(
                patient=patient,
                user=request.user,  # type: ignore[misc]
                page=match.view_name if match else "",
            )
        except DatabaseError:
            logger.exception("record_view_not_logged")
