"""The list of people as an administrator reads it: who, as what, since when unseen, locked or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Max
from django.utils import timezone

from accounts.models import Clinic, User

PAGE = 50


@dataclass(frozen=True)
class AccountRow:
    """A person with those of their clinics that the reader shares."""

    person: User
    clinics: list[Clinic]
    elsewhere: int
    signed_in: datetime | None
    locked: bool


def people_page(reader: User, asked: Mapping[str, Any], page: str | None) -> Page[Any]:
    """People by name; asked: q, role and state of the filter form, and one clinic. In five queries."""
    found = User.objects.administered_by(reader).matching(asked.get("q") or "")
    if asked.get("role"):
        found = found.filter(role=asked["role"])
    if asked.get("clinic"):
        found = found.filter(clinics=asked["clinic"])
    if asked.get("state"):
        found = found.filter(is_active=asked["state"] == "active")
    ordered = found.order_by("last_name", "first_name", "username").prefetch_related("clinics")
    shown = Paginator(ordered, PAGE).get_page(page)
    return Page(_rows(reader, list(shown.object_list)), shown.number, shown.paginator)


def row_of(reader: User, person: User) -> AccountRow:
    """One person as the list shows them."""
    return _rows(reader, [person])[0]


def _rows(reader: User, people: list[User]) -> list[AccountRow]:
    names = [person.username for person in people]
    signed_in, locked = last_sign_ins(names), locked_names(names)
    return [_row(reader, person, signed_in.get(person.username), locked) for person in people]


def _row(reader: User, person: User, signed_in: datetime | None, locked: set[str]) -> AccountRow:
    belongs = list(person.clinics.all())
    shared = [clinic for clinic in reader.own_clinics if clinic in belongs]
    return AccountRow(person, shared, len(belongs) - len(shared), signed_in, person.username in locked)


def last_sign_ins(usernames: Iterable[str]) -> dict[str, datetime]:
    """When each of the names last signed in; a name without a sign-in is left out."""
    rows = AccessLog.objects.filter(username__in=usernames).order_by().values("username")
    return dict(rows.annotate(at=Max("attempt_time")).values_list("username", "at"))


def locked_names(usernames: Iterable[str]) -> set[str]:
    """Those of the names that too many wrong passwords lock out somewhere, now."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts = AccessAttempt.objects.filter(username__in=usernames, attempt_time__gt=since)
    failures: Counter[tuple[str, str]] = Counter()
    for name, address, count in attempts.values_list("username", "ip_address", "failures_since_start"):
        failures[name, address] += count
    return {name for (name, _address), count in failures.items() if count >= settings.AXES_FAILURE_LIMIT}
