"""The contents of the time axis in words: for the table, for screen readers, and next to the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import cycle

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from dosing.rules.timeline import (
    Lane,
    LaneShape,
    Stretch,
    Timeline,
    TimelineMark,
    TimelinePoint,
    TimelineSeries,
)
from patients.messages import day, format_value, number, sentence, unit
from patients.rules.verdict import FactReference, Message, gettext_noop

SIGNS = "●▲■◆"  # of the series of a lane, in the order in which chart and drawing use them
WITHOUT_A_PAGE = frozenset({"level"})


@dataclass(frozen=True)
class TimelineEntry:
    """One fact on the axis. value has its unit; detail says its limits and what is special about it."""

    on: date
    until: str
    week: int | None
    name: str
    value: str
    detail: str
    source: str
    url: str

    @property
    def when(self) -> str:
        """22 Nov 2026."""
        return day(self.on)

    @property
    def title(self) -> str:
        """The name with a capital, but for "eGFR"."""
        return self.name if self.name[1:2].isupper() else capfirst(self.name)

    @property
    def said(self) -> str:
        """C3 71 mg/dl."""
        return f"{self.name} {self.value}" if self.value else self.name

    @property
    def more(self) -> str:
        """Lower limit 86 mg/dl, City laboratory."""
        return ", ".join(part for part in (self.detail, self.source) if part)


class TimelineWording:
    """Words for the things of one patient's time axis; link gives the address of a fact.

    Names, laboratories and limits come again and again: each is put into words once.
    """

    def __init__(self, timeline: Timeline, link: Callable[[FactReference | None], str]) -> None:
        self.timeline = timeline
        self.link = link
        self.plain = cache(plain)
        self.limit = cache(_limit)

    def day(self, on: date) -> str:
        """22 Nov 2026, week 14 of tacrolimus."""
        week = self.timeline.week(on)
        if week is None:
            return day(on)
        return gettext("%(day)s, week %(week)s of tacrolimus") % {"day": day(on), "week": week}

    def stretch(self, series: TimelineSeries, row: Stretch) -> TimelineEntry:
        until = gettext("today") if row.last == self.timeline.on else day(row.last)
        return self._entry(row.first, series, self.plain(row.said), "", row.source, row.fact, until=until)

    def point(self, lane: Lane, series: TimelineSeries, row: TimelinePoint) -> TimelineEntry:
        printed = unit(lane.unit)
        value = f"{measured(row)} {printed}".strip()
        return self._entry(
            row.on, series, value, ", ".join(self._details(row, printed)), row.source, row.fact
        )

    def _details(self, row: TimelinePoint, printed: str) -> Iterator[str]:
        if row.lower_limit is not None:
            yield self.limit(gettext_noop("lower limit %(limit)s %(unit)s"), row.lower_limit, printed)
        if row.upper_limit is not None:
            yield self.limit(gettext_noop("upper limit %(limit)s %(unit)s"), row.upper_limit, printed)
        yield from (self.plain(note) for note in row.notes)

    def mark(self, row: TimelineMark) -> TimelineEntry:
        return self._entry(row.on, TimelineSeries(row.said), "", "", row.source, row.fact)

    def of_lane(self, lane: Lane) -> Iterator[TimelineEntry]:
        for series in lane.series:
            yield from (self.stretch(series, row) for row in series.stretches)
            yield from (self.point(lane, series, row) for row in series.points)
            yield from (self.mark(row) for row in series.marks)

    def _entry(
        self,
        on: date,
        series: TimelineSeries,
        value: str,
        detail: str,
        source: Message,
        fact: FactReference | None,
        until: str = "",
    ) -> TimelineEntry:
        return TimelineEntry(
            on=on,
            until=until,
            week=self.timeline.week(on),
            name=self.plain(series.name),
            value=value,
            detail=detail,
            source=self.plain(source),
            url=self.link(fact),
        )


def linked(patient_id: int) -> Callable[[FactReference | None], str]:
    """The page of a fact of this patient; "" for what has none."""

    def link(fact: FactReference | None) -> str:
        if fact is None or fact.kind in WITHOUT_A_PAGE:
            return ""
        if fact.kind == "decision":
            return reverse("dosing:decision", args=[patient_id, fact.id])
        return reverse("patients:fact", args=[patient_id, fact.kind, fact.id])

    return link


def unlinked(_fact: FactReference | None) -> str:
    """For words that nobody clicks on: a thousand addresses take longer than all the rest."""
    return ""


def entries(timeline: Timeline, patient_id: int) -> list[TimelineEntry]:
    """Everything on the axis, the newest first; things of one day in the order of the lanes."""
    words = TimelineWording(timeline, linked(patient_id))
    found = [entry for lane in timeline.lanes for entry in words.of_lane(lane)]
    return sorted(found, key=lambda entry: entry.on, reverse=True)


def latest_entries(timeline: Timeline) -> list[TimelineEntry]:
    """The doses taken now and the last measurement of each name, in the order of the lanes."""
    words = TimelineWording(timeline, unlinked)
    found: list[TimelineEntry] = []
    for lane in timeline.lanes:
        for series in lane.series:
            taken = () if series.is_planned else series.stretches
            found += [words.stretch(series, row) for row in taken if row.last == timeline.on]
            found += [words.point(lane, series, row) for row in series.points[-1:]]
    return found


def plain(message: Message) -> str:
    """The words without a capital at their beginning: they are used within a sentence."""
    return gettext(message.text) % {name: format_value(value) for name, value in message.values.items()}


def lane_title(lane: Lane) -> str:
    """C3, mg/dl · dashed: lower limit; with the sign of each series where there are several."""
    name = ", ".join(part for part in (sentence(lane.title), unit(lane.unit)) if part)
    parts = [name] if lane.note is None else [name, plain(lane.note)]
    if lane.shape is LaneShape.SCALE and len(lane.series) > 1:
        parts += [
            f"{sign} {plain(series.name)}" for sign, series in zip(cycle(SIGNS), lane.series, strict=False)
        ]
    return " · ".join(parts)


def measured(row: TimelinePoint) -> str:
    """<2, 71, or 4–8 for an interval."""
    if row.low != row.high:
        return f"{number(row.low)}–{number(row.high)}"
    return f"{row.comparator}{number(row.low)}"


def _limit(text: str, limit: Decimal, printed: str) -> str:
    return gettext(text) % {"limit": number(limit), "unit": printed}
