"""What must be settled before a dose is marked."""

import pytest

from dosing.pharmacokinetics.inputs import inputs_of
from dosing.pharmacokinetics.inputs.blocking_issues import (
    DOSE_ENDS,
    DOUBTFUL_LEVEL,
    NO_TARGET,
    ODD_DRAWS,
    UNKNOWN_DRUG,
)
from dosing.rules.case import Case
from tests.pharmacokinetics.inputs.patients import dose, level, other, patient


def texts(case: Case) -> list[str]:
    inputs = inputs_of(case)
    return [row.text for row in inputs.blocking_issues(inputs.forecast())]


def test_a_plain_patient_has_nothing() -> None:
    assert texts(patient()) == []


def test_a_drug_that_nobody_knows() -> None:
    assert texts(patient(other("", 20, text="Clarith 400"))) == [UNKNOWN_DRUG]


def test_a_dose_that_is_to_end() -> None:
    assert texts(patient(doses=(dose(100, last=-5),))) == [DOSE_ENDS]
    assert texts(patient(doses=(dose(100, last=-27),))) == [DOSE_ENDS]
    assert texts(patient(doses=(dose(100, last=-28),))) == [], "a prescription"


def test_levels_for_which_no_target_holds() -> None:
    rows = tuple(level(days, "4", hours="24") for days in (80, 52, 24, 3))
    assert texts(patient(levels=rows)) == [NO_TARGET]


@pytest.mark.parametrize(
    ("ng_ml", "days", "doubtful"),
    [
        ("28", 3, True),
        ("28", 90, True),
        ("18", 3, True),
        ("18", 90, False),
        ("0.6", 3, True),
        ("0.6", 90, False),
    ],
)
def test_a_level_that_cannot_be(ng_ml: str, days: int, doubtful: bool) -> None:
    """A swapped tube among levels of 6: until the later ones are as expected again.

    28 draws the fit so far that none is; then somebody must say that it was an error.
    """
    rows = tuple(level(day, "6") for day in (80, 60, 52, 24, 10))
    case = patient(doses=(dose(500),), levels=(*rows, level(days, ng_ml)))
    assert texts(case) == ([DOUBTFUL_LEVEL] if doubtful else [])


@pytest.mark.parametrize(("ng_ml", "sign"), [("1", "<"), ("30", ">")])
def test_a_bound_that_cannot_be(ng_ml: str, sign: str) -> None:
    """Below what can be measured after levels near 6: were the doses taken?"""
    rows = tuple(level(day, "6.5") for day in (80, 60, 52, 24, 10))
    case = patient(levels=(*rows, level(3, ng_ml, comparator=sign)))
    assert texts(case) == [DOUBTFUL_LEVEL]


def test_a_bound_that_agrees_is_none() -> None:
    rows = tuple(level(day, "6.5") for day in (80, 60, 52, 24, 10))
    assert texts(patient(levels=(*rows, level(3, "30", comparator="<")))) == []


@pytest.mark.parametrize("hours", ["16.5", "9.5"])
def test_draws_that_were_never_at_a_usual_time(hours: str) -> None:
    rows = tuple(level(days, "6", hours=hours) for days in (80, 52, 24, 3))
    assert texts(patient(levels=rows)) == [ODD_DRAWS]
