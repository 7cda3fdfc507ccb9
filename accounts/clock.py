"""What day it is in a clinic."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import Clinic


def local_today(clinic: Clinic) -> date:
    """Today in the clinic's own time zone."""
    return timezone.now().astimezone(ZoneInfo(clinic.time_zone)).date()
