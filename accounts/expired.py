"""A form sent after the session ended: what was typed is kept, and sent again after signing in.

The fields travel in the page itself, signed so that nobody can put others in, and never touch the
server's storage. A cookie that outlives the session names who signed in last in this browser; nobody else
can send their typing under another name. Whoever signs in sends by pressing a button, with their own rights.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

SALT = "accounts.expired"
MAX_AGE_SECONDS = 3600
AUTHOR_COOKIE = "tacsle_author"
AUTHOR_SECONDS = 24 * 3600


def pack(request: HttpRequest) -> str:
    """The path, the fields and the likely author of a POST as one signed text."""
    fields = {name: values for name, values in request.POST.lists() if _may_travel(name)}
    content = {"path": request.get_full_path(), "fields": fields, "author": _author(request)}
    return signing.dumps(content, salt=SALT, compress=True)


def unpack(text: str) -> dict[str, Any] | None:
    """What pack was given, or None when the text is forged or older than an hour."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    return found


def remember_author(response: HttpResponse, user: User) -> None:
    """Leave a signed cookie saying whose session this browser had; it opens nothing."""
    response.set_signed_cookie(
        AUTHOR_COOKIE,
        str(user.pk),
        salt=SALT,
        max_age=AUTHOR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def was_typed_by_another(content: dict[str, Any], user: User) -> bool:
    """Whether the carried fields are known to come from somebody else's session."""
    return content["author"] is not None and content["author"] != str(user.pk)


def _author(request: HttpRequest) -> str | None:
    author: str | None = request.get_signed_cookie(
        AUTHOR_COOKIE, default=None, salt=SALT, max_age=AUTHOR_SECONDS
    )
    return author


def _may_travel(name: str) -> bool:
    return name != "csrfmiddlewaretoken" and "password" not in name
