"""What is said to be taken into account is what the forecast was computed from."""

from dosing.pharmacokinetics.adjustments import DEFAULT
from dosing.pharmacokinetics.inputs.covariate_summary import covariate_summary
from dosing.pharmacokinetics.registry import MODELS
from dosing.rules.case import Case
from patients.messages import sentence
from patients.rules.record import Statement
from tests.pharmacokinetics.inputs.patients import haematocrit, other, patient, prednisolone
from tests.rules.records import ON, before


def said(case: Case, model=DEFAULT) -> list[str]:
    return [sentence(row) for row in covariate_summary(case, model)]


def test_prednisolone_haematocrit_drugs_and_genotype_each_with_its_day() -> None:
    expresser = Statement(5, "cyp3a5_expresser", before(ON, 9), True)
    case = patient(haematocrit("36.5", 3), other("diltiazem", 20), expresser)
    steroid, blood, drug, genotype = said(case)
    assert steroid == "Prednisolone 10 mg/day"
    assert blood.startswith("Haematocrit 36.5 % of ")
    assert drug.startswith("Diltiazem since ") and "× 0.69" in drug
    assert genotype == "CYP3A5 expresser, as recorded"


def test_nothing_that_is_not_known() -> None:
    assert said(patient(steroid=())) == []
    assert said(patient(steroid=(prednisolone(400, "20", last=5),))) == []


def test_nothing_that_the_model_does_not_know_of() -> None:
    case = patient(haematocrit("36", 3), other("diltiazem", 20))
    assert [row.split()[0] for row in said(case, MODELS["woillard2011"])] == ["Haematocrit"]
