"""What day it is in a clinic, and how much time lies between two moments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Clinic

_pretended: ContextVar[date | None] = ContextVar("pretended_today", default=None)


def local_today(clinic: Clinic) -> date:
    """Today in the clinic's own time zone."""
    return _pretended.get() or timezone.now().astimezone(ZoneInfo(clinic.time_zone)).date()


def day_of(clinic: Clinic, moment: datetime) -> date:
    """The day of a moment by the clinic's clock, whatever zone the site or the request has."""
    return moment.astimezone(ZoneInfo(clinic.time_zone)).date()


def elapsed(earlier: datetime, later: datetime) -> timedelta:
    """The time that passed.

    Of two moments of one zone Python subtracts what the clocks show, also where they were changed in between.
    """
    return later.astimezone(UTC) - earlier.astimezone(UTC)


@contextmanager
def pretending(today: date) -> Iterator[None]:
    """For a simulation of days that are over: inside, it is that day in every clinic."""
    token = _pretended.set(today)
    try:
        yield
    finally:
        _pretended.reset(token)
