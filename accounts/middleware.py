"""Login is required everywhere; a session that ended on the way loses neither place nor content.

Who signed in with a password that somebody else gave them first chooses their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import expired
from accounts.forms import SignInForm

CHOOSING_A_PASSWORD = frozenset({"accounts:password", "accounts:logout", "accounts:keep_alive"})


class InterruptibleSessionMiddleware(SessionMiddleware):
    """Django's sessions, with a way to sign in for who signed out while a request was under way.

    A panel that still loads while its page signs out is no bad request; nobody sees its answer any more.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            if request.headers.get("HX-Request"):
                return _sign_in_around(request, reverse("accounts:login"))
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


class EndedSessionMiddleware(LoginRequiredMiddleware):
    """Django's login gate, with an answer of its own for fragments and for forms that come too late."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is None:
            return _typed_by_another(request) or _first_password(request, view_func)
        if request.headers.get("HX-Request"):
            return _sign_in_around(request, self.get_login_url(view_func))
        if request.method == "POST":
            context = {"form": SignInForm(request), "carried": expired.pack(request)}
            return render(request, "accounts/expired.html", context, status=401)
        return refused


def _typed_by_another(request: HttpRequest) -> HttpResponse | None:
    """A second tab's form of somebody who has signed out since is not sent in the next person's name."""
    own = str(request.user.pk)
    if request.method != "POST" or request.POST.get("typed_by", own) == own:
        return None
    return render(request, "accounts/typed_by_another.html", status=409)


def _first_password(
    request: HttpRequest, view_func: Callable[..., HttpResponseBase]
) -> HttpResponseBase | None:
    """The page for a new password, in place of any other that needs a login, until one is chosen."""
    open_to_all = not getattr(view_func, "login_required", True)
    if open_to_all or not getattr(request.user, "must_change_password", False):
        return None
    match = request.resolver_match
    if match is not None and match.view_name in CHOOSING_A_PASSWORD:
        return None
    page = reverse("accounts:password")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    return redirect(page)


def _sign_in_around(request: HttpRequest, login_url: str) -> HttpResponse:
    """The answer to a fragment's request that leads its whole page to signing in and back."""
    sign_in = redirect_to_login(_page_around(request), login_url)
    return HttpResponse(status=204, headers={"HX-Redirect": sign_in.url})


def _page_around(request: HttpRequest) -> str:
    """The page that asked for a fragment: signing in leads back there, not to the bare fragment."""
    shown = request.headers.get("HX-Current-URL", "")
    if not url_has_allowed_host_and_scheme(shown, request.get_host(), require_https=request.is_secure()):
        return "/"
    place = urlsplit(shown)
    return urlunsplit(("", "", place.path, place.query, "")) or "/"
