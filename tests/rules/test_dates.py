"""Calendar edges: anniversaries, 29 February, month ends, dates known in part, windows of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.dates import PartialDate, add_months, add_years, age_years, in_last_days

DAYS = st.dates(date(1920, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 3, 31), 1, date(2025, 4, 30)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 5, 31), -1, date(2025, 4, 30)),
        (date(2025, 4, 30), 1, date(2025, 5, 30)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2025, 1, 15), -1, date(2024, 12, 15)),
        (date(2025, 3, 30), -1, date(2025, 2, 28)),
        (date(2025, 6, 2), 0, date(2025, 6, 2)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2024, 6, 2), 1, date(2025, 6, 2)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2025, 6, 2), -5, date(2020, 6, 2)),
    ],
)
def test_years_are_calendar_years(day: date, years: int, expected: date) -> None:
    assert add_years(day, years) == expected


@given(DAYS, st.integers(-240, 240))
def test_adding_months_keeps_the_day_or_takes_the_last_of_the_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(0, 60))
def test_adding_months_keeps_the_order_of_days(first: date, second: date, months: int) -> None:
    earlier, later = sorted((first, second))
    assert add_months(earlier, months) <= add_months(later, months)


@pytest.mark.parametrize(
    ("days_before", "counts"), [(0, True), (1, True), (89, True), (90, False), (91, False), (-1, False)]
)
def test_an_event_counts_when_it_is_after_on_minus_90(days_before: int, counts: bool) -> None:
    """Specification 2.1: in the last 90 days if and only if d > on − 90; later than `on` never."""
    on = date(2025, 6, 2)
    assert in_last_days(on - timedelta(days=days_before), on, 90) is counts


@given(DAYS, st.integers(0, 400))
def test_a_window_holds_exactly_its_number_of_days(on: date, days: int) -> None:
    around = [on + timedelta(days=shift) for shift in range(-days - 5, 6)]
    assert sum(in_last_days(day, on, days) for day in around) == days


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1980, 6, 2), date(2025, 6, 1), 44),
        (date(1980, 6, 2), date(2025, 6, 2), 45),
        (date(2004, 2, 29), date(2025, 2, 28), 20),
        (date(2004, 2, 29), date(2025, 3, 1), 21),
        (date(2004, 2, 29), date(2024, 2, 28), 19),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(2025, 6, 2), date(2025, 6, 2), 0),
    ],
)
def test_age_is_in_completed_years(birth: date, on: date, years: int) -> None:
    assert age_years(birth, on) == years


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019-04", date(2019, 4, 1), date(2019, 4, 30)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-02", date(2019, 2, 1), date(2019, 2, 28)),
        ("2019-12", date(2019, 12, 1), date(2019, 12, 31)),
        ("2019-04-30", date(2019, 4, 30), date(2019, 4, 30)),
        (" 2020-02-29 ", date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_a_partial_date_is_an_interval(text: str, earliest: date, latest: date) -> None:
    found = PartialDate.parse(text)
    assert (found.earliest, found.latest) == (earliest, latest)
    assert str(found) == text.strip()
    assert found.is_exact is (earliest == latest)


@pytest.mark.parametrize(
    "text",
    ["", "19", "2019-13", "2019-00", "2019-02-29", "2019-04-31", "2019-4", "2019/04", "04-2019", "2019-04-",
     "0000", "２０１９", "next year"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(text)


@given(DAYS)
def test_every_day_survives_writing_and_reading(day: date) -> None:
    assert PartialDate.parse(str(PartialDate.on(day))) == PartialDate.on(day)


@given(DAYS)
def test_a_day_lies_in_its_month_and_its_year(day: date) -> None:
    for text in (f"{day:%Y-%m}", f"{day:%Y}"):
        found = PartialDate.parse(text)
        assert found.earliest <= day <= found.latest
        assert str(found) == text
