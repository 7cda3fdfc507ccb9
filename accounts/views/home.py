"""Where an administrator begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import with_right
from accounts.models import User
from accounts.rights import Right


@with_right(Right.MANAGE_USERS)
def administration(request: HttpRequest, reader: User) -> HttpResponse:
    """The sections of administration, each with what it is for."""
    return render(request, "accounts/administration/home.html")
