"""What a bound or a range says: its ends, its side of limits, and what rules make of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from patients.rules.evidence import laboratory_evidence
from patients.rules.limits import Side, side
from patients.rules.record import LaboratoryValue
from patients.rules.sample_order import worst_last
from patients.rules.sledai_proposals import propose
from tests.rules.records import eligible_record

ON = date(2026, 3, 1)


def cells(value: str, high: str | None = None, comparator: str = "", **changes: object) -> LaboratoryValue:
    end = None if high is None else Decimal(high)
    row = LaboratoryValue(1, "urine_rbc", ON, Decimal(value), comparator=comparator, value_high=end)
    return replace(row, **changes)


@pytest.mark.parametrize(
    ("row", "lowest", "highest"),
    [
        (cells("5"), 5, 5),
        (cells("5", "9"), 5, 9),
        (cells("5", comparator="<"), 0, 5),
        (cells("5", comparator="≤"), 0, 5),
        (cells("5", comparator=">"), 5, None),
        (cells("5", comparator="≥"), 5, None),
        (LaboratoryValue(1, "hbsag", ON, finding="negative"), None, None),
    ],
)
def test_the_least_and_the_most_that_it_can_be(
    row: LaboratoryValue, lowest: int | None, highest: int | None
) -> None:
    assert (row.lowest, row.highest) == (lowest, highest)


@pytest.mark.parametrize(
    ("value", "comparator", "high", "expected"),
    [
        ("1", "", "4", Side.WITHIN),
        ("5", "", "9", Side.UNKNOWN),
        ("6", "", "9", Side.ABOVE),
        ("10", "", "19", Side.ABOVE),
        ("5", "≤", None, Side.WITHIN),
        ("5", "≥", None, Side.UNKNOWN),
        ("6", "≥", None, Side.ABOVE),
        ("5", ">", None, Side.ABOVE),
    ],
)
def test_the_side_of_an_upper_limit_of_five(
    value: str, comparator: str, high: str | None, expected: Side
) -> None:
    end = None if high is None else Decimal(high)
    assert side(Decimal(value), comparator, None, Decimal(5), end) is expected


@pytest.mark.parametrize(
    ("comparator", "value", "expected"),
    [("≤", "86", Side.UNKNOWN), ("<", "86", Side.BELOW), ("≥", "86", Side.WITHIN), ("≤", "85", Side.BELOW)],
)
def test_the_side_of_a_lower_limit(comparator: str, value: str, expected: Side) -> None:
    assert side(Decimal(value), comparator, Decimal(86), None) is expected


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (cells("0", "1"), False),
        (cells("1", "4"), False),
        (cells("5", "9"), True),
        (cells("10", "19"), True),
        (cells("5", comparator="≤"), False),
        (cells("100", comparator="≥"), True),
        (cells("50", comparator=">"), True),
        (cells("5", comparator="≥"), None),
        (cells("9", comparator="<"), None),
    ],
)
def test_haematuria_is_proposed_by_the_dangerous_end(row: LaboratoryValue, answer: bool | None) -> None:
    """SLEDAI-2K counts more than 5 cells a field; 5–9 may be more, so the doctor is asked."""
    found = propose(replace(eligible_record(ON), laboratory=(row,)), ON).get("haematuria")
    assert (None if found is None else found.answer) is answer


def test_the_worse_of_two_of_one_day_by_its_dangerous_end() -> None:
    wide, exact = cells("5", "9", id=1), cells("7", id=2)
    assert worst_last([wide, exact]) is wide


def test_the_evidence_shows_the_range() -> None:
    assert laboratory_evidence(cells("5", "9")).value == "5–9"
