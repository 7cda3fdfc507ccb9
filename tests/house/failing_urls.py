"""The site's URLs, and views that fail in the ways that ours should not."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tacsle_site.urls import handler400, handler403, handler404, handler500
from tacsle_site.urls import urlpatterns as site_patterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    """Raise with what the user typed in the message, in a local variable and in a cause."""
    name = request.POST.get("name", "") + request.GET.get("name", "")
    try:
        int(name)
    except ValueError as error:
        raise RuntimeError(f"no patient called {name}") from error
    return HttpResponse()


@login_not_required
def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("not yours")


@login_not_required
def suspect(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(f"what is {request.GET['name']}?")


@login_not_required
def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{len(request.POST)} fields")


def private(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing for strangers")


urlpatterns = [
    *site_patterns,
    path("house/fail", fail, name="house-fail"),
    path("house/refuse", refuse, name="house-refuse"),
    path("house/suspect", suspect, name="house-suspect"),
    path("house/read", read, name="house-read"),
    path("house/private", private, name="house-private"),
]
