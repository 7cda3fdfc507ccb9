"""Weeks 0 and 52: which visit, which result, which dose (specification 2.7 and this project's windows)."""

from decimal import Decimal

import pytest

from analytics.outcomes import Facts, outcome
from analytics.outcomes.values import AROUND_DAYS, BEFORE_DAYS
from demo.samples import base
from dosing.rules.treatment import Treatment
from patients.rules.limits import Side
from tests.outcomes.people import (
    FIRST,
    day,
    of,
    result,
    start,
    steroid,
    tacrolimus,
    with_results,
    with_visits,
)


@pytest.mark.parametrize(
    ("visits", "chosen"),
    [
        ((335,), None),
        ((336,), 336),
        ((392,), 392),
        ((393,), None),
        ((350, 380), 350),
        ((355, 373), 355),
        ((354, 373), 373),
        ((364, 365), 364),
    ],
)
def test_the_visit_of_week_52(visits: tuple[int, ...], chosen: int | None) -> None:
    """Day 336–392, nearest to 364; of two as near the earlier."""
    found = of(with_visits(start(), *visits)).week_52
    assert (None if found.on is None else (found.on - FIRST).days) == chosen
    assert found.visit == (None if chosen is None else 900 + chosen)


@pytest.mark.parametrize(
    ("days", "value"),
    [
        ((0,), "0"),
        ((-BEFORE_DAYS,), str(BEFORE_DAYS)),
        ((-BEFORE_DAYS - 1,), None),
        ((1,), None),
        ((-30, -3), "3"),
    ],
)
def test_a_result_of_week_0(days: tuple[int, ...], value: str | None) -> None:
    """The last one on or before the first dose, at most eight weeks old."""
    rows = [result("c3", number, str(80 + abs(number))) for number in days]
    found = of(with_results(start(), *rows)).week_0.values["c3"]
    if value is None:
        assert (found.number, found.reason.text if found.reason else "") == (None, "not measured")
    else:
        assert found.number == 80 + int(value)


@pytest.mark.parametrize(
    ("days", "chosen"),
    [
        ((364 - AROUND_DAYS,), 364 - AROUND_DAYS),
        ((364 - AROUND_DAYS - 1,), None),
        ((364 + AROUND_DAYS,), 364 + AROUND_DAYS),
        ((364 + AROUND_DAYS + 1,), None),
        ((360, 370), 360),
        ((360, 368), 360),
        ((359, 368), 368),
    ],
)
def test_a_result_of_week_52(days: tuple[int, ...], chosen: int | None) -> None:
    """The nearest to the visit within four weeks, the earlier of two as near."""
    rows = [result("c3", number, "90") for number in days]
    found = of(with_visits(with_results(start(), *rows), 364)).week_52.values["c3"]
    assert found.on == (None if chosen is None else day(chosen))


def test_a_result_after_the_cut_off_does_not_exist() -> None:
    record = with_visits(with_results(start(), result("c3", 360, "90"), result("c3", 366, "99")), 364)
    assert of(record, cut_off=day(365)).week_52.values["c3"].number == 90
    assert of(record, cut_off=day(366)).week_52.values["c3"].number == 99


def test_without_a_visit_there_is_no_week_52() -> None:
    found = of(with_results(start(), result("c3", 364, "90"))).week_52
    assert {value.reason.text for value in found.values.values() if value.reason} == {"no visit of that week"}
    assert all(value.number is None for value in found.values.values())
    assert set(found.symptoms.values()) == {None}


class TestMethod:
    def record(self, *results: tuple[int, str, str]) -> object:
        rows = [result("dsdna", number, value, method=method) for number, value, method in results]
        return with_visits(with_results(start(), *rows), 364)

    def test_only_the_same_method_is_compared(self) -> None:
        record = self.record((0, "40", "RIA"), (364, "20", "ELISA"), (350, "25", "RIA"))
        assert of(record).week_52.values["dsdna"].number == 25  # type: ignore[arg-type]

    def test_another_method_is_a_reason_of_its_own(self) -> None:
        found = of(self.record((0, "40", "RIA"), (364, "20", "ELISA"))).week_52.values["dsdna"]  # type: ignore[arg-type]
        assert found.number is None
        assert found.reason is not None and "another method" in found.reason.text

    def test_a_bound_keeps_its_sign_and_its_side(self) -> None:
        row = result("dsdna", 0, "12", method="RIA", comparator="<", upper_limit=Decimal(12))
        found = of(with_results(start(), row)).week_0.values["dsdna"]
        assert (found.number, found.comparator, found.side) == (12, "<", Side.WITHIN)


class TestPrednisolone:
    def test_week_0_is_the_day_before_the_first_dose(self) -> None:
        record = base.with_steroid(start(), steroid(-200, -1, "15"), steroid(0, None, "12.5"))
        assert of(record).week_0.values["prednisolone"].number == 15

    def test_week_52_is_the_day_of_its_visit(self) -> None:
        record = base.with_steroid(start(), steroid(-200, 359, "15"), steroid(360, None, "7.5"))
        assert of(with_visits(record, 359)).week_52.values["prednisolone"].number == 15
        assert of(with_visits(record, 360)).week_52.values["prednisolone"].number == Decimal("7.5")

    def test_a_day_without_any_dose_is_not_known_and_a_stated_zero_is_zero(self) -> None:
        gone = base.with_steroid(start(), steroid(-200, 100, "15"))
        found = of(with_visits(gone, 364)).week_52.values["prednisolone"]
        assert (found.number, found.reason.text if found.reason else "") == (None, "dose not known")
        stopped = base.with_steroid(start(), steroid(-200, 100, "15"), steroid(101, None, "0"))
        assert of(with_visits(stopped, 364)).week_52.values["prednisolone"].number == 0

    def test_the_path_has_each_change_and_the_last_day(self) -> None:
        record = base.with_steroid(
            start(), steroid(-200, 99, "15"), steroid(100, 199, "12.5"), steroid(200, None, "10")
        )
        assert of(with_visits(record, 364)).prednisolone == (
            (0, 15),
            (100, Decimal("12.5")),
            (200, 10),
            (364, 10),
        )


class TestSledai:
    def test_the_total_of_the_visit(self) -> None:
        found = of(with_visits(start(), 364, arthritis=True))
        assert found.week_52.values["sledai"].number == 4
        assert found.sledai[-1] == (364, 4)

    def test_an_open_answer_leaves_it_unknown(self) -> None:
        found = of(with_visits(start(), 364, arthritis=None)).week_52.values["sledai"]
        assert found.number is None
        assert found.reason is not None and found.reason.text == "SLEDAI not complete"


def test_egfr_at_the_age_of_the_sample() -> None:
    """Specification 5.1, by hand: 194 · 0.61^−1.094 · 38^−0.287 · 0.739 = 86.7."""
    record = with_results(start(), result("creatinine", 0, "0.61"))
    number = of(record).week_0.values["egfr"].number
    assert number is not None and round(number, 1) == Decimal("86.7")


def test_a_bound_of_creatinine_gives_no_egfr() -> None:
    record = with_results(start(), result("creatinine", 0, "0.3", comparator="<"))
    found = of(record).week_0.values["egfr"]
    assert found.number is None
    assert found.reason is not None and found.reason.text == "creatinine known as a limit only"


def test_without_tacrolimus_there_is_no_outcome() -> None:
    assert outcome(Facts(1, base.base_record(FIRST), Treatment()), FIRST) is None
    future = base.with_episodes(base.base_record(FIRST), tacrolimus(start=10))
    assert outcome(Facts(1, future, Treatment()), FIRST) is None
