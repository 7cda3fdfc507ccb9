"""What every page knows of the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "idle_session_seconds": settings.IDLE_SESSION_SECONDS,
        "demonstration": settings.DEMONSTRATION,
    }
