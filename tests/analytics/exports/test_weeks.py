"""Which value tells a week: the windows' edges, ties, what is not known yet.

Expected values follow from the declared windows (README of an export) and, for week 52, from the rules: day
336 to 392 (clinical specification 2.7).
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.exports.weeks import Whole, nearest
from dosing.rules.efficacy import week_52_visit
from dosing.rules.treatment import Level, Treatment
from patients.rules.dates import PartialDate
from patients.rules.record import Episode, LaboratoryValue, Person, Record, Schedule, Visit

FIRST = date(2020, 3, 2)
LATER = date(2024, 1, 1)
PERSON = Person(id=1, sex="F", birth=PartialDate.parse("1976-03-02"))


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def visits(*days: int) -> tuple[Visit, ...]:
    return tuple(Visit(id=n, on=on(day)) for n, day in enumerate(days))


def record(**facts: object) -> Record:
    empty = Record(person=PERSON, visits=(), laboratory=(), episodes=(), administrations=(), prior_uses=(),
                   drug_histories=(), statements=(), classifications=())  # fmt: skip
    return replace(empty, **facts)  # type: ignore[arg-type]


def whole(
    first: date | None = FIRST, until: date = LATER, levels: tuple[Level, ...] = (), **facts: object
) -> Whole:
    return Whole(record(**facts), Treatment(levels=levels), first, until)


@pytest.mark.parametrize(
    ("week", "days", "chosen"),
    [
        # Week 0: the last of the 30 days up to and including the first dose.
        (0, (-31,), None), (0, (-30,), -30), (0, (-30, -1), -1), (0, (-5, 0), 0),
        (0, (0, 1), 0), (0, (1,), None),
        # Another week: within 28 days.
        (12, (55,), None), (12, (56,), 56), (12, (112,), 112), (12, (113,), None),
        (24, (139,), None), (24, (140,), 140), (24, (196,), 196),
        (52, (335,), None), (52, (336,), 336), (52, (392,), 392), (52, (393,), None),
        # The nearest; of two as near the earlier.
        (12, (70, 83, 90), 83), (12, (80, 88), 80), (12, (79, 88), 88), (36, (252, 250), 252),
        # Windows of neighbours: week 12 ends on day 112, week 24 begins on day 140.
        (24, (113, 139), None),
    ],
)  # fmt: skip
def test_windows(week: int, days: tuple[int, ...], chosen: int | None) -> None:
    found = nearest(visits(*days), FIRST, week)
    assert (found and (found.on - FIRST).days) == chosen


@pytest.mark.parametrize("days", [(336,), (360, 368), (359, 368), (300, 400), (364, 364), (392, 336)])
def test_week_52_is_the_visit_of_the_rules(days: tuple[int, ...]) -> None:
    known = record(visits=visits(*days))
    assert whole(visits=visits(*days)).visit(52) == week_52_visit(known, FIRST)


def test_without_tacrolimus_no_week_is_told() -> None:
    nobody = whole(first=None, visits=visits(0, 84), levels=())
    assert nobody.visit(0) is None and nobody.prednisolone_mg(0) is None and nobody.tacrolimus_mg(12) is None


def test_what_lies_ahead_is_not_known() -> None:
    going_on = Episode(1, "prednisolone", on(-100), Decimal(10))
    seen = whole(until=on(100), visits=visits(84, 101), episodes=(going_on,))
    assert seen.visit(12) == visits(84)[0]
    assert seen.prednisolone_mg(12) == 10 and seen.prednisolone_mg(24) is None
    assert whole(until=on(100), visits=visits(101)).visit(12) is None


def test_doses_of_the_day_itself() -> None:
    episodes = (
        Episode(1, "prednisolone", on(-100), Decimal(10), on(83)),
        Episode(2, "prednisolone", on(84), Decimal("7.5")),
        # Methylprednisolone 4 mg equal 5 mg of prednisolone (specification 5.5); every other day: the mean.
        Episode(3, "methylprednisolone", on(168), Decimal(8), schedule=Schedule.ALTERNATE_DAYS),
        Episode(4, "tacrolimus", on(0), Decimal(3), on(200)),
        Episode(5, "tacrolimus", on(240), Decimal("1.5")),
        Episode(6, "tacrolimus", on(300), None),
    )  # fmt: skip
    seen = whole(episodes=episodes[:5])
    assert [seen.prednisolone_mg(week) for week in (0, 12, 24)] == [10, Decimal("7.5"), Decimal("12.5")]
    assert [seen.tacrolimus_mg(week) for week in (0, 12, 24, 36, 52)] == [
        3,
        3,
        3,
        Decimal("1.5"),
        Decimal("1.5"),
    ]
    unknown = whole(episodes=(episodes[5],), first=FIRST)
    assert unknown.tacrolimus_mg(52) is None
    assert whole(episodes=(episodes[3],)).tacrolimus_mg(36) == 0
    assert whole().prednisolone_mg(0) is None


@pytest.mark.parametrize(
    ("hours", "comparator", "told"),
    [("12.5", "", True), ("12.5", "<", False), ("24", "", False), (None, "", False), ("2", "", False)],
)
def test_only_exact_morning_levels(hours: str | None, comparator: str, told: bool) -> None:
    level = Level(1, on(84), Decimal("6.1"), comparator, Decimal(hours) if hours else None)
    assert (whole(levels=(level,)).level(12) is not None) is told


@pytest.mark.parametrize(
    ("value", "comparator", "age", "expected"),
    [
        # 194 · Cr^-1.094 · age^-0.287 · 0.739, by hand: 0.70 mg/dl at 44 years.
        ("0.70", "", 44, 71.5),
        ("0.70", "<", 44, None), ("0", "", 44, None), ("0.70", "", 17, None), ("0.70", "", None, None),
    ],
)  # fmt: skip
def test_egfr(value: str, comparator: str, age: int | None, expected: float | None) -> None:
    result = LaboratoryValue(1, "creatinine", on(0), Decimal(value), comparator=comparator)
    found = whole(laboratory=(result,)).egfr(0, age)
    assert found == (pytest.approx(expected, abs=0.05) if expected else None)
