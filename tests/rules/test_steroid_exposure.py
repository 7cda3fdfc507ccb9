"""Cumulative dose and time-weighted mean: clinical specification 5.6."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from patients.rules.record import Administration, Episode, Record
from patients.rules.schedules import Schedule
from patients.rules.steroid_exposure import exposure
from tests.rules.records import eligible_record, with_administrations, with_steroid

D = Decimal
A = date(2025, 3, 1)


def day(number: int) -> date:
    return A + timedelta(days=number)


def record(*episodes: Episode) -> Record:
    return with_steroid(eligible_record(), *episodes)


def taken(first: int, last: int | None, mg: str, **changes: Schedule) -> Episode:
    return Episode(
        first + 50, "prednisolone", day(first), D(mg), None if last is None else day(last), **changes
    )


def test_11_7_mg_for_28_days_are_327_6_mg() -> None:
    found = exposure(record(taken(-30, None, "11.7")), A, day(28))
    assert found.daily_mg == found.total_mg == D("327.6")
    assert (found.known_days, found.unknown_days) == (28, 0)
    assert found.mean_mg == D("11.7")


def test_the_time_is_half_open() -> None:
    assert exposure(record(taken(-30, None, "10")), A, A).known_days == 0
    assert exposure(record(taken(-30, None, "10")), A, day(1)).daily_mg == 10


def test_days_up_to_7_5_and_up_to_5() -> None:
    found = exposure(
        record(taken(0, 9, "8"), taken(10, 19, "7.5"), taken(20, 29, "5"), taken(30, 39, "4")), A, day(40)
    )
    assert (found.days_up_to_7_5, found.days_up_to_5) == (30, 20)


def test_a_gap_is_counted_apart_and_not_as_0() -> None:
    found = exposure(record(taken(0, 9, "10"), taken(15, None, "10")), A, day(20))
    assert (found.known_days, found.unknown_days) == (15, 5)
    assert found.daily_mg == 150
    assert found.mean_mg == 10


def test_a_stated_0_is_a_dose() -> None:
    found = exposure(record(taken(0, None, "0")), A, day(10))
    assert (found.known_days, found.daily_mg, found.days_up_to_5) == (10, 0, 10)


def test_without_a_known_day_there_is_no_mean() -> None:
    found = exposure(record(), A, day(10))
    assert found.mean_mg is None
    assert found.unknown_days == 10


def test_alternate_days_by_their_mean() -> None:
    found = exposure(record(taken(0, None, "10", schedule=Schedule.ALTERNATE_DAYS)), A, day(10))
    assert found.daily_mg == 50


@pytest.mark.parametrize(
    ("drug", "mg", "equals"), [("methylprednisolone", "500", "625"), ("dexamethasone", "0.75", "5")]
)
def test_pulses_are_apart_from_the_daily_dose(drug: str, mg: str, equals: str) -> None:
    """Methylprednisolone 500 mg is 625 mg of prednisolone (5.5)."""
    given = with_administrations(
        record(taken(-30, None, "10")),
        Administration(1, drug, day(5), D(mg)),
        Administration(2, drug, day(6), None),
        Administration(3, drug, day(10), D(mg)),
        Administration(4, drug, day(-1), D(mg)),
    )
    found = exposure(given, A, day(10))
    assert (found.daily_mg, found.pulses_mg, found.unknown_pulses) == (100, D(equals), 1)
    assert found.total_mg == 100 + D(equals)


def test_an_injection_into_a_joint_is_no_systemic_dose() -> None:
    given = Administration(1, "triamcinolone", day(5), D(40), route="intra_articular")
    assert exposure(with_administrations(record(taken(0, None, "5")), given), A, day(10)).pulses_mg == 0
