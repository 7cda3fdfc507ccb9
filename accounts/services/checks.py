"""What the services of administration refuse alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Clinic, Role, User


class StaleError(ValidationError):
    """Somebody else changed the row since the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("Someone changed this since you opened it. Nothing was saved; what stands now is shown."),
            code="stale",
        )


def version_of(row: Any) -> int:
    """The key of the latest kept version; a form carries it."""
    return int(row.history.order_by("-history_id").values_list("history_id", flat=True)[0])


def check_version(row: Any, expected: int | None) -> None:
    """Raise StaleError unless the form was opened on the latest version."""
    if version_of(row) != expected:
        raise StaleError


def checked_reason(reason: str) -> str:
    """The reason without blanks around it. Raises ValidationError when there is none."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    return reason.strip()


def lock_clinics(clinics: Iterable[Clinic]) -> None:
    """Let one administrator at a time change who belongs where, until the transaction ends."""
    keys = [clinic.pk for clinic in clinics]
    list(Clinic.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def check_administrator_left(user: User, left: Collection[Clinic]) -> None:
    """Raise ValidationError if one of the clinics would be left without an active administrator."""
    if user.role != Role.ADMINISTRATOR or not user.is_active:
        return
    for clinic in left:
        others = User.objects.filter(clinics=clinic, role=Role.ADMINISTRATOR, is_active=True)
        if not others.exclude(pk=user.pk).exists():
            raise ValidationError(
                _("%(clinic)s would be left without an administrator.") % {"clinic": clinic.name}
            )
