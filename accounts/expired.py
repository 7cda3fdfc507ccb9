"""A form sent after the session ended: what was typed is kept, and sent again after signing in.

The fields travel in the page itself, signed so that nobody can put others in, and never touch the
server's storage. Whoever signs in sends them again by pressing a button, with her own rights.
"""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest

SALT = "accounts.expired"
DROPPED = frozenset({"csrfmiddlewaretoken", "password"})
MAX_AGE_SECONDS = 3600


def pack(request: HttpRequest) -> str:
    """The path and the fields of a POST as one signed text."""
    fields = {name: values for name, values in request.POST.lists() if name not in DROPPED}
    return signing.dumps({"path": request.get_full_path(), "fields": fields}, salt=SALT, compress=True)


def unpack(text: str) -> dict[str, Any] | None:
    """What pack was given, or None when the text is forged or older than an hour."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    return found
