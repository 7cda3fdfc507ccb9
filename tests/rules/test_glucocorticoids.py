"""Prednisolone equivalents, daily doses, and what counts as a stable dose over 90 days."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.dates import PartialDate
from patients.rules.glucocorticoids import (
    DoseChange,
    Stability,
    daily_doses,
    prednisolone_equivalent,
    stability,
)
from patients.rules.record import Administration, Episode, Person, Purpose, Record
from patients.rules.schedules import Schedule

ON = date(2025, 6, 2)
DAYS = 90
PERSON = Person(1, "F", PartialDate.on(date(1985, 1, 15)))


def back(days: int) -> date:
    return ON - timedelta(days=days)


def taken(
    mg: str | None, first: int, last: int | None = None, drug: str = "prednisolone", **more: Any
) -> Episode:
    """A dose in mg from `first` to `last` days before ON; last None: open."""
    return Episode(
        id=more.pop("id", 1000 - first),
        drug=drug,
        start=back(first),
        dose_mg=None if mg is None else Decimal(mg),
        last_day=None if last is None else back(last),
        **more,
    )


def judged(*episodes: Episode, given: tuple[Administration, ...] = ()) -> Stability:
    return stability(Record(PERSON, episodes=episodes, administrations=given), ON, DAYS)


def change(days: int, old: str, new: str) -> DoseChange:
    return DoseChange(back(days), Decimal(old), Decimal(new))


STEADY = taken("10", 300)


# Equivalents


@pytest.mark.parametrize(
    ("drug", "mg", "prednisolone"),
    [
        ("prednisolone", "7.5", "7.5"),
        ("prednisone", "7.5", "7.5"),
        ("methylprednisolone", "8", "10"),
        ("methylprednisolone", "500", "625"),
        ("hydrocortisone", "20", "5"),
        ("dexamethasone", "0.75", "5"),
        ("deflazacort", "12", "10"),
        ("cortisone", "25", "5"),
        ("triamcinolone", "16", "20"),
        ("betamethasone", "0.6", "5"),
        ("betamethasone_chlorpheniramine", "0.6", "5"),
        ("prednisolone", "0", "0"),
    ],
)
def test_equivalents(drug: str, mg: str, prednisolone: str) -> None:
    """Vectors of specification 5.5."""
    assert prednisolone_equivalent(drug, Decimal(mg)) == Decimal(prednisolone)


def test_the_betamethasone_factor_is_the_one_of_this_project() -> None:
    """0.5 mg is 4.167 mg by 0.6 (3.333 mg by 0.75, which other sources give)."""
    found = prednisolone_equivalent("betamethasone", Decimal("0.5"))
    assert found is not None
    assert round(found, 3) == Decimal("4.167")


@pytest.mark.parametrize("drug", ["", "tacrolimus", "unknown"])
def test_a_drug_without_a_factor_has_no_equivalent(drug: str) -> None:
    assert prednisolone_equivalent(drug, Decimal(5)) is None


# Daily doses


def daily(*episodes: Episode, days: int = 2) -> list[Decimal | None]:
    return list(daily_doses(Record(PERSON, episodes=episodes), back(days), ON).values())


def test_a_dose_is_known_from_its_first_to_its_last_day() -> None:
    assert daily(taken("10", 3, 2), taken("9", 1, 0), days=4) == [None, 10, 10, 9, 9]


def test_no_episode_is_unknown_and_a_stated_zero_is_zero() -> None:
    assert daily() == [None, None, None]
    assert daily(taken("0", 5)) == [0, 0, 0]


def test_alternate_days_count_by_their_two_day_mean() -> None:
    assert daily(taken("15", 30, schedule=Schedule.ALTERNATE_DAYS)) == [Decimal("7.5")] * 3


def test_several_glucocorticoids_add_up() -> None:
    assert daily(taken("5", 9), taken("20", 1, drug="hydrocortisone")) == [5, 10, 10]


def test_one_unknown_dose_makes_the_day_unknown() -> None:
    assert daily(taken("5", 9), taken(None, 1, drug="hydrocortisone")) == [5, None, None]


@pytest.mark.parametrize("route", ["topical", "inhaled", "intra-articular"])
def test_only_systemic_routes_count(route: str) -> None:
    assert daily(taken("10", 9), taken("40", 9, drug="triamcinolone", route=route)) == [10, 10, 10]


def test_other_drugs_do_not_count() -> None:
    assert daily(taken("3", 9, drug="tacrolimus"), taken("10", 9)) == [10, 10, 10]


# Changes in the window


def test_the_same_dose_all_the_time_is_stable() -> None:
    found = judged(STEADY)
    assert found == Stability(Decimal(10), (), (), (), (), (STEADY,))


@pytest.mark.parametrize(
    ("days", "changes"),
    [(91, ()), (90, ()), (89, (change(89, "12.5", "10"),)), (1, (change(1, "12.5", "10"),)),
     (0, (change(0, "12.5", "10"),))],
)  # fmt: skip
def test_a_change_counts_when_its_day_is_after_on_minus_90(
    days: int, changes: tuple[DoseChange, ...]
) -> None:
    """Decision case 9: a change dated on−90 is stable, one dated on−89 is not."""
    found = judged(taken("12.5", 300, days + 1), taken("10", days))
    assert found.changes == changes
    assert found.dose_mg == 10
    assert found.unknown_days == ()


def test_every_change_is_told() -> None:
    found = judged(taken("10", 300, 61), taken("9", 60, 31), taken("10", 30))
    assert found.changes == (change(60, "10", "9"), change(30, "9", "10"))


@pytest.mark.parametrize(
    ("mg", "changed"), [("10.009", False), ("10.01", True), ("9.991", False), ("9.99", True)]
)
def test_less_than_a_hundredth_is_the_same_dose(mg: str, changed: bool) -> None:
    assert bool(judged(taken("10", 300, 31), taken(mg, 30)).changes) is changed


def test_the_same_dose_of_another_glucocorticoid_is_no_change() -> None:
    assert judged(taken("10", 300, 31), taken("8", 30, drug="methylprednisolone")).changes == ()


def test_an_added_glucocorticoid_is_a_change() -> None:
    assert judged(STEADY, taken("20", 30, drug="hydrocortisone")).changes == (change(30, "10", "15"),)


def test_the_same_mean_dose_on_alternate_days_is_no_change() -> None:
    assert judged(taken("10", 300, 31), taken("20", 30, schedule=Schedule.ALTERNATE_DAYS)).changes == ()


def test_stopping_to_a_stated_zero_is_a_change() -> None:
    found = judged(taken("5", 300, 31), taken("0", 30))
    assert found.changes == (change(30, "5", "0"),)
    assert found.dose_mg == 0


def test_zero_all_the_time_is_stable_at_zero() -> None:
    found = judged(taken("0", 300))
    assert (found.dose_mg, found.changes, found.unknown_days) == (0, (), ())


def test_a_planned_last_day_has_no_effect_before() -> None:
    found = judged(taken("10", 300, -7), taken("9", -8))
    assert (found.dose_mg, found.changes, found.unknown_days) == (10, (), ())


# What is unknown


def test_a_gap_is_unknown() -> None:
    assert judged(taken("10", 300, 41), taken("10", 39)).unknown_days == (back(40),)


def test_a_change_across_a_gap_is_known_and_dated_by_the_new_dose() -> None:
    """Decision case 10: a known change decides before an unknown day does."""
    found = judged(taken("10", 300, 41), taken("7.5", 38))
    assert found.changes == (change(38, "10", "7.5"),)
    assert found.unknown_days == (back(40), back(39))


@pytest.mark.parametrize(("first", "unknown"), [(90, 0), (89, 1), (60, 30)])
def test_every_day_from_on_minus_90_must_be_known(first: int, unknown: int) -> None:
    """The day before the window shows whether its first day was a change."""
    assert len(judged(taken("10", first)).unknown_days) == unknown


def test_an_unknown_dose_is_unknown() -> None:
    assert len(judged(taken(None, 300)).unknown_days) == DAYS + 1


def test_nothing_recorded_is_unknown_not_zero() -> None:
    found = judged()
    assert found.dose_mg is None
    assert found.changes == ()
    assert len(found.unknown_days) == DAYS + 1


def test_a_stop_without_a_stated_zero_is_unknown_afterwards() -> None:
    found = judged(taken("5", 300, 31))
    assert found.changes == ()
    assert found.unknown_days[0] == back(30)
    assert found.dose_mg == 5


# Stress cover and pulses


def cover(first: int, last: int | None, **more: Any) -> Episode:
    return taken(
        "100", first, last, drug=more.pop("drug", "hydrocortisone"), purpose=Purpose.STRESS_COVER, **more
    )


@pytest.mark.parametrize(("first", "last"), [(40, 40), (40, 38), (2, 0), (1, -1)])
def test_stress_cover_of_up_to_three_days_is_listed_and_ignored(first: int, last: int) -> None:
    short = cover(first, last)
    found = judged(STEADY, short)
    assert (found.changes, found.unknown_days, found.dose_mg) == ((), (), 10)
    assert found.stress_cover == (short,)


def test_stress_cover_with_prednisolone_itself_is_ignored_too() -> None:
    found = judged(taken("10", 300, 41), cover(40, 38, drug="prednisolone"), taken("10", 37))
    assert (found.changes, found.unknown_days) == ((), ())


def test_a_new_dose_after_stress_cover_is_a_change() -> None:
    found = judged(taken("10", 300, 41), cover(40, 38, drug="prednisolone"), taken("12.5", 37))
    assert found.changes == (change(37, "10", "12.5"),)


@pytest.mark.parametrize("last", [37, None])
def test_longer_stress_cover_is_a_change(last: int | None) -> None:
    found = judged(STEADY, cover(40, last))
    assert found.changes[0] == change(40, "10", "35")
    assert found.stress_cover == ()


def test_two_courses_without_a_day_between_count_as_one() -> None:
    assert judged(STEADY, cover(40, 38), cover(37, 35)).changes[0] == change(40, "10", "35")
    assert judged(STEADY, cover(40, 39), cover(38, 38)).changes == ()
    assert judged(STEADY, cover(40, 38), cover(36, 34)).changes == ()


def test_a_short_increase_for_sle_is_a_change() -> None:
    found = judged(taken("10", 300, 41), taken("20", 40, 38), taken("10", 37))
    assert found.changes == (change(40, "10", "20"), change(37, "20", "10"))


def test_stress_cover_before_the_window_is_not_listed() -> None:
    assert judged(STEADY, cover(95, 93)).stress_cover == ()


def pulse(days: int, **changes: Any) -> Administration:
    return replace(Administration(1, "methylprednisolone", back(days), Decimal(500)), **changes)


@pytest.mark.parametrize(("days", "counts"), [(90, False), (89, True), (60, True), (0, True), (-1, False)])
def test_a_pulse_counts_in_the_window(days: int, counts: bool) -> None:
    assert judged(STEADY, given=(pulse(days),)).pulses == ((pulse(days),) if counts else ())


@pytest.mark.parametrize("purpose", [Purpose.SLE, Purpose.OTHER])
def test_every_pulse_counts_that_is_not_coded_as_stress_cover(purpose: Purpose) -> None:
    assert len(judged(STEADY, given=(pulse(60, purpose=purpose),)).pulses) == 1


def test_an_injection_as_stress_cover_is_listed_and_ignored() -> None:
    injection = pulse(60, purpose=Purpose.STRESS_COVER, drug="hydrocortisone", route="intramuscular")
    found = judged(STEADY, given=(injection,))
    assert (found.pulses, found.stress_cover) == ((), (injection,))


@pytest.mark.parametrize(
    "given", [pulse(60, drug="rituximab"), pulse(60, drug=""), pulse(60, route="intra-articular")]
)
def test_other_injections_are_no_pulse(given: Administration) -> None:
    assert judged(STEADY, given=(given,)).pulses == ()


# Properties

DOSES = st.lists(st.sampled_from(["5", "7.5", "10", "0", None, "gap"]), min_size=1, max_size=12)


def course(doses: list[str | None]) -> tuple[Episode, ...]:
    """Ten days at each dose, the last ten days ending on ON; a gap has no episode."""
    blocks = [(10 * (len(doses) - n) - 1, dose) for n, dose in enumerate(doses)]
    return tuple(taken(dose, first, first - 9) for first, dose in blocks if dose != "gap")


@given(DOSES, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(doses: list[str | None], random) -> None:
    episodes = course(doses)
    assert judged(*random.sample(episodes, len(episodes))) == judged(*episodes)


@given(DOSES)
def test_a_day_is_known_or_unknown_and_changes_are_real(doses: list[str | None]) -> None:
    found = judged(*course(doses))
    by_day = daily_doses(Record(PERSON, episodes=course(doses)), back(DAYS), ON)
    assert set(found.unknown_days) == {day for day, dose in by_day.items() if dose is None}
    known = {dose for dose in by_day.values() if dose is not None}
    assert bool(found.changes) is (len(known) > 1)
    assert all(by_day[item.on] == item.new_mg != item.old_mg for item in found.changes)


COURSES = st.lists(
    st.builds(
        taken,
        st.sampled_from(["5", "7.5", "0", None]),
        first=st.integers(25, 60),
        last=st.none() | st.integers(-3, 25),
        drug=st.sampled_from(["prednisolone", "methylprednisolone", "azathioprine"]),
        schedule=st.sampled_from([Schedule.DAILY, Schedule.ALTERNATE_DAYS]),
        route=st.sampled_from(["oral", "inhaled"]),
    ),
    max_size=5,
)
FIVE_MG_EQUAL = {"prednisolone": Decimal(5), "methylprednisolone": Decimal(4)}


def dose_of_one_day(episodes: list[Episode], day: date) -> Decimal | None:
    """Every systemic glucocorticoid of the day in mg of prednisolone, added up; None where one is unknown."""
    total = Decimal(0)
    taking = [
        row
        for row in episodes
        if row.drug in FIVE_MG_EQUAL and row.route == "oral" and row.start <= day
        if row.last_day is None or row.last_day >= day
    ]
    for row in taking:
        if row.dose_mg is None:
            return None
        days = 2 if row.schedule is Schedule.ALTERNATE_DAYS else 1
        total += row.dose_mg / days * 5 / FIVE_MG_EQUAL[row.drug]
    return total if taking else None


@given(COURSES, st.integers(0, 45))
def test_each_day_has_the_dose_of_its_own_episodes(episodes: list[Episode], days: int) -> None:
    by_day = daily_doses(Record(PERSON, episodes=tuple(episodes)), back(days), ON)
    window = [back(days - n) for n in range(days + 1)]
    assert by_day == {day: dose_of_one_day(episodes, day) for day in window}


@given(COURSES, st.integers(0, 45))
def test_changes_are_the_days_that_differ_from_the_day_known_before(
    episodes: list[Episode], days: int
) -> None:
    found = stability(Record(PERSON, episodes=tuple(episodes)), ON, days)
    window = [back(days - n) for n in range(days + 1)]
    doses = [(day, dose_of_one_day(episodes, day)) for day in window]
    known = [(day, dose) for day, dose in doses if dose is not None]
    pairs = pairwise(known)
    assert found.changes == tuple(DoseChange(day, old, new) for (_, old), (day, new) in pairs if old != new)
    assert found.unknown_days == tuple(day for day, dose in doses if dose is None)
    assert found.dose_mg == (known[-1][1] if known else None)


def test_the_last_day_there_is_can_be_judged() -> None:
    open_until = replace(STEADY, last_day=date.max)
    found = stability(Record(PERSON, episodes=(open_until,)), date.max, DAYS)
    assert (found.dose_mg, found.changes, found.unknown_days) == (Decimal(10), (), ())
