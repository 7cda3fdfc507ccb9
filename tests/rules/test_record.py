"""A record as of a day, and the dose arithmetic of an episode."""

from dataclasses import FrozenInstanceError, fields, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.dates import PartialDate
from patients.rules.person_states import PersonState, StateKind
from patients.rules.reading import (
    active_episodes,
    episodes_of,
    laboratory_values,
    latest_laboratory,
    latest_statement,
    latest_visit,
)
from patients.rules.record import (
    Administration,
    Classification,
    DrugHistory,
    Episode,
    LaboratoryValue,
    Person,
    PriorUse,
    Record,
    Statement,
    Visit,
)
from patients.rules.schedules import Schedule

ON = date(2025, 6, 2)
PERSON = Person(1, "F", PartialDate.on(date(1985, 1, 15)))


def on_each(day: date) -> Record:
    """One fact of every kind on that day."""
    return Record(
        person=PERSON,
        visits=(Visit(1, day),),
        laboratory=(LaboratoryValue(1, "c3", day, Decimal(90)),),
        episodes=(Episode(1, "prednisolone", day, Decimal(10)),),
        administrations=(Administration(1, "rituximab", day),),
        prior_uses=(PriorUse(1, "cyclophosphamide", day),),
        drug_histories=(DrugHistory(1, day, 90),),
        statements=(Statement(1, "pregnant", day, False),),
        classifications=(Classification(1, "acr_1997", day, 5),),
        states=(PersonState(1, StateKind.LOST, day),),
    )


KINDS = [field.name for field in fields(Record) if field.name != "person"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_of_the_day_exists_and_a_later_one_does_not(kind: str) -> None:
    assert len(getattr(on_each(ON).as_of(ON), kind)) == 1
    assert getattr(on_each(ON + timedelta(days=1)).as_of(ON), kind) == ()


def test_a_planned_stop_is_known_beforehand() -> None:
    planned = Episode(1, "ciclosporin", ON - timedelta(days=30), Decimal(50), last_day=ON + timedelta(days=7))
    assert Record(PERSON, episodes=(planned,)).as_of(ON).episodes == (planned,)


@given(st.integers(-5, 5), st.integers(0, 5))
def test_looking_back_twice_is_looking_back_to_the_earlier_day(shift: int, further: int) -> None:
    record = on_each(ON + timedelta(days=shift))
    earlier = ON - timedelta(days=further)
    assert record.as_of(ON).as_of(earlier) == record.as_of(earlier) == record.as_of(earlier).as_of(ON)


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        on_each(ON).visits[0].on = ON  # type: ignore[misc]
    with pytest.raises(TypeError):
        Visit(1, ON).sledai["rash"] = True  # type: ignore[index]


@pytest.mark.parametrize(
    ("schedule", "dose", "daily"),
    [
        (Schedule.DAILY, "10", Decimal(10)),
        (Schedule.ALTERNATE_DAYS, "15", Decimal("7.5")),
        (Schedule.WEEKLY, "14", Decimal(2)),
        (Schedule.DAILY, "0", Decimal(0)),
        (Schedule.DAILY, None, None),
    ],
)
def test_mean_daily_dose(schedule: Schedule, dose: str | None, daily: Decimal | None) -> None:
    episode = Episode(1, "x", ON, None if dose is None else Decimal(dose), schedule=schedule)
    assert episode.mg_per_day == daily


@pytest.mark.parametrize(("shift", "covered"), [(-1, False), (0, True), (5, True), (6, False)])
def test_an_episode_covers_its_first_and_its_last_day(shift: int, covered: bool) -> None:
    episode = Episode(1, "x", ON, Decimal(1), last_day=ON + timedelta(days=5))
    assert episode.covers(ON + timedelta(days=shift)) is covered


def test_an_open_episode_covers_every_later_day() -> None:
    assert Episode(1, "x", ON, Decimal(1)).covers(ON + timedelta(days=4000))


def lab(id: int, days: int, time: str = "") -> LaboratoryValue:
    return LaboratoryValue(id, "c3", ON - timedelta(days=days), Decimal(90), time=time)


def test_the_latest_result_is_the_last_of_its_day() -> None:
    rows = (lab(3, 1, "09:00"), lab(1, 1, "16:00"), lab(2, 5), lab(4, -1))
    assert latest_laboratory(Record(PERSON, laboratory=rows), "c3", ON) == rows[1]
    assert [row.id for row in laboratory_values(Record(PERSON, laboratory=rows), "c3", ON)] == [2, 3, 1]


@pytest.mark.parametrize(("days", "found"), [(30, True), (31, False)])
def test_a_result_of_30_days_is_not_too_old(days: int, found: bool) -> None:
    record = Record(PERSON, laboratory=(lab(1, days),), visits=(Visit(1, ON - timedelta(days=days)),))
    assert (latest_laboratory(record, "c3", ON, 30) is not None) is found
    assert (latest_visit(record, ON, 30) is not None) is found


def test_of_what_was_never_recorded_there_is_no_latest() -> None:
    record = Record(PERSON, laboratory=(lab(1, 1),))
    assert latest_laboratory(record, "c4", ON) is None
    assert latest_visit(record, ON) is None
    assert latest_statement(record, "pregnant", ON) is None


def test_the_last_statement_counts_and_later_ones_do_not() -> None:
    rows = tuple(
        Statement(number, kind, ON - timedelta(days=days), answer)
        for number, (kind, days, answer) in enumerate(
            [("pregnant", 10, False), ("pregnant", 2, None), ("diabetes", 1, True), ("pregnant", -1, True)]
        )
    )
    assert latest_statement(Record(PERSON, statements=rows), "pregnant", ON) == rows[1]


def test_a_stated_zero_is_no_use_and_an_unknown_dose_is() -> None:
    rows = (
        Episode(1, "mizoribine", ON - timedelta(days=9), Decimal(0)),
        Episode(2, "azathioprine", ON - timedelta(days=8), None),
        Episode(3, "azathioprine", ON - timedelta(days=20), Decimal(50), last_day=ON - timedelta(days=9)),
        Episode(4, "amlodipine", ON, Decimal(5)),
    )
    record = Record(PERSON, episodes=rows)
    drugs = ("mizoribine", "azathioprine")
    assert [row.id for row in episodes_of(record, drugs, ON)] == [3, 1, 2]
    assert [row.id for row in active_episodes(record, drugs, ON)] == [2]


@given(st.randoms(use_true_random=False))
def test_questions_do_not_depend_on_the_order_of_facts(random) -> None:
    rows = tuple(lab(number, number // 2) for number in range(6))
    record = Record(PERSON, laboratory=rows, episodes=tuple(
        Episode(number, "prednisolone", ON - timedelta(days=number), Decimal(5)) for number in range(4)
    ))  # fmt: skip
    shuffled = replace(
        record, laboratory=tuple(random.sample(rows, 6)), episodes=tuple(random.sample(record.episodes, 4))
    )
    assert laboratory_values(shuffled, "c3", ON) == laboratory_values(record, "c3", ON)
    assert active_episodes(shuffled, ["prednisolone"], ON) == active_episodes(record, ["prednisolone"], ON)


def c3_result(id: int, days: int, time: str = "") -> LaboratoryValue:
    return LaboratoryValue(id, "c3", ON - timedelta(days=days), Decimal(90), time=time)


@given(
    st.permutations([c3_result(1, 9), c3_result(3, 2, "08:00"), c3_result(2, 2, "09:00"), c3_result(4, 0)])
)
def test_results_stand_by_day_time_and_row(rows: list[LaboratoryValue]) -> None:
    other = LaboratoryValue(9, "c4", ON, Decimal(20))
    found = Record(PERSON, laboratory=(other, *rows)).laboratory_in_order
    assert [row.id for row in found["c3"]] == [1, 3, 2, 4]
    assert {analyte: len(results) for analyte, results in found.items()} == {"c3": 4, "c4": 1}


@given(st.permutations([(1, 9), (2, 9), (3, 2), (4, 0)]))
def test_visits_and_episodes_stand_by_day_and_row(rows: list[tuple[int, int]]) -> None:
    days = [(id, ON - timedelta(days=ago)) for id, ago in rows]
    record = Record(
        PERSON,
        visits=tuple(Visit(id, day) for id, day in days),
        episodes=tuple(Episode(id, "prednisolone", day, Decimal(10)) for id, day in days),
    )
    assert [visit.id for visit in record.visits_in_order] == [1, 2, 3, 4]
    assert [episode.id for episode in record.episodes_in_order] == [1, 2, 3, 4]


def test_looking_back_forgets_the_later_facts_in_every_order() -> None:
    record = on_each(ON + timedelta(days=1))
    assert record.laboratory_in_order and record.statements_in_order
    past = record.as_of(ON)
    assert (past.visits_in_order, past.episodes_in_order) == ((), ())
    assert (past.laboratory_in_order, past.statements_in_order) == ({}, {})
