"""The pages for what went wrong, each with the request's reference."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import gettext as _

from tacsle_site.logs import log

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_LARGE):
        return too_large(request)
    return _page(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "403", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or of an ended session."""
    return _page(request, "403_csrf", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "404", 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """A request beyond the size or the number of fields that any form of ours sends."""
    return _page(request, "413", 413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own failure. Django calls this while handling the exception, so the log can name its places."""
    log.error("request_failed", exc_info=True)
    try:
        return _page(request, "500", 500)
    except Exception:
        log.error("error_page_failed", exc_info=True)
        return _bare_page(reference_of(request))


def reference_of(request: HttpRequest) -> str:
    return getattr(request, "reference", "")


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    return render(request, f"errors/{name}.html", {"reference": reference_of(request)}, status=status)


def _bare_page(reference: str) -> HttpResponse:
    """What still works when templates or the database do not."""
    sentence = _("Something went wrong on our side. Nothing you entered was saved. Reference: %(reference)s.")
    body = escape(sentence % {"reference": reference})
    return HttpResponse(f"<!doctype html><title>TACSLE</title><p>{body}</p>", status=500)
