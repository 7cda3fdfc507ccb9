"""What the time axis shows: lanes of doses, measurements and marks, each with unit, day and source."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from patients.rules.verdict import FactReference, Message


class LaneShape(enum.StrEnum):
    """How a lane is drawn: on a scale of numbers, or as rows of bars and marks that have a name only."""

    SCALE = "scale"
    ROWS = "rows"


class Symbol(enum.StrEnum):
    """The sign of a mark. Each row of marks has its own, so that nothing hangs on a colour."""

    VISIT = "visit"
    DECISION = "decision"
    GIVEN = "given"
    ILLNESS = "illness"
    ADVERSE_EVENT = "adverse_event"
    ANSWER = "answer"


@dataclass(frozen=True)
class Stretch:
    """Days at one dose, from `first` to `last` inclusive.

    mg_per_day is None where a dose is recorded without its amount; `said` is the dose as prescribed.
    """

    first: date
    last: date
    mg_per_day: Decimal | None
    said: Message
    source: Message
    fact: FactReference | None = None


@dataclass(frozen=True)
class TimelinePoint:
    """A measurement. low and high are equal but for an interval (SLEDAI with open items).

    set_apart: the rules leave it out, or assess it differently; the notes say why.
    """

    on: date
    low: Decimal
    high: Decimal
    source: Message
    comparator: str = ""
    lower_limit: Decimal | None = None
    upper_limit: Decimal | None = None
    notes: tuple[Message, ...] = ()
    set_apart: bool = False
    fact: FactReference | None = None


@dataclass(frozen=True)
class TimelineMark:
    """Something that happened on a day."""

    on: date
    symbol: Symbol
    said: Message
    source: Message
    fact: FactReference | None = None


@dataclass(frozen=True)
class TimelineSeries:
    """Things of one name. On a scale one line, in rows one row. is_planned: what was meant, not what was."""

    name: Message
    stretches: tuple[Stretch, ...] = ()
    points: tuple[TimelinePoint, ...] = ()
    marks: tuple[TimelineMark, ...] = ()
    is_planned: bool = False

    def ends(self, on: date) -> Iterator[Stretch]:
        """The stretches that ended before `on` and that no other of the series follows the next day."""
        begun = {row.first for row in self.stretches}
        for row in self.stretches:
            if row.last < on and row.last + timedelta(days=1) not in begun:
                yield row


@dataclass(frozen=True)
class Lane:
    """One strip of the picture. The note says how to read it; the band is drawn shaded."""

    key: str
    title: Message
    series: tuple[TimelineSeries, ...]
    unit: str = ""
    note: Message | None = None
    shape: LaneShape = LaneShape.SCALE
    band: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True)
class TreatmentSpan:
    """An unbroken time on tacrolimus; last is the last day taken, or the day of the picture."""

    first: date
    last: date


@dataclass(frozen=True)
class Timeline:
    """The lanes that have anything, from the first day of any of them up to `on`."""

    first: date
    on: date
    lanes: tuple[Lane, ...]
    courses: tuple[TreatmentSpan, ...]

    def week(self, day: date) -> int | None:
        """The week of tacrolimus of a day, week 0 being the first seven days; None when none is taken."""
        taken = [course for course in self.courses if course.first <= day <= course.last]
        return (day - taken[-1].first).days // 7 if taken else None
