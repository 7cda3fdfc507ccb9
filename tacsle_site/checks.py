"""What must hold of the settings, said by `manage.py check` before a user finds out."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

LOGIN_GATE = "accounts.middleware.EndedSessionMiddleware"


def login_is_required_everywhere(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Every page asks for a login unless it says otherwise."""
    if LOGIN_GATE in settings.MIDDLEWARE:
        return []
    return [Error("The login gate is missing: pages would open to strangers.", id="tacsle.E001")]


def no_demonstration_in_production(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Demonstration users have known passwords."""
    if not settings.DEMONSTRATION:
        return []
    return [Error("DEMONSTRATION is on: it makes users with printed passwords.", id="tacsle.E002")]


def register_checks() -> None:
    register(login_is_required_everywhere, Tags.security)
    register(no_demonstration_in_production, Tags.security, deploy=True)
