"""What must be settled before a dose is marked."""

import pytest

from dosing.pharmacokinetics.of_case import inputs_of
from dosing.pharmacokinetics.of_case.unsettled import DOSE_ENDS, DOUBTFUL_LEVEL, NO_TARGET, UNKNOWN_DRUG
from dosing.rules.case import Case
from tests.pharmacokinetics.of_case.patients import dose, level, other, patient


def texts(case: Case) -> list[str]:
    inputs = inputs_of(case)
    return [row.text for row in inputs.unsettled(inputs.forecast())]


def test_a_plain_patient_has_nothing() -> None:
    assert texts(patient()) == []


def test_a_drug_that_nobody_knows() -> None:
    assert texts(patient(other("", 20, text="Clarith 400"))) == [UNKNOWN_DRUG]


def test_a_dose_that_is_to_end() -> None:
    assert texts(patient(doses=(dose(100, last=-5),))) == [DOSE_ENDS]


def test_levels_for_which_no_target_holds() -> None:
    rows = tuple(level(days, "4", hours="24") for days in (80, 52, 24, 3))
    assert texts(patient(levels=rows)) == [NO_TARGET]


@pytest.mark.parametrize(("days", "doubtful"), [(3, True), (90, True), (400, False)])
def test_a_recent_level_that_cannot_be(days: int, doubtful: bool) -> None:
    """A swapped tube: 28 among levels near 6. After a year it counts less than half, and stops nobody."""
    rows = tuple(level(day, "6") for day in (80, 60, 52, 24, 10))
    case = patient(doses=(dose(500),), levels=(*rows, level(days, "28")))
    assert texts(case) == ([DOUBTFUL_LEVEL] if doubtful else [])
