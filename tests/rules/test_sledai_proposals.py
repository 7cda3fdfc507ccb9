"""What measurements propose for SLEDAI, and which answers contradict them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from patients.rules.dates import PartialDate
from patients.rules.record import LaboratoryValue, Person, Record, Visit
from patients.rules.sledai_proposals import contradictions, propose
from patients.rules.verdict import FactReference

ON = date(2025, 6, 2)
PERSON = Person(1, "F", PartialDate.on(date(1985, 1, 15)))


def lab(analyte: str, value: str = "", **changes: Any) -> LaboratoryValue:
    """A result of ON, typed as in "<5"."""
    comparator = value[0] if value[:1] in ("<", ">") else ""
    number = value.removeprefix(comparator)
    given: dict[str, Any] = {"id": 7, "analyte": analyte, "on": ON, "comparator": comparator}
    return LaboratoryValue(**{**given, "value": Decimal(number) if number else None, **changes})


def answer(item: str, *rows: LaboratoryValue) -> bool | None:
    found = propose(Record(PERSON, laboratory=rows), ON).get(item)
    return None if found is None else found.answer


@pytest.mark.parametrize(
    ("item", "analyte", "value", "expected"),
    [
        ("haematuria", "urine_rbc", "5", False),
        ("haematuria", "urine_rbc", "6", True),
        ("pyuria", "urine_wbc", "5", False),
        ("pyuria", "urine_wbc", "5.1", True),
        ("proteinuria", "upcr", "0.50", False),
        ("proteinuria", "upcr", "0.51", True),
        ("thrombocytopenia", "platelets", "100", False),
        ("thrombocytopenia", "platelets", "99", True),
        ("leukopenia", "wbc", "3.0", False),
        ("leukopenia", "wbc", "2.9", True),
    ],
)
def test_the_definitions_boundaries(item: str, analyte: str, value: str, expected: bool) -> None:
    """SLEDAI-2K: more than 5 per field, more than 0.5 g, below 100 and below 3.0 x 10*9/l."""
    assert answer(item, lab(analyte, value)) is expected


@pytest.mark.parametrize(
    ("item", "analyte", "value", "expected"),
    [
        ("haematuria", "urine_rbc", "<5", False),
        ("haematuria", "urine_rbc", "<1", False),
        ("haematuria", "urine_rbc", "<10", None),
        ("haematuria", "urine_rbc", ">5", True),
        ("haematuria", "urine_rbc", ">100", True),
        ("haematuria", "urine_rbc", ">3", None),
        ("thrombocytopenia", "platelets", "<100", True),
        ("thrombocytopenia", "platelets", "<10", True),
        ("thrombocytopenia", "platelets", "<150", None),
        ("thrombocytopenia", "platelets", ">100", False),
        ("thrombocytopenia", "platelets", ">50", None),
    ],
)
def test_a_comparator_is_taken_at_its_word(
    item: str, analyte: str, value: str, expected: bool | None
) -> None:
    """ "<150" platelets may be 90 or 140: nothing is proposed."""
    assert answer(item, lab(analyte, value)) is expected


@pytest.mark.parametrize(("finding", "expected"), [("present", True), ("absent", False)])
def test_casts(finding: str, expected: bool) -> None:
    assert answer("casts", lab("urine_casts", finding=finding)) is expected


C3 = {"lower_limit": Decimal(86)}
C4 = {"lower_limit": Decimal(10)}


@pytest.mark.parametrize(
    ("c3", "c4", "expected"),
    [("85.9", "20", True), ("86", "20", False), ("100", "9", True), ("100", "10", False), ("71", "5", True)],
)
def test_complement_is_low_when_any_component_is(c3: str, c4: str, expected: bool) -> None:
    assert answer("low_complement", lab("c3", c3, **C3), lab("c4", c4, **C4)) is expected


def test_the_evidence_of_low_complement_is_the_low_component() -> None:
    rows = (lab("c3", "100", **C3), lab("c4", "5", id=8, **C4))
    found = propose(Record(PERSON, laboratory=rows), ON)["low_complement"]
    assert [item.fact for item in found.evidence] == [FactReference("laboratory", 8)]


def test_the_results_own_limit_counts() -> None:
    assert answer("low_complement", lab("c3", "80", lower_limit=Decimal(73))) is False
    assert answer("low_complement", lab("c3", "80")) is None


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [("13", "12", True), ("11", "12", False), ("25", "30", False), ("25", None, None)],
)
def test_dna_binding_needs_the_methods_own_limit(
    value: str, limit: str | None, expected: bool | None
) -> None:
    row = lab("dsdna", value, upper_limit=None if limit is None else Decimal(limit), method="RIA")
    assert answer("dna_binding", row) is expected


@pytest.mark.parametrize(("days", "expected"), [(0, True), (30, True), (31, None), (-1, None)])
def test_only_results_of_the_window_propose(days: int, expected: bool | None) -> None:
    assert answer("haematuria", lab("urine_rbc", "20", on=ON - timedelta(days=days))) is expected


def test_the_latest_result_proposes() -> None:
    older = lab("urine_rbc", "20", id=1, on=ON - timedelta(days=3))
    assert answer("haematuria", older, lab("urine_rbc", "1")) is False


def test_nothing_measured_proposes_nothing() -> None:
    assert propose(Record(PERSON), ON) == {}


def test_a_proposal_shows_its_fact() -> None:
    found = propose(Record(PERSON, laboratory=(lab("upcr", "0.8"),)), ON)["proteinuria"]
    (evidence,) = found.evidence
    assert (evidence.value, evidence.unit, evidence.on) == (Decimal("0.8"), "g/g{creat}", ON)
    assert evidence.fact == FactReference("laboratory", 7)


def test_only_given_answers_contradict() -> None:
    rows = (lab("upcr", "0.8"), lab("urine_rbc", "1"), lab("platelets", "210"))
    proposals = propose(Record(PERSON, laboratory=rows), ON)
    answers = {"proteinuria": False, "haematuria": True, "thrombocytopenia": None, "rash": True}
    assert [found.item for found in contradictions(answers, proposals)] == ["haematuria", "proteinuria"]
    agreeing = {"proteinuria": True, "haematuria": False, "thrombocytopenia": False}
    assert contradictions(agreeing, proposals) == []


@pytest.mark.parametrize(
    ("visit", "proposed"),
    [
        (Visit(1, ON), {}),
        (Visit(1, ON, inflamed_joints=0), {"arthritis": False}),
        (Visit(1, ON, inflamed_joints=1), {"arthritis": False}),
        (Visit(1, ON, inflamed_joints=2), {"arthritis": True}),  # two or more with pain and inflammation
        (Visit(1, ON, swollen_joints=5), {}),  # swollen is not yet inflamed and painful
        (Visit(1, ON, highest_temperature_c=Decimal("38.0")), {"fever": False}),
        (Visit(1, ON, highest_temperature_c=Decimal("38.1")), {"fever": True}),  # above 38 degrees
    ],
)
def test_what_the_visit_itself_measures(visit: Visit, proposed: dict[str, bool]) -> None:
    found = propose(Record(PERSON), ON, visit)
    assert {item: proposal.answer for item, proposal in found.items()} == proposed


def test_joints_contradict_an_answer_like_any_measurement() -> None:
    proposals = propose(Record(PERSON), ON, Visit(1, ON, inflamed_joints=3))
    assert [found.item for found in contradictions({"arthritis": False}, proposals)] == ["arthritis"]
    assert contradictions({"arthritis": True}, proposals) == []
