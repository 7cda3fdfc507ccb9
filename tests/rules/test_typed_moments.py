"""Days and times as nurses type them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from patients.rules.typed_moments import Clock, read_moment, read_time
from patients.rules.units import EntryError

TOKYO, BERLIN, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
# Saturday 28 November 2026, 10:00 in Tokyo.
NOW = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
CLINIC = Clock(TOKYO, NOW, day_first=True)
MONTH_FIRST = Clock(TOKYO, NOW, day_first=False)


def wall(text: str, clock: Clock = CLINIC, before: datetime | None = None) -> str:
    return f"{read_moment(text, clock, before):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9", "2026-11-28 09:00"),
        ("09", "2026-11-28 09:00"),
        ("900", "2026-11-28 09:00"),
        ("0900", "2026-11-28 09:00"),
        ("９００", "2026-11-28 09:00"),
        ("9:05", "2026-11-28 09:05"),
        ("9.30", "2026-11-28 09:30"),
        ("9h05", "2026-11-28 09:05"),
        ("9時5分", "2026-11-28 09:05"),
        ("900a", "2026-11-28 09:00"),
        ("1004", "2026-11-28 10:04"),  # within the leeway of two clocks
        ("1006", "2026-11-27 10:06"),  # not yet today
        ("900p", "2026-11-27 21:00"),
        ("9pm", "2026-11-27 21:00"),
        ("9 p.m.", "2026-11-27 21:00"),
        ("12a", "2026-11-28 00:00"),
        ("12p", "2026-11-27 12:00"),
        ("2100", "2026-11-27 21:00"),
        ("y 2100", "2026-11-27 21:00"),
        ("Y 9", "2026-11-27 09:00"),
        ("yesterday 9", "2026-11-27 09:00"),
        ("t 8", "2026-11-28 08:00"),
        ("27/11 9", "2026-11-27 09:00"),
        ("２７／１１　９", "2026-11-27 09:00"),
        ("27.11. 9:00", "2026-11-27 09:00"),
        ("27-11 0900", "2026-11-27 09:00"),
        ("5/12 9", "2025-12-05 09:00"),  # the latest that is not in the future
        ("27/11/26 9", "2026-11-27 09:00"),
        ("27/11/2026 9", "2026-11-27 09:00"),
        ("27 nov 9", "2026-11-27 09:00"),
        ("27 November 2026 9:00", "2026-11-27 09:00"),
        ("2026-11-27T09:00", "2026-11-27 09:00"),
        ("2026-11-27 09:00", "2026-11-27 09:00"),
        ("2026/11/27 9", "2026-11-27 09:00"),
        ("2026年11月27日 9時", "2026-11-27 09:00"),
    ],
)
def test_read(text: str, read: str) -> None:
    assert wall(text) == read


@pytest.mark.parametrize(
    ("text", "read"), [("11/27 9", "2026-11-27 09:00"), ("11/29/2026 9p", "2026-11-29 21:00"),
                       ("11月27日 9時", "2026-11-27 09:00"), ("3/4 8", "2026-03-04 08:00")]
)  # fmt: skip
def test_month_first_where_the_clinic_says_so(text: str, read: str) -> None:
    assert wall(text, MONTH_FIRST) == read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("11/29/2026", "no such day"),
        ("27/11", "Give the time too"),
        ("27/11/2026", "Give the time too"),
        ("20.11.", "Give the time too"),
        ("9.05", "Give the time too"),  # or nine o'clock five: nobody guesses
        ("y", "Give the time too"),
        ("2026-11-27", "Give the time too"),
        ("31/2 9", "no such day"),
        ("32/1 9", "no such day"),
        ("25", "no such time"),
        ("0960", "no such time"),
        ("morning", "Write the time"),
        ("12026-11-27 9", "Write the time"),
        ("202611270900", "Write the time"),
        ("-9", "Write the time"),
        ("", "Write the time"),
        ("😀", "Write the time"),
    ],
)
def test_refused_with_what_is_missing(text: str, words: str) -> None:
    with pytest.raises(EntryError, match=words):
        read_moment(text, CLINIC)


def test_a_dose_is_the_latest_before_the_draw() -> None:
    drawn = read_moment("20/11 8", CLINIC)
    assert wall("2100", before=drawn) == "2026-11-19 21:00"
    assert wall("7", before=drawn) == "2026-11-20 07:00"


@pytest.mark.parametrize(
    ("zone", "text"),
    [(BERLIN, "29/3/2026 2:30"), (NEW_YORK, "8/3/2026 2:30")],  # published days of the change of clocks
)
def test_a_time_that_did_not_exist(zone: ZoneInfo, text: str) -> None:
    with pytest.raises(EntryError, match="did not exist"):
        read_moment(text, Clock(zone, NOW, day_first=True))


def test_a_time_that_came_twice_is_asked_about() -> None:
    berlin = Clock(BERLIN, NOW, day_first=True)
    with pytest.raises(EntryError, match="came twice"):
        read_moment("25/10/2026 2:30", berlin)
    first, second = (read_moment(f"25/10/2026 2:30 {which}", berlin) for which in ("1st", "2nd"))
    assert first.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "read"), [("9", "09:00"), ("0900", "09:00"), ("８時", "08:00"), ("8p", "20:00")]
)
def test_a_time_of_day(text: str, read: str) -> None:
    assert f"{read_time(text):%H:%M}" == read


@pytest.mark.parametrize("text", ["y 9", "27/11", "25:00", "nine", "9:"])
def test_no_time_of_day(text: str) -> None:
    with pytest.raises(EntryError):
        read_time(text)
