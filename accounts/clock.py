"""What day it is in a clinic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Clinic

_pretended: ContextVar[date | None] = ContextVar("pretended_today", default=None)


def local_today(clinic: Clinic) -> date:
    """Today in the clinic's own time zone."""
    return _pretended.get() or timezone.now().astimezone(ZoneInfo(clinic.time_zone)).date()


@contextmanager
def pretending(today: date) -> Iterator[None]:
    """For a simulation of days that are over: inside, it is that day in every clinic."""
    token = _pretended.set(today)
    try:
        yield
    finally:
        _pretended.reset(token)
