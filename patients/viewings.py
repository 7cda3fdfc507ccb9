"""Who viewed a record: one viewing for all pages that one person opened without a longer pause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Lag

from accounts.models import User
from patients.history.words import person
from patients.models import Patient, RecordView
from patients.pages import page_in_words

# After so long without a page of the record, the next one begins another viewing.
PAUSE = timedelta(minutes=30)
PAGE = 40
# Nobody looks at one record for longer without a pause; bounds what a page of viewings reads.
LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class Viewing:
    """One sitting of a person with the record; pages are in words, each once, in the order first opened."""

    who: str
    role: str
    first: datetime
    last: datetime
    pages: tuple[str, ...]


def viewings_page(patient: Patient, page: str | None) -> Page[Any]:
    """A page of viewings, the latest begun first, in four queries."""
    found = Paginator(_beginnings(patient), PAGE).get_page(page)
    return Page(_viewings(patient, list(found.object_list)), found.number, found.paginator)


def _beginnings(patient: Patient) -> QuerySet[RecordView]:
    """The views that follow a pause, or that are the first of their person."""
    before = Window(Lag("at"), partition_by=[F("user_id")], order_by=[F("at").asc(), F("pk").asc()])
    views = RecordView.objects.filter(patient=patient).annotate(before=before)
    begins = Q(before__isnull=True) | Q(at__gt=F("before") + PAUSE)
    return views.filter(begins).order_by("-at", "-pk")


def _viewings(patient: Patient, beginnings: Sequence[RecordView]) -> list[Viewing]:
    if not beginnings:
        return []
    people = User.objects.in_bulk({view.user_id for view in beginnings})
    views = RecordView.objects.filter(
        patient=patient, user_id__in=people, at__gte=beginnings[-1].at, at__lt=beginnings[0].at + LONGEST
    ).order_by("at", "pk")
    sittings = _sittings(views)
    return [_viewing(people[view.user_id], sittings[view.pk]) for view in beginnings]


def _sittings(views: Iterable[RecordView]) -> dict[int, list[RecordView]]:
    """The views of each sitting, by the key of the first."""
    found: dict[int, list[RecordView]] = {}
    present: dict[int, list[RecordView]] = defaultdict(list)
    for view in views:
        open_now = present[view.user_id]
        if not open_now or view.at > open_now[-1].at + PAUSE:
            open_now = present[view.user_id] = []
            found[view.pk] = open_now
        open_now.append(view)
    return found


def _viewing(user: User, views: Sequence[RecordView]) -> Viewing:
    return Viewing(
        who=person(user),
        role=user.get_role_display(),
        first=views[0].at,
        last=views[-1].at,
        pages=tuple(dict.fromkeys(page_in_words(view.page) for view in views)),
    )
