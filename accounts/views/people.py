"""People: the list, a new one, one person with what an administrator may do to their account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import services
from accounts.access import FORM_METHODS, own_person, with_right
from accounts.forms.base import BootstrapFormMixin, ReasonForm
from accounts.forms.people import ChangePersonForm, NewPersonForm, PeopleFilterForm, ResetPasswordForm
from accounts.models import User
from accounts.people import people_page, row_of
from accounts.rights import Right
from accounts.services.checks import StaleError, version_of

POST = ("POST",)


@with_right(Right.MANAGE_USERS)
def people(request: HttpRequest, reader: User) -> HttpResponse:
    """Everybody of the administrator's clinics; ?q=, role, state, page."""
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    rows = people_page(reader, form.cleaned_data, request.GET.get("page"))
    return render(request, "accounts/administration/people.html", {"form": form, "rows": rows})


@with_right(Right.MANAGE_USERS, methods=FORM_METHODS)
def new_person(request: HttpRequest, reader: User) -> HttpResponse:
    """Add a user."""
    form = NewPersonForm(reader, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.add_user(by=reader, **form.person())
        except ValidationError as error:
            form.take_errors(error)
        else:
            said = _(
                "%(name)s may sign in. Pass the first password on; it must be changed at the first sign-in."
            )
            messages.success(request, said % {"name": person.username})
            return redirect("accounts:person", person.pk)
    return render(request, "accounts/administration/new_person.html", {"form": form})


@with_right(Right.MANAGE_USERS, methods=FORM_METHODS)
def person(request: HttpRequest, reader: User, user_id: int) -> HttpResponse:
    """One person: name, role and clinics to change, and their account."""
    found = own_person(reader, user_id)
    form = ChangePersonForm.of(found, version_of(found), reader, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_user(user=found, by=reader, **form.person())
        except StaleError as error:
            form.take_errors(error)
            form.compare_with(version_of(found))
            return _page(request, reader, found, {"form": form}, status=409)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:people")
    return _page(request, reader, found, {"form": form})


@with_right(Right.MANAGE_USERS, methods=POST)
def deactivate(request: HttpRequest, reader: User, user_id: int) -> HttpResponse:
    said = _("Deactivated: all sessions are ended and nobody signs in with this name.")
    return _act(request, reader, user_id, "leave_form", services.deactivate_user, said)


@with_right(Right.MANAGE_USERS, methods=POST)
def reactivate(request: HttpRequest, reader: User, user_id: int) -> HttpResponse:
    return _act(request, reader, user_id, "leave_form", services.reactivate_user, _("May sign in again."))


@with_right(Right.MANAGE_USERS, methods=POST)
def reset_password(request: HttpRequest, reader: User, user_id: int) -> HttpResponse:
    said = _("The password holds for the next sign-in only; all sessions are ended.")
    return _act(request, reader, user_id, "password_form", services.reset_password, said)


@with_right(Right.MANAGE_USERS, methods=POST)
def unlock(request: HttpRequest, reader: User, user_id: int) -> HttpResponse:
    said = _("Unlocked: the wrong passwords are forgotten.")
    return _act(request, reader, user_id, "unlock_form", services.unlock_user, said)


def _act(
    request: HttpRequest, reader: User, user_id: int, name: str, service: Callable[..., User], said: str
) -> HttpResponse:
    """One of the small forms of a person's page; refused, the page shows why."""
    found = own_person(reader, user_id)
    form = _small_forms(request.POST)[name]
    if form.is_valid():
        try:
            service(user=found, by=reader, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, said)
            return redirect("accounts:person", found.pk)
    return _page(request, reader, found, {name: form})


def _page(
    request: HttpRequest,
    reader: User,
    found: User,
    forms: Mapping[str, BootstrapFormMixin],
    status: int = 200,
) -> HttpResponse:
    refused = next((form for form in forms.values() if form.errors), None)
    context: dict[str, Any] = {
        "row": row_of(reader, found),
        "form": ChangePersonForm.of(found, version_of(found), reader),
        **_small_forms(),
        **forms,
        "refused": refused,
    }
    return render(request, "accounts/administration/person.html", context, status=status)


def _small_forms(data: Any = None) -> dict[str, BootstrapFormMixin]:
    return {
        "leave_form": ReasonForm(data, prefix="leave"),
        "password_form": ResetPasswordForm(data, prefix="reset"),
        "unlock_form": ReasonForm(data, prefix="unlock"),
    }
