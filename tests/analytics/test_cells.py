"""Numbers as cells: what is read, and what is calculated with."""

from datetime import date
from decimal import Decimal

import pytest

from analytics.report import cells
from analytics.statistics.results import NO_PAIRS, LeftOut, not_estimable
from patients.rules.verdict import say


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (2.2e-308, "<0.001"),
        (0.000999, "<0.001"),
        (0.001, "0.001"),
        (0.0060, "0.006"),
        (0.0381, "0.038"),
        (0.0551, "0.055"),
        (0.0999, "0.100"),
        (0.473, "0.473"),
        (1.0, "1.000"),
    ],
)
def test_a_p_value_is_never_zero(value: float, read: str) -> None:
    cell = cells.p_value(value)
    assert cell.text == read
    assert cell.value is not None and float(str(cell.value)) == pytest.approx(value, rel=1e-8)


@pytest.mark.parametrize(
    ("value", "places", "read"),
    [(-3.5, 1, "−3.5"), (-0.04, 1, "0.0"), (0, 1, "0.0"), (11.69, 1, "11.7"), (Decimal("0.72"), 2, "0.72")],
)
def test_a_number_has_a_true_minus_and_no_minus_zero(value: float, places: int, read: str) -> None:
    assert cells.number(value, places).text == read


@pytest.mark.parametrize(("value", "read"), [(11.7, "+11.7"), (0.04, "0.0"), (-3.5, "−3.5"), (0.0, "0.0")])
def test_a_difference_that_rose_has_its_plus(value: float, read: str) -> None:
    assert cells.signed(value, 1).text == read


def test_a_sum_whose_last_bit_differs_is_the_same_cell() -> None:
    assert 0.1 + 0.2 != 0.3
    assert cells.number(0.1 + 0.2, 1) == cells.number(0.3, 1)


def test_shares_days_and_nothing() -> None:
    assert cells.percent(28 / 38).text == "73.7"
    assert cells.day(date(2026, 11, 23)).text == "23 Nov 2026"
    for nothing in (cells.day(None), cells.number(None, 1), cells.percent(None), cells.p_value(None)):
        assert nothing == cells.Cell(None, "")


def test_what_cannot_be_estimated_says_why_once() -> None:
    notes = cells.Notes()
    found = not_estimable(NO_PAIRS, 0)
    assert notes.estimated(found, cells.p_value) == cells.Cell(None, "n.e.")
    assert notes.estimated(found, cells.p_value).value is None
    assert notes.all() == ("n.e.: Not estimable, because there is no complete pair.",)
    assert notes.estimated(0.5, cells.p_value).text == "0.500"


def test_reasons_are_counted_and_told() -> None:
    left = (LeftOut(say("both values are missing"), 2), LeftOut(say("the value after is missing"), 1))
    cell = cells.reasons(left)
    assert cell.value == 3
    assert cell.text == "2 both values are missing; 1 the value after is missing"
    assert cells.reasons(()).text == "0"
