"""Signing in and out, staying signed in, and going on after a session has ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import expired
from accounts.forms import ChangePasswordForm, SignInForm


class SignIn(LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        expired.remember_author(response, form.get_user())
        return response


# Who is already signed out, in this tab or another, gets the sign-in page and no question.
@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Also tells the browser to forget what it kept: clinics share computers."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        # What could not be sent to the server stays, under its writer's name, until they sign in again.
        forget = '"cache"' if request.POST.get("keep") else '"cache", "storage"'
        response["Clear-Site-Data"] = forget
        return response


class ChangePassword(PasswordChangeView):
    """Also the only page for who signed in with a password that an administrator gave."""

    template_name = "accounts/password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("dosing:worklist")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("Saved. Your password is changed."))
        return super().form_valid(form)


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
    if form.is_valid() and expired.was_typed_by_another(content, form.get_user()):
        form.add_error(None, _("Somebody else typed this. Only that person can sign in here and send it."))
    if not form.is_valid():
        return render(request, "accounts/expired.html", {"form": form, "carried": carried}, status=401)
    login(request, form.get_user())
    fields = [(name, value) for name, values in content["fields"].items() for value in values]
    response = render(request, "accounts/resume.html", {"path": content["path"], "fields": fields})
    expired.remember_author(response, form.get_user())
    return response
