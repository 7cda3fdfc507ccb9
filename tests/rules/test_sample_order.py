"""A sample without an hour never hides, removes or lowers a dangerous one of its day."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.reading import laboratory_values, latest_laboratory
from patients.rules.record import LaboratoryValue, Record
from patients.rules.sample_order import worst_last
from tests.rules.records import ON, before, eligible_record, with_laboratory

UNTIMED = ""


def result(
    id: int, value: str, hour: str = UNTIMED, on: date = ON, analyte: str = "potassium"
) -> LaboratoryValue:
    """hour: "08:00", or none."""
    comparator = value[0] if value[0] in "<>" else ""
    time = f"{on.isoformat()}T{hour}:00+09:00" if hour else ""
    return LaboratoryValue(id, analyte, on, Decimal(value.lstrip("<>")), comparator=comparator, time=time)


def last(*rows: LaboratoryValue) -> str:
    record = Record(eligible_record().person, laboratory=rows)
    found = latest_laboratory(record, rows[0].analyte, ON)
    assert found is not None
    assert laboratory_values(record, rows[0].analyte, ON)[-1] is found
    return f"{found.comparator}{found.value}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((result(1, "4.2", "08:00"), result(2, "6.4")), "6.4"),
        ((result(1, "6.4"), result(2, "4.2", "08:00")), "6.4"),
        ((result(1, "6.4", "08:00"), result(2, "4.2")), "6.4"),
        ((result(1, "6.4", "08:00"), result(2, "4.2", "10:00")), "4.2"),  # a later hour: as usual
        ((result(1, "6.4", "08:00"), result(2, "4.2", "10:00"), result(3, "4.4")), "4.4"),
        ((result(1, "6.4"), result(2, "4.2", "08:00"), result(3, "4.0", "15:00")), "6.4"),
        ((result(1, "6.4"), result(2, "4.2")), "6.4"),
        ((result(1, "6.4", on=before(ON, 1)), result(2, "4.2")), "4.2"),  # a later day: as usual
        ((result(1, "6.4"), result(2, "4.2", on=before(ON, 1))), "6.4"),
        ((result(1, "5.2", "08:00"), result(2, "<6.4")), "5.2"),  # "<6.4" may be 0
        ((result(1, "6.0"), result(2, ">6.0")), ">6.0"),
        ((result(1, "180", analyte="platelets"), result(2, "40", "08:00", analyte="platelets")), "40"),
        ((result(1, "40", analyte="platelets"), result(2, "180", "08:00", analyte="platelets")), "40"),
    ],
)
def test_the_last_of_a_day(rows: tuple[LaboratoryValue, ...], expected: str) -> None:
    assert {last(*order) for order in permutations(rows)} == {expected}


def test_a_finding() -> None:
    rows = (
        LaboratoryValue(1, "hbsag", ON, finding="positive"),
        LaboratoryValue(2, "hbsag", ON, finding="negative", time=f"{ON}T08:00:00+09:00"),
    )
    found = latest_laboratory(Record(eligible_record().person, laboratory=rows), "hbsag", ON)
    assert found is not None and found.finding == "positive"


VALUES = st.decimals("3.0", "8.0", places=1)
HOURS = st.sampled_from(["", "06:00", "08:00", "12:00", "18:00"])


@given(rows=st.lists(st.tuples(VALUES, HOURS), min_size=1, max_size=5), added=st.tuples(VALUES, HOURS))
def test_what_is_untimed_or_not_later_never_lowers_a_day(
    rows: list[tuple[Decimal, str]], added: tuple[Decimal, str]
) -> None:
    """Whatever else is known of the day, unless it is surely later than all of it."""
    known = [result(place, str(value), hour) for place, (value, hour) in enumerate(rows)]
    latest_hour = max(hour for _value, hour in rows)
    value, hour = added
    if hour and hour > latest_hour:
        return
    assert Decimal(last(*known, result(99, str(value), hour))) >= Decimal(last(*known))


def test_the_same_day_of_another_analyte_is_another_matter() -> None:
    record = with_laboratory(eligible_record(), "potassium", (ON, "4.2"))
    found = latest_laboratory(record, "creatinine", ON)
    assert found is not None and found.analyte == "creatinine"


@pytest.mark.parametrize(
    ("analyte", "harmless", "worse"),
    [("urine_casts", "absent", "present"), ("urine_protein_dipstick", "1+", "3+"),
     ("urine_protein_dipstick", "negative", "±"), ("hbv_dna", "negative", "positive")],
)  # fmt: skip
def test_of_two_findings_of_one_day_without_an_hour_the_worse_counts(
    analyte: str, harmless: str, worse: str
) -> None:
    rows = [LaboratoryValue(1, analyte, ON, finding=worse), LaboratoryValue(2, analyte, ON, finding=harmless)]
    assert worst_last(rows) is rows[0]


def test_a_little_virus_is_worse_than_none() -> None:
    found = LaboratoryValue(1, "hbv_dna", ON, Decimal(20), comparator="<")
    assert worst_last([found, LaboratoryValue(2, "hbv_dna", ON, finding="negative")]) is found
