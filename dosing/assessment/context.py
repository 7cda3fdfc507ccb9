"""What every page knows of the nightly check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dosing.assessment import nightly
from dosing.models import ReassessmentRun


@dataclass(frozen=True)
class NightlyCheck:
    """The last check of all patients, and whether it is too old to be relied upon."""

    last: ReassessmentRun | None
    stale: bool
    stale_after_hours: int


def nightly_check(_request: HttpRequest) -> dict[str, Any]:
    """{{ nightly_check.stale }}: the database is asked where a page shows it, once."""
    return {"nightly_check": SimpleLazyObject(_nightly_check)}


def _nightly_check() -> NightlyCheck:
    last = nightly.last_nightly_run()
    hours = nightly.STALE_AFTER // timedelta(hours=1)
    return NightlyCheck(last, nightly.is_stale(last), hours)
