"""When nothing is forecast: specification section 2, and what no model holds for."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from dosing.pharmacokinetics.inputs import inputs_of, refusals
from dosing.pharmacokinetics.inputs.refusals import (
    DOSE_UNKNOWN,
    ENDS,
    NOT_BY_MOUTH,
    NOT_TAKEN,
    STOPPED,
    TAKEN,
)
from dosing.rules.case import Case
from patients.rules.dates import PartialDate
from patients.rules.record import Administration, PriorUse
from tests.pharmacokinetics.inputs.patients import dose, other, patient
from tests.rules.records import ON, before


def texts(case: Case) -> list[str]:
    return [row.text for row in refusals(case)]


def test_a_plain_patient_is_forecast() -> None:
    assert texts(patient()) == []


@pytest.mark.parametrize(
    ("drug", "last", "expected"),
    [
        ("clarithromycin", None, [TAKEN]),
        ("clarithromycin", 1, [STOPPED]),
        ("clarithromycin", 14, [STOPPED]),
        ("clarithromycin", 15, []),
        ("rifampicin", None, [TAKEN]),
        ("rifampicin", 14, [STOPPED]),
        ("rifampicin", 15, []),
        ("fluconazole", None, []),
        ("diltiazem", None, []),
    ],
)
def test_while_a_strong_inhibitor_or_inducer_acts_and_14_days_after(
    drug: str, last: int | None, expected: list[str]
) -> None:
    assert texts(patient(other(drug, last=last))) == expected


def test_stopped_and_begun_again_it_is_taken() -> None:
    case = patient(other("rifampicin", 50, last=10), other("rifampicin", 5))
    assert texts(case) == [TAKEN]


@pytest.mark.parametrize(("days", "refused"), [(0, True), (14, True), (15, False)])
def test_given_once(days: int, refused: bool) -> None:
    given = Administration(1, "clarithromycin", before(ON, days))
    assert bool(texts(patient(given))) is refused


@pytest.mark.parametrize(
    ("last_dose", "stated", "refused"),
    [
        (PartialDate.on(before(ON, 14)), 3, True),
        (PartialDate.on(before(ON, 15)), 3, False),
        (PartialDate(before(ON, 40), before(ON, 10)), 3, True),
        (PartialDate(before(ON, 40), ON), 15, False),
        (None, 3, False),
    ],
)
def test_of_a_former_use_the_last_dose_counts_that_may_have_been(
    last_dose: PartialDate | None, stated: int, refused: bool
) -> None:
    """Known in part, the latest day it can be; never after the day on which it was told."""
    used = PriorUse(1, "clarithromycin", before(ON, stated), last_dose)
    case = patient()
    case = replace(case, record=replace(case.record, prior_uses=(used,)))
    assert bool(texts(case)) is refused


def test_until_when_it_acts_is_said() -> None:
    (message,) = refusals(patient(other("rifampicin", last=4)))
    assert message.values["until"] == before(ON, 4) + timedelta(days=14)


@pytest.mark.parametrize(("hours", "expected"), [(time(20), []), (time(8), [ENDS])])
def test_nor_after_the_last_dose_that_is_planned(hours: time, expected: list[str]) -> None:
    """The last day is today: this evening's dose is still to come, this morning's is not."""
    assert texts(patient(doses=(dose(100, last=0, usual_time=hours),))) == expected


def test_nobody_is_forecast_who_takes_none() -> None:
    assert texts(patient(doses=())) == [NOT_TAKEN]
    assert texts(patient(doses=(dose(100, last=3),))) == [NOT_TAKEN]


def test_nor_with_an_unknown_dose_or_by_vein() -> None:
    assert texts(patient(doses=(dose(mg=None),))) == [DOSE_UNKNOWN]
    drip = dose(100, last=50, route="intravenous")
    assert texts(patient(doses=(drip, dose(49)))) == [NOT_BY_MOUTH]


def test_inputs_are_refused_as_well() -> None:
    with pytest.raises(ValueError, match="no forecast"):
        inputs_of(patient(doses=()))
