"""Days by the clinic's clock, and time that passes where clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.clock import day_of, elapsed
from accounts.models import Clinic

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("earlier", "later", "hours"),
    [
        (datetime(2026, 3, 28, 21, 0), datetime(2026, 3, 29, 7, 31), 9.516),  # forward: 02:00 is 03:00
        (datetime(2026, 10, 24, 21, 30), datetime(2026, 10, 25, 7, 0), 10.5),  # back: 03:00 is 02:00
        (datetime(2026, 6, 1, 20, 0), datetime(2026, 6, 2, 8, 0), 12.0),
    ],
)
def test_the_night_in_which_clocks_are_changed(earlier: datetime, later: datetime, hours: float) -> None:
    passed = elapsed(earlier.replace(tzinfo=BERLIN), later.replace(tzinfo=BERLIN))
    assert passed.total_seconds() / 3600 == pytest.approx(hours, abs=0.001)


def test_of_two_zones() -> None:
    tokyo = datetime(2026, 6, 2, 8, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert elapsed(datetime(2026, 6, 1, 23, 0, tzinfo=UTC), tokyo) == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Honolulu", date(2026, 11, 30)), ("Asia/Tokyo", date(2026, 12, 1))]
)
def test_one_moment_is_two_days(zone: str, day: date) -> None:
    assert day_of(Clinic(time_zone=zone), datetime(2026, 12, 1, 1, 0, tzinfo=UTC)) == day
