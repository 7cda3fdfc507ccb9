"""What happens when the session has ended: fragments go to the sign-in page, forms keep their content."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

from accounts import expired
from accounts.forms import SignInForm

REDIRECTS = (301, 302)


class EndedSessionMiddleware:
    """Stands outside LoginRequiredMiddleware and rewrites its redirect to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or not _goes_to_sign_in(response):
            return response
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        if request.method == "POST":
            context = {"form": SignInForm(request), "carried": expired.pack(request)}
            return render(request, "accounts/expired.html", context, status=401)
        return response


def _goes_to_sign_in(response: HttpResponse) -> bool:
    sign_in = resolve_url(settings.LOGIN_URL)
    return response.status_code in REDIRECTS and response["Location"].partition("?")[0] == sign_in
