"""Logs who viewed whose record, after the response, without ever blocking it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from patients.access import RecordRequest
from patients.models import RecordView

logger = structlog.get_logger(__name__)
SUCCESS = range(200, 300)
# How long the fragments of a page belong to the view that was logged with it.
ONE_VIEW = timedelta(hours=1)


class RecordViewMiddleware:
    """Writes one row for each page of a record that was shown; fragments of that page do not count again.

    That a request is for a fragment is only what the browser says: it counts unless the page was logged.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if hasattr(request, "viewed_patient") and response.status_code in SUCCESS:
            self._log(cast(RecordRequest, request))
        return response

    def _log(self, request: RecordRequest) -> None:
        match = request.resolver_match
        try:
            if _belongs_to_a_logged_page(request):
                return
            RecordView.objects.create(
                patient=request.viewed_patient,
                user=request.user,
                page=match.view_name if match else "",
            )
        except DatabaseError:
            logger.exception("record_view_not_logged")


def _belongs_to_a_logged_page(request: RecordRequest) -> bool:
    if not request.headers.get("HX-Request"):
        return False
    seen = RecordView.objects.filter(user=request.user, patient=request.viewed_patient)
    return seen.filter(at__gt=timezone.now() - ONE_VIEW).exists()
