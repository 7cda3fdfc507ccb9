"""The request as views behind the login gate see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class ClinicRequest(HttpRequest):
    """A request of somebody who has signed in; a middleware lets no other pass. For annotations only."""

    user: User
    htmx: HtmxDetails
