"""Rows of several tables as one list, newest first, in pages that begin after the last row seen.

A page asks each table for as many rows as a page has, by its index on time; nothing is counted, so that the
millionth page costs what the first costs.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User

PAGE = 50
CHUNK = 500
LARGEST_KEY = 2**63


@dataclass(frozen=True)
class AuditRequest:
    """What the reader asks for: a person by key, a patient's number, one kind; from and up to a day."""

    person: int | None = None
    patient: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AuditSource:
    """Rows of one table, and how its columns of time and key are called. name is the kind of the rows."""

    name: str
    rows: QuerySet[Any]
    at: str
    key: str = "id"

    def within(self, asked: AuditRequest) -> AuditSource:
        """The rows of the period."""
        rows = self.rows
        if asked.since is not None:
            rows = rows.filter(**{f"{self.at}__gte": _midnight(asked.since)})
        if asked.until is not None:
            rows = rows.filter(**{f"{self.at}__lt": _midnight(asked.until + timedelta(days=1))})
        return AuditSource(self.name, rows, self.at, self.key)


class AuditRow(NamedTuple):
    """A row with its place in the list."""

    at: datetime
    source: str
    key: int
    row: Any

    @property
    def place(self) -> str:
        """The place as it is written in the address of the next page."""
        return f"{self.at.isoformat()}~{self.source}~{self.key}"


@dataclass(frozen=True)
class AuditLine:
    """A row in words: when, and what the other columns say."""

    at: datetime
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """One of the audit pages. name is its URL's name without the app; columns are without the first, When."""

    name: str
    title: Any
    help: Any
    columns: tuple[Any, ...]
    kinds: tuple[tuple[str, Any], ...]
    sources: Callable[[User, AuditRequest], list[AuditSource]]
    lines: Callable[[User, Sequence[AuditRow]], list[AuditLine]]
    by_patient: bool = False

    @property
    def filename(self) -> str:
        return self.name.replace("_", "-")


def audit_lines(audit: Audit, reader: User, asked: AuditRequest, after: str) -> tuple[list[AuditLine], str]:
    """A page of lines after a place ("" for the newest), and the place where the next page begins."""
    sources = [_behind(source, after) for source in _sources(audit, reader, asked)]
    rows = [_found(source, source.rows[: PAGE + 1]) for source in sources]
    page = list(islice(_merged(rows), PAGE + 1))
    shown = page[:PAGE]
    return audit.lines(reader, shown), shown[-1].place if len(page) > PAGE else ""


def everything(audit: Audit, reader: User, asked: AuditRequest) -> Iterator[list[AuditLine]]:
    """All lines, some hundred at a time, without ever holding more."""
    sources = _sources(audit, reader, asked)
    rows = _merged([_found(source, source.rows.iterator(chunk_size=CHUNK)) for source in sources])
    return _chunks(audit, reader, rows, timezone.get_current_timezone())


def _chunks(audit: Audit, reader: User, rows: Iterator[AuditRow], zone: tzinfo) -> Iterator[list[AuditLine]]:
    """Formatted in the time zone of the request: a streamed response is read after the request has ended."""
    while found := list(islice(rows, CHUNK)):
        with timezone.override(zone):
            lines = audit.lines(reader, found)
        yield lines


def _sources(audit: Audit, reader: User, asked: AuditRequest) -> list[AuditSource]:
    return [_ordered(source.within(asked)) for source in audit.sources(reader, asked)]


def _ordered(source: AuditSource) -> AuditSource:
    return AuditSource(
        source.name, source.rows.order_by(f"-{source.at}", f"-{source.key}"), source.at, source.key
    )


def _behind(source: AuditSource, after: str) -> AuditSource:
    """The rows after a place. Raises ValueError for a text that is not a place."""
    if not after:
        return source
    at, name, key = _place(after)
    earlier = Q(**{f"{source.at}__lt": at})
    if source.name == name:
        earlier |= Q(**{source.at: at, f"{source.key}__lt": key})
    elif source.name < name:
        earlier |= Q(**{source.at: at})
    # The bound alone lets the database begin its walk along the index at the place.
    behind = source.rows.filter(**{f"{source.at}__lte": at}).filter(earlier)
    return AuditSource(source.name, behind, source.at, source.key)


def _place(text: str) -> tuple[datetime, str, int]:
    """What Found.place wrote. Raises ValueError for anything else."""
    at_text, name, key_text = text.split("~")
    at, key = datetime.fromisoformat(at_text), int(key_text)
    if timezone.is_naive(at) or not 0 <= key < LARGEST_KEY:
        raise ValueError(text)
    return at, name, key


def _found(source: AuditSource, rows: Iterable[Any]) -> Iterator[AuditRow]:
    for row in rows:
        value = row.__getitem__ if isinstance(row, dict) else row.__getattribute__
        yield AuditRow(value(source.at), source.name, value(source.key), row)


def _merged(rows: Iterable[Iterator[AuditRow]]) -> Iterator[AuditRow]:
    return heapq.merge(*rows, key=lambda found: found[:3], reverse=True)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
