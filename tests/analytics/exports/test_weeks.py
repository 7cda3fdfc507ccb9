"""Which value tells a week: the windows' edges, ties, what is not known yet.

Expected values follow from the declared windows (README of an export) and, for week 52, from the rules: day
336 to 392 (clinical specification 2.7).
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.exports.weeks import Whole
from analytics.outcomes import Facts, outcome
from demo.study.course import first_dose_day, record_of
from demo.study.rows import StudyRow, read_rows
from dosing.rules.efficacy import week_52_visit
from dosing.rules.treatment import Level, Treatment
from patients.rules.dates import PartialDate, age_years
from patients.rules.record import Episode, LaboratoryValue, Person, Record, Visit
from patients.rules.schedules import Schedule

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
        (0, (-31,), None), (0, (-30,), -30), (0, (-30, -1), -1), (0, (-5, 0), 0), (0, (0, 1), 0),
        (0, (1,), None),
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
def test_windows_of_visits(week: int, days: tuple[int, ...], chosen: int | None) -> None:
    found = whole(visits=visits(*days)).visits[week]
    assert (found and (found.on - FIRST).days) == chosen


@pytest.mark.parametrize("days", [(336,), (360, 368), (359, 368), (300, 400), (364, 364), (392, 336)])
def test_week_52_is_the_visit_of_the_rules(days: tuple[int, ...]) -> None:
    known = record(visits=visits(*days))
    assert whole(visits=visits(*days)).visits[52] == week_52_visit(known, FIRST)


@pytest.mark.parametrize(
    ("week", "seen", "days", "chosen"),
    [
        # Week 0: the last of the 56 days up to and including the first dose.
        (0, (), (-57,), None), (0, (), (-56, 1), -56), (0, (), (-3, 0), 0),
        # Within 28 days of the visit of the week, where there is one.
        (12, (100,), (84, 99), 99), (12, (100,), (71, 129), None), (12, (100,), (72,), 72),
        (12, (100,), (128,), 128),
        (12, (84,), (80, 88), 80),
        # Else of the week's own day.
        (12, (), (56,), 56), (12, (), (55, 113), None), (52, (), (364, 370), 364),
    ],
)  # fmt: skip
def test_windows_of_results(
    week: int, seen: tuple[int, ...], days: tuple[int, ...], chosen: int | None
) -> None:
    results = tuple(LaboratoryValue(n, "c3", on(day), Decimal(80)) for n, day in enumerate(days))
    found = whole(visits=visits(*seen), laboratory=results).results.get(("c3", week))
    assert (found and found.on and (found.on - FIRST).days) == chosen


def test_a_result_by_another_method_is_left_out() -> None:
    """Anti-dsDNA by RIA and by ELISA are no pair."""
    results = (
        LaboratoryValue(1, "dsdna", on(0), Decimal(30), method="RIA"),
        LaboratoryValue(2, "dsdna", on(364), Decimal(400), method="ELISA"),
        LaboratoryValue(3, "dsdna", on(370), Decimal(12), method="RIA"),
    )
    assert whole(laboratory=results).results["dsdna", 52].number == 12
    assert ("dsdna", 52) not in whole(laboratory=results[:2]).results


def test_without_tacrolimus_no_week_is_told() -> None:
    nobody = whole(first=None, visits=visits(0, 84), levels=())
    assert set(nobody.visits.values()) == {None} and not nobody.results
    assert nobody.prednisolone_mg(0) is None and nobody.tacrolimus_mg(12) is None and nobody.level(12) is None


def test_what_lies_ahead_is_not_known() -> None:
    going_on = Episode(1, "prednisolone", on(-100), Decimal(10))
    seen = whole(until=on(100), visits=visits(84, 101), episodes=(going_on,))
    assert seen.visits[12] == visits(84)[0]
    assert seen.prednisolone_mg(12) == 10 and seen.prednisolone_mg(24) is None
    ahead = LaboratoryValue(1, "c3", on(101), Decimal(80))
    level = Level(1, on(101), Decimal(6), "", Decimal(12))
    seen = whole(until=on(100), visits=visits(101), laboratory=(ahead,), levels=(level,))
    assert seen.visits[12] is None and not seen.results and seen.level(12) is None


def test_doses() -> None:
    episodes = (
        Episode(1, "prednisolone", on(-100), Decimal(12), on(-1)),
        Episode(2, "prednisolone", on(0), Decimal(10), on(83)),
        Episode(3, "prednisolone", on(84), Decimal("7.5")),
        # Methylprednisolone 4 mg equal 5 mg of prednisolone (specification 5.5); every other day: the mean.
        Episode(4, "methylprednisolone", on(168), Decimal(8), schedule=Schedule.ALTERNATE_DAYS),
        Episode(5, "tacrolimus", on(0), Decimal(3), on(200)),
        Episode(6, "tacrolimus", on(240), Decimal("1.5")),
    )
    seen = whole(episodes=episodes)
    # Week 0: the day before the first dose, as in the report.
    assert [seen.prednisolone_mg(week) for week in (0, 12, 24)] == [12, Decimal("7.5"), Decimal("12.5")]
    assert [seen.tacrolimus_mg(week) for week in (0, 12, 24, 36)] == [3, 3, 3, Decimal("1.5")]
    # The day of the visit goes before the day of the week.
    assert whole(episodes=episodes, visits=visits(80)).prednisolone_mg(12) == 10
    assert whole(episodes=(episodes[4],)).tacrolimus_mg(36) == 0
    assert whole(episodes=(Episode(7, "tacrolimus", on(0), None),)).tacrolimus_mg(52) is None
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


@pytest.mark.parametrize("row", read_rows(), ids=lambda row: row.patient)
def test_weeks_0_and_52_are_those_of_the_report(row: StudyRow) -> None:
    """One product has one answer: the reconstructed cohort, patient by patient, against the outcomes."""
    first = first_dose_day(row)
    facts = record_of(row)
    facts = replace(facts, episodes=(*facts.episodes, Episode(9999, "tacrolimus", first, Decimal(3))))
    found = outcome(Facts(1, facts, Treatment()), LATER)
    assert found is not None
    seen = Whole(facts, Treatment(), first, LATER)
    for week, told in ((0, found.week_0), (52, found.week_52)):
        if told.visit is None:
            continue
        visit = seen.visits[week]
        assert visit is not None and (visit.id, visit.on) == (told.visit, told.on)
        assert seen.prednisolone_mg(week) == told.values["prednisolone"].number
        for analyte in ("c3", "dsdna", "upcr", "creatinine"):
            value = seen.results.get((analyte, week))
            assert (value.number if value else None) == told.values[analyte].number, analyte
        creatinine = told.values["creatinine"]
        if creatinine.on is not None:
            age = age_years(facts.person.birth.earliest, creatinine.on)
            assert seen.egfr(week, age) == pytest.approx(float(told.values["egfr"].number or 0), abs=1e-5)
