"""The mean daily dose over the cycle of a schedule, worked out by hand."""

from decimal import Decimal

import pytest

from patients.rules.record import Episode
from patients.rules.schedules import Schedule, as_taken
from tests.rules import records as r

S = Schedule


def episode(schedule: Schedule, mg: str | None, second: str | None = None, **more: object) -> Episode:
    return Episode(
        id=1,
        drug="prednisolone",
        start=r.ON,
        dose_mg=None if mg is None else Decimal(mg),
        second_dose_mg=None if second is None else Decimal(second),
        schedule=schedule,
        **more,
    )


@pytest.mark.parametrize(
    ("taken", "mg_per_day", "words"),
    [
        (episode(S.DAILY, "10"), "10", "10 mg every day"),
        (episode(S.TWICE_DAILY, "1000"), "2000", "1000 mg twice a day"),
        (episode(S.THREE_TIMES_DAILY, "500"), "1500", "500 mg three times a day"),
        (episode(S.FOUR_TIMES_DAILY, "2.5"), "10", "2.5 mg four times a day"),
        (episode(S.MORNING_AND_EVENING, "10", "5"), "15", "10 mg in the morning, 5 mg in the evening"),
        (episode(S.ALTERNATE_DAYS, "5"), "2.5", "5 mg every other day"),
        (episode(S.ALTERNATE_DOSES, "5", "4"), "4.5", "5 mg and 4 mg on alternate days"),
        (episode(S.WEEKDAYS, "7", weekdays="135"), "3", "7 mg on Mon, Wed, Fri"),
        (episode(S.WEEKLY, "14"), "2", "14 mg once a week"),
        (episode(S.EVERY_N_WEEKS, "56", every_weeks=4), "2", "56 mg every 4 weeks"),
    ],
)
def test_the_mean_of_a_cycle(taken: Episode, mg_per_day: str, words: str) -> None:
    assert taken.mg_per_day == Decimal(mg_per_day)
    said = as_taken(taken)
    assert said.text % said.values == words


@pytest.mark.parametrize(
    "taken",
    [
        episode(S.AS_NEEDED, "5"),  # how often nobody knows
        episode(S.TWICE_DAILY, None),
        episode(S.MORNING_AND_EVENING, "5"),
        episode(S.ALTERNATE_DOSES, "5"),
        episode(S.WEEKDAYS, "5"),
        episode(S.EVERY_N_WEEKS, "5"),
    ],
)
def test_unknown_is_no_dose_of_nought(taken: Episode) -> None:
    assert taken.mg_per_day is None


@pytest.mark.parametrize("schedule", S)
def test_a_stated_nought_is_nought(schedule: Schedule) -> None:
    assert episode(schedule, "0").mg_per_day == 0
