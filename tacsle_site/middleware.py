"""What surrounds every request: its reference, its line in the log, its limits, the browser's limits."""

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tacsle_site import errors
from tacsle_site.logs import log

Next = Callable[[HttpRequest], HttpResponse]

REFERENCE_HEADER = "X-Request-Reference"
# No page of ours needs any of these.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()" for feature in ("camera", "geolocation", "microphone", "payment", "usb")
)


class RequestReferenceMiddleware:
    """Give each request a short reference, which the log, the error page and the user's report share."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reference = secrets.token_hex(4).upper()
        request.reference = reference  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(reference=reference):
            response = self.get_response(request)
        response[REFERENCE_HEADER] = reference
        return response


class AccessLogMiddleware:
    """One line a request. It names the view, never the path or the query: a search holds a patient's name."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        log.info(
            "request",
            method=request.method,
            view=_view_name(request),
            status=response.status_code,
            milliseconds=round((time.perf_counter() - started) * 1000),
            user=_user_id(request),
        )
        return response


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else "unresolved"


def _user_id(request: HttpRequest) -> int | None:
    """The signed-in user's id, without a query of its own where nobody asked who it is."""
    cached = getattr(request, "_cached_user", None)
    return cached.pk if cached is not None else None


class RequestSizeMiddleware:
    """Refuse by its declared length what no form of ours sends, before reading any of it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if declared.isdigit() and int(declared) > settings.MAX_REQUEST_BYTES:
            return errors.too_large(request)
        return self.get_response(request)


class BrowserPolicyMiddleware:
    """Switch off browser features, and keep pages out of caches: clinics share computers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if not request.path.startswith(settings.STATIC_URL):
            response.setdefault("Cache-Control", "no-store")
        return response
