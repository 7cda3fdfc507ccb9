"""The gate of the pages of administration: who lacks the right gets 403, a stranger's matter is 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Clinic, User
from accounts.rights import Right, require_any

P = ParamSpec("P")
FORM_METHODS = ("GET", "HEAD", "POST")
View = Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]


def with_right(
    *rights: Right, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Turn a view of (request, reader, …) into one of (request, …) for those who have one of the rights.

    Times are shown as the clock of the reader's first clinic shows them.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require_any(request.user, rights)
            reader: User = request.user  # type: ignore[assignment]
            with timezone.override(reader_zone(reader)):
                return view(request, reader, *args, **kwargs)

        return require_http_methods(methods)(gated)

    return decorate


def reader_zone(reader: User) -> ZoneInfo:
    """The time zone in which a person of several clinics reads: that of the first by name."""
    return ZoneInfo(reader.own_clinics[0].time_zone)


def own_person(reader: User, user_id: int) -> User:
    """The person, if of one of the administrator's clinics; else 404."""
    return get_object_or_404(User.objects.administered_by(reader), pk=user_id)


def own_clinic(reader: User, clinic_id: int) -> Clinic:
    """The clinic, if the reader belongs to it; else 404."""
    return get_object_or_404(reader.clinics.all(), pk=clinic_id)
