"""Signing in and out, staying signed in, and going on after a session has ended."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from accounts import expired
from accounts.forms import SignInForm


class SignIn(LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """Also tells the browser to forget what it kept: clinics share computers."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class ChangePassword(PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("dosing:worklist")


@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Moves the end of the session."""
    return HttpResponse(status=204)


@login_not_required
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Sign in where a form was sent too late, then offer to send the same fields again."""
    carried = request.POST.get("carried", "")
    content = expired.unpack(carried)
    if content is None:
        return HttpResponseBadRequest()
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return render(request, "accounts/expired.html", {"form": form, "carried": carried}, status=401)
    login(request, form.get_user())
    fields = [(name, value) for name, values in content["fields"].items() for value in values]
    return render(request, "accounts/resume.html", {"path": content["path"], "fields": fields})
