"""The history of a patient: all writes of several tables, filtered, newest first, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Q, QuerySet, Value
from django.utils import timezone

from accounts.models import User
from patients.history.kinds import HistoryTable
from patients.history.sentences import HistoryEntry, Write, history_entries, writes
from patients.history.words import person
from patients.models import Patient

PAGE = 40


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for: one kind ("" for all), one person's writes, from and up to a day."""

    kind: str = ""
    person: int | None = None
    since: date | None = None
    until: date | None = None


def history_page(
    patient: Patient, kinds: Iterable[HistoryTable], wanted: Wanted, page: str | None
) -> Page[Any]:
    """A page of entries, the newest first. The number of queries depends on the kinds, not on the rows."""
    known = {kind.name: kind for kind in kinds}
    chosen = {wanted.kind: known[wanted.kind]} if wanted.kind in known else known
    found = Paginator(_places(patient, chosen.values(), wanted), PAGE).get_page(page)
    return Page(_entries(patient, chosen, list(found.object_list)), found.number, found.paginator)


def writers(patient: Patient, kinds: Iterable[HistoryTable]) -> list[tuple[int, str]]:
    """Who belongs to the patient's clinic or ever wrote rows of these kinds about the patient, by name."""
    each = (_of(kind, patient).order_by().values_list("history_user_id") for kind in kinds)
    keys = _united(each, every=False)
    wrote = {key for (key,) in keys}
    people = User.objects.filter(Q(pk__in=wrote) | Q(clinics=patient.clinic_id)).distinct()
    return sorted(((user.pk, person(user)) for user in people), key=lambda row: row[1])


def _entries(
    patient: Patient, kinds: dict[str, HistoryTable], places: list[tuple[Any, str, int]]
) -> list[HistoryEntry]:
    keys: dict[str, set[int]] = defaultdict(set)
    for _at, name, key in places:
        keys[name].add(key)
    written = {kinds[name]: _writes(kinds[name], found) for name, found in keys.items()}
    entries = {(entry.kind.name, entry.key): entry for entry in history_entries(written, patient.pk)}
    return [entries[name, key] for _at, name, key in places]


def _writes(kind: HistoryTable, keys: set[int]) -> list[Write]:
    """The writes with these keys; the other versions of their rows are read along."""
    rows = kind.versions.filter(history_id__in=keys).order_by().values("id")
    versions = kind.versions.filter(id__in=rows).order_by("id", "history_date", "history_id")
    return [write for write in writes(versions) if write.row.history_id in keys]


def _places(patient: Patient, kinds: Iterable[HistoryTable], wanted: Wanted) -> QuerySet[Any]:
    """When, in which table and under which key each write is kept."""
    each = (
        _matching(_of(kind, patient), wanted)
        .order_by()
        .annotate(table=Value(kind.name, output_field=CharField()))
        .values_list("history_date", "table", "history_id")
        for kind in kinds
    )
    return _united(each).order_by("-history_date", "table", "-history_id")


def _of(kind: HistoryTable, patient: Patient) -> QuerySet[Any]:
    return kind.versions.filter(**{kind.patient_column: patient.pk})


def _matching(versions: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    if wanted.person is not None:
        versions = versions.filter(history_user_id=wanted.person)
    if wanted.since is not None:
        versions = versions.filter(history_date__gte=_midnight(wanted.since))
    if wanted.until is not None:
        versions = versions.filter(history_date__lt=_midnight(wanted.until + timedelta(days=1)))
    return versions


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _united(parts: Iterable[QuerySet[Any]], *, every: bool = True) -> QuerySet[Any]:
    first, *others = parts
    return first.union(*others, all=every) if others else first
