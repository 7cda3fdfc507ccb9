"""C0, SLE classified, and C1, the maintenance phase. Clinical specification 2.2."""

from dataclasses import replace
from datetime import date

import pytest

from dosing.rules.eligibility import classified, maintenance_phase
from dosing.rules.thresholds import STUDY, override
from patients.rules.answers import Answer
from patients.rules.dates import PartialDate
from patients.rules.record import Classification, Record
from patients.rules.verdict import Verdict
from tests.rules import records as r

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
ACR, EULAR = "acr_1997", "eular_acr_2019"
EARLIER = r.before(r.ON, 400)


def result(
    system: str, score: int | None, met: bool | None = None, complete: bool = True, on: date = EARLIER
) -> Classification:
    return Classification(1 if system == ACR else 2, system, on, score, met, complete)


def classification(*rows: Classification) -> Verdict:
    return classified(replace(r.eligible_record(), classifications=rows), r.ON, STUDY)


def first_treated(text: str, on: date) -> Verdict:
    record = r.with_person(r.eligible_record(), first_treatment=PartialDate.parse(text))
    return maintenance_phase(record, on, STUDY)


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ([result(ACR, 4)], MET),
        ([result(ACR, 4, complete=False)], MET),  # four are enough, whatever is missing
        ([result(ACR, None, met=True)], MET),
        ([result(EULAR, 10, met=True)], MET),
        ([result(ACR, 3), result(EULAR, 12, met=True)], MET),
        ([result(ACR, 3)], CANNOT_TELL),  # the other set may still be met
        ([result(EULAR, 8, met=False)], CANNOT_TELL),
        ([result(ACR, 3), result(EULAR, 8, met=False, complete=False)], CANNOT_TELL),
        ([result(ACR, 3, complete=False), result(EULAR, 8, met=False)], CANNOT_TELL),
        ([result(ACR, 3), result(EULAR, None, met=None)], CANNOT_TELL),
        ([result(ACR, 3), result(EULAR, 8, met=False)], NOT_MET),
        ([result(ACR, 3), result(EULAR, 9)], NOT_MET),
        ([result(ACR, 3), result(EULAR, 10)], CANNOT_TELL),  # whether one was clinical is not said
        ([result(ACR, 4, met=False)], MET),  # the count speaks
        ([], CANNOT_TELL),
    ],
)
def test_classification(rows: list[Classification], answer: Answer) -> None:
    for order in (rows, rows[::-1]):
        verdict = classification(*order)
        assert verdict.answer is answer
        assert [item.item for item in verdict.missing] == (
            ["classification"] if answer is CANNOT_TELL else []
        )


def test_a_classification_of_tomorrow_does_not_count() -> None:
    assert classification(result(ACR, 5, on=r.before(r.ON, -1))).answer is CANNOT_TELL


@pytest.mark.parametrize(
    ("first", "on", "answer"),
    [
        ("2024-06-02", date(2025, 6, 2), NOT_MET),  # the anniversary itself
        ("2024-06-02", date(2025, 6, 3), MET),
        ("2024-02-29", date(2025, 2, 28), NOT_MET),  # the anniversary of a leap day
        ("2024-02-29", date(2025, 3, 1), MET),
        ("2023-02-28", date(2024, 2, 28), NOT_MET),
        ("2023-02-28", date(2024, 2, 29), MET),
        ("2024", date(2024, 12, 31), NOT_MET),  # by no day of 2024
        ("2024", date(2025, 1, 1), NOT_MET),
        ("2024", date(2025, 1, 2), CANNOT_TELL),
        ("2024", date(2025, 12, 31), CANNOT_TELL),
        ("2024", date(2026, 1, 1), MET),
        ("2024-04", date(2025, 4, 30), CANNOT_TELL),
        ("2024-04", date(2025, 5, 1), MET),
    ],
)
def test_more_than_a_calendar_year(first: str, on: date, answer: Answer) -> None:
    assert first_treated(first, on).answer is answer


@pytest.mark.parametrize("first", ["2025-03-10", "2025-03-31", "2025-03", "2025", "2024-07", "2024-12-31"])
def test_the_printed_day_is_the_first_that_passes(first: str) -> None:
    verdict = first_treated(first, r.ON)
    assert verdict.answer is NOT_MET
    passes = verdict.sentence.values["passes"]
    assert isinstance(passes, date)
    assert first_treated(first, passes).answer is MET
    assert first_treated(first, r.before(passes, 1)).answer is not MET


def test_an_unknown_first_treatment_is_missing() -> None:
    verdict = maintenance_phase(r.with_person(r.eligible_record(), first_treatment=None), r.ON, STUDY)
    assert verdict.answer is CANNOT_TELL
    assert [(item.item, item.fill) for item in verdict.missing] == [("first_treatment", "patient")]


def test_a_clinic_may_ask_for_two_years() -> None:
    strict = override(STUDY, {"maintenance_years": 2})
    record: Record = r.with_person(r.eligible_record(), first_treatment=PartialDate.parse("2023-06-02"))
    assert maintenance_phase(record, r.ON, STUDY).answer is MET
    assert maintenance_phase(record, r.ON, strict).answer is NOT_MET
