"""A haemolysed potassium opens and never closes (second clinical specification, section 1)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dosing.rules.safety import Gate, gate
from patients.rules.evidence import laboratory_evidence
from patients.rules.haemolysis import without_harmless
from patients.rules.reading import laboratory_values, latest_laboratory
from patients.rules.record import LaboratoryValue, Record
from tests.rules.records import eligible_record

ON = date(2026, 3, 1)


def potassium(
    id: int, value: str, days_ago: int, haemolysed: bool = False, **changes: object
) -> LaboratoryValue:
    row = LaboratoryValue(
        id, "potassium", ON - timedelta(days=days_ago), Decimal(value), haemolysed=haemolysed
    )
    return replace(row, **changes)


def record(*rows: LaboratoryValue) -> Record:
    start = eligible_record(ON)
    others = tuple(row for row in start.laboratory if row.analyte != "potassium")
    return replace(start, laboratory=(*others, *rows))


@pytest.mark.parametrize(
    ("before", "haemolysed", "counts"),
    [
        ("4.2", "6.4", "6.4"),  # high: counts as dangerous
        ("6.4", "4.2", "6.4"),  # not high: what stood stands
        ("6.4", "5.6", "6.4"),  # high, but lower than what stood
        ("5.6", "6.4", "6.4"),
        ("4.2", "5.0", "4.2"),  # the limit itself is not high
        ("4.2", "5.1", "5.1"),
    ],
)
def test_it_opens_and_never_closes(before: str, haemolysed: str, counts: str) -> None:
    rows = record(potassium(1, before, 2), potassium(2, haemolysed, 1, haemolysed=True))
    last = latest_laboratory(rows, "potassium", ON)
    assert last is not None
    assert last.value == Decimal(counts)
    assert laboratory_values(rows, "potassium", ON)[-1] is last


def test_a_clean_one_closes_it() -> None:
    rows = record(potassium(1, "6.4", 2, haemolysed=True), potassium(2, "4.2", 1))
    assert latest_laboratory(rows, "potassium", ON).value == Decimal("4.2")


def test_two_haemolysed_ones_keep_the_worse() -> None:
    rows = [potassium(1, "6.4", 2, haemolysed=True), potassium(2, "4.2", 1, haemolysed=True)]
    assert without_harmless(rows) == rows[:1]


def test_a_bound_without_an_upper_end_opens() -> None:
    rows = [potassium(1, "4.2", 2), potassium(2, "4.0", 1, haemolysed=True, comparator=">")]
    assert without_harmless(rows) == rows


def test_alone_and_not_high_it_answers_no_question() -> None:
    found = gate(record(potassium(1, "4.2", 1, haemolysed=True)), ON).findings
    said = {item.code: item.sentence.text for item in found if item.state is Gate.CANNOT_TELL}
    assert "haemolysed" in said["missing:potassium"]


def test_alone_and_high_it_holds() -> None:
    found = gate(record(potassium(1, "5.9", 1, haemolysed=True)), ON).findings
    assert (Gate.HOLD, "potassium_high") in [(item.state, item.code) for item in found]


def test_the_evidence_says_so() -> None:
    assert laboratory_evidence(potassium(1, "5.9", 1, haemolysed=True)).value == ("5.9", "haemolysed")
