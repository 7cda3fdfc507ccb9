"""A day and time as people type them: "9", "0900", "900p", "y 2100", "27/11 9", in any width.

A time without a day is its latest one that is not in the future. A day without a time is refused: nobody
guesses an hour. Source of the hours that a change of clocks skips or repeats: the zone of the clinic.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from patients.rules.units import EntryError
from patients.rules.verdict import gettext_noop, say

ONE_DAY = timedelta(days=1)
# Of a browser and the server (second clinical specification, section 4).
LEEWAY = timedelta(minutes=5)
NOON, CENTURY = 12, 2000
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_TIME = re.compile(
    r"(?P<hour>\d{1,2}?)(?:[:.h]?(?P<minute>\d\d))?(?::\d\d)?\s*h?\s*(?P<half>[ap])?\.?(?:m\.?)?"
    r"(?:\s+(?P<which>1st|2nd))?"
)
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:t|\s+|$)(?P<rest>.*)")
_NUMBERS = re.compile(
    r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})(?:[-/.](?P<year>\d{4}|\d{2}))?\.?(?:\s+|$)(?P<rest>.*)"
)
_NAMED = re.compile(
    r"(?P<day>\d{1,2})\.?\s*(?P<month>[a-z]{3})[a-z]*\.?(?:\s+(?P<year>\d{4}))?(?:\s+|$)(?P<rest>.*)"
)
_RELATIVE = re.compile(r"(?P<word>yesterday|today|y|t)(?:\s+|$)(?P<rest>.*)")
_JAPANESE_DAY = re.compile(
    r"(?:(?P<year>\d{4})年\s*)?"
    r"(?P<month>\d{1,2})月\s*(?P<day>\d{1,2})日\s*(?P<rest>.*)"
)
_JAPANESE_TIME = re.compile(r"(\d{1,2})時(?:(\d{1,2})分)?")


@dataclass(frozen=True)
class Clock:
    """What a typed moment is read by: the clinic's zone, the present, and the order of day and month."""

    zone: ZoneInfo
    now: datetime
    day_first: bool


def read_moment(text: str, clock: Clock, before: datetime | None = None) -> datetime:
    """The moment that was typed, in the clinic's zone.

    before: a time without a day is the latest before this moment, else before now. Raises EntryError with
    what is missing or cannot be.
    """
    day, rest = _day_of(_plain(text), clock)
    at, which = _time_of(rest.strip(), text, has_day=day is not None)
    if day is not None:
        return _on_the_clock(datetime.combine(day, at), which, clock.zone)
    latest = (before or clock.now + LEEWAY).astimezone(clock.zone)
    today = _on_the_clock(datetime.combine(latest.date(), at), which, clock.zone)
    if today.astimezone(UTC) <= latest.astimezone(UTC):
        return today
    return _on_the_clock(datetime.combine(latest.date() - ONE_DAY, at), which, clock.zone)


def read_time(text: str) -> time:
    """A time of day as it is typed: "9", "0900", "900p", "9:05". Raises EntryError for anything else."""
    return _time_of(_plain(text), text, has_day=False)[0]


def clock_shows(wall: datetime, zone: ZoneInfo) -> int:
    """How often the clock of a zone showed a moment: once; in a night of changed clocks never, or twice."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        return 0
    return 1 if first.utcoffset() == second.utcoffset() else 2


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return _JAPANESE_TIME.sub(lambda found: f"{found[1]}:{int(found[2] or 0):02}", plain)


def _day_of(plain: str, clock: Clock) -> tuple[date | None, str]:
    """The day that stands in front, and what follows it."""
    today = clock.now.astimezone(clock.zone).date()
    if found := _RELATIVE.fullmatch(plain):
        return today - ONE_DAY if found["word"].startswith("y") else today, found["rest"]
    if found := _ISO.fullmatch(plain):
        return _date(int(found["year"]), int(found["month"]), int(found["day"])), found["rest"]
    if found := _JAPANESE_DAY.fullmatch(plain):
        return _dated(found["year"], int(found["month"]), int(found["day"]), today), found["rest"]
    if (found := _NAMED.fullmatch(plain)) and found["month"] in MONTHS:
        month, day = MONTHS.index(found["month"]) + 1, int(found["day"])
        return _dated(found["year"], month, day, today), found["rest"]
    found = _NUMBERS.fullmatch(plain)
    if found is None or (not found["rest"] and not found["year"] and _is_time(plain)):
        return None, plain
    one, two = int(found["one"]), int(found["two"])
    day, month = (one, two) if clock.day_first else (two, one)
    return _dated(found["year"], month, day, today), found["rest"]


def _is_time(plain: str) -> bool:
    """ "9.30" is a time, which "9/30" and "9-30" are not; "9.05" may be a day too, and is asked about."""
    found = _TIME.fullmatch(plain)
    return "." in plain[:-1] and found is not None and int(found["minute"] or 0) > len(MONTHS)


def _dated(year: str | None, month: int, day: int, today: date) -> date:
    """Without a year the latest such day that is not in the future."""
    if year is not None:
        return _date(int(year) + (CENTURY if len(year) < len("2026") else 0), month, day)
    this_year = _date(today.year, month, day)
    return this_year if this_year <= today else _date(today.year - 1, month, day)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise EntryError(
            say(gettext_noop("There is no such day: day %(day)s of month %(month)s."), day=day, month=month)
        ) from error


def _time_of(rest: str, typed: str, *, has_day: bool) -> tuple[time, str | None]:
    if has_day and not rest:
        raise EntryError(say(gettext_noop("Give the time too, like 9:00."), typed=typed))
    found = _TIME.fullmatch(rest)
    if found is None:
        raise EntryError(
            say(
                gettext_noop("Write the time, with the day where it is another: 9:00, y 21:00, 27 Nov 9:00."),
                typed=typed,
            )
        )
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"] and hour <= NOON:
        hour = hour % NOON + (NOON if found["half"] == "p" else 0)
    try:
        return time(hour, minute), found["which"]
    except ValueError as error:
        raise EntryError(say(gettext_noop("There is no such time: %(rest)s."), rest=rest)) from error


def _on_the_clock(wall: datetime, which: str | None, zone: ZoneInfo) -> datetime:
    """The moment at which the clinic's clock shows this, or why there is none or there are two."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    times = clock_shows(wall, zone)
    if times == 0:
        raise EntryError(
            say(gettext_noop("This time did not exist on that day: clocks were put forward."), wall=wall)
        )
    if times == 1:
        return first
    if which is None:
        raise EntryError(
            say(
                gettext_noop("This time came twice in that night: write %(time)s 1st or %(time)s 2nd."),
                time=f"{wall:%H:%M}",
            )
        )
    return first if which == "1st" else second
