"""A drug in free text could be any: what it opens, from when to when, and what it never changes.

Second clinical specification, section 3 and decision case 22.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from dosing.rules.criteria import assess
from dosing.rules.safety import Gate
from dosing.rules.safety.gate import gate
from dosing.rules.thresholds import STUDY
from patients.rules.answers import Answer
from patients.rules.dates import PartialDate
from patients.rules.drugs import OUTSIDE_CLASSES, find
from patients.rules.record import Administration, Episode, PriorUse, Record
from patients.rules.unidentified_drugs import unidentified_drugs
from tests.rules import records as r
from tests.rules.records import ON, before
from tests.rules.test_drug_names import ORDINARY

ABOUT_DRUGS = {"C2", "C3", "C4a", "C4b", "C4c", "C5"}
TEXT = "XYZ-12 tablets"


def taken(first: int, last: int | None = None, **changes: Any) -> Episode:
    """From so many days before today to so many; None: still."""
    values: dict[str, Any] = {"drug": "", "dose_mg": None, "drug_text": TEXT, **changes}
    return Episode(90, start=before(ON, first), last_day=None if last is None else before(ON, last), **values)


def given(days: int) -> Record:
    return r.with_administrations(
        r.eligible_record(), Administration(91, "", before(ON, days), None, drug_text=TEXT)
    )


def used(last_dose: str | None) -> Record:
    last = None if last_dose is None else PartialDate.parse(last_dose)
    return r.with_prior_uses(r.eligible_record(), PriorUse(92, "", before(ON, 3), last, drug_text=TEXT))


def with_taken(*rows: Episode) -> Record:
    return r.with_episodes(r.eligible_record(), *rows)


def opened(record: Record) -> set[str]:
    criteria = assess(record, ON, STUDY).criteria
    return {name for name, verdict in criteria.items() if verdict.answer is Answer.CANNOT_TELL}


def test_without_one_nothing_is_open() -> None:
    assert opened(r.eligible_record()) == set()


@pytest.mark.parametrize("first", [0, 5, 89, 90, 400])
def test_while_it_is_taken_every_criterion_about_drugs_is_open(first: int) -> None:
    record = with_taken(taken(first))
    assert opened(record) == ABOUT_DRUGS
    assert "missing:unmapped_drug:episode:90" in {
        finding.code for finding in gate(record, ON).of(Gate.CANNOT_TELL)
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (taken(400, 0), ABOUT_DRUGS),
        (taken(400, -9), ABOUT_DRUGS),  # a planned stop
        (taken(400, 1), ABOUT_DRUGS - {"C4c"}),  # not taken today
        (taken(400, 30), ABOUT_DRUGS - {"C4c"}),  # within a calendar month: 3 May
        (taken(400, 31), {"C2", "C3", "C5"}),  # a calendar month ago: 2 May
        (taken(400, 89), {"C2", "C3", "C5"}),
        (taken(400, 91), set()),
        (taken(40, drug="", dose_mg=0), set()),  # a stated 0 mg
        (taken(40, route="topical"), set()),
        (taken(40, drug=OUTSIDE_CLASSES), set()),  # a doctor stated what it is not
        (taken(-3), set()),  # an order that has not begun
    ],
)
def test_it_opens_what_it_was_taken_in(row: Episode, expected: set[str]) -> None:
    assert opened(with_taken(row)) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, ABOUT_DRUGS), (1, ABOUT_DRUGS - {"C4c"}), (40, {"C2", "C3", "C5"}), (90, set())],
)
def test_one_dose(days: int, expected: set[str]) -> None:
    assert opened(given(days)) == expected


@pytest.mark.parametrize(
    ("last_dose", "expected"),
    [
        (None, {"C3", "C4a", "C4b", "C4c", "C5"}),  # at an unknown time: perhaps today
        ("2025-05-20", {"C3", "C4a", "C4b", "C5"}),
        ("2025-04", {"C3", "C5"}),
        ("2024", set()),
    ],
)
def test_used_before(last_dose: str | None, expected: set[str]) -> None:
    """Earlier use never decides about the dose of prednisolone, which the list of doses holds."""
    assert opened(used(last_dose)) == expected


def test_what_is_not_met_stays_not_met() -> None:
    record = with_taken(taken(5), Episode(93, "methotrexate", before(ON, 400), Decimal(8)))
    assert assess(record, ON, STUDY).criteria["C4c"].answer is Answer.NOT_MET


def test_each_is_named_in_its_question() -> None:
    missing = assess(with_taken(taken(5)), ON, STUDY).criteria["C4c"].missing
    assert [(item.item, item.fill) for item in missing] == [("unmapped_drug", "which_drug")]
    assert missing[0].sentence.values["drug"] == TEXT


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (14, True), (15, False)])
def test_the_gate_waits_until_it_is_washed_out(days: int, is_open: bool) -> None:
    """14 days where no washout is known."""
    codes = {finding.code for finding in gate(with_taken(taken(400, days)), ON).findings}
    assert ("missing:unmapped_drug:episode:90" in codes) is is_open


def test_oldest_first_whatever_the_order() -> None:
    rows = (taken(3), taken(50, drug_text="A"))
    found = unidentified_drugs(with_taken(*rows), ON - timedelta(days=90), ON)
    assert [row.drug_text for row in found] == ["A", TEXT]


LISTS = {"Japan": (0, 11), "Germany": (11, 23), "United States": (23, 36)}


@pytest.mark.parametrize("country", LISTS)
def test_an_ordinary_list_ends_in_a_decided_answer(country: str) -> None:
    """Every row is known, and nothing is open (but for prednisolone, which the record has already)."""
    first, end = LISTS[country]
    keys = [find(text) for text in list(ORDINARY)[first:end]]
    assert None not in keys
    others = [key for key in keys if key not in (None, "prednisolone", "prednisone", "hydroxychloroquine")]
    rows = [Episode(200 + place, key or "", before(ON, 400), Decimal(1)) for place, key in enumerate(others)]
    record = with_taken(*rows)
    assert opened(record) == set()
    assert gate(record, ON).state is not Gate.CANNOT_TELL, gate(record, ON).of(Gate.CANNOT_TELL)
