"""The product's addresses, and the empty view that its pages are compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tacsle_site.urls import handler400, handler403, handler404, handler500
from tacsle_site.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """What Django and our middleware cost by themselves, for a person who is signed in."""
    return HttpResponse()


urlpatterns = [*product, path("benchmark/empty/", empty, name="benchmark-empty")]
