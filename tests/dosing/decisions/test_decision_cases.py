"""The decision cases again, written by services and read back by the loader."""

from datetime import UTC, datetime, time

import pytest
import time_machine

from accounts.models import Clinic
from accounts.services import system_user
from dosing.assessment.assess import assess_patient
from dosing.models import Alert, PatientStatus
from patients.services.importing import Identity, import_record
from tests.rules.decision_cases import CASES, Case

# The decision that is stored with user, reason and time is tested with the decisions.
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("case", CASES, ids=str)
def test_decision_case_through_services_and_loader(case: Case) -> None:
    clinic = Clinic.objects.create(name="Cases")
    by = system_user("loader", clinic)
    # Noon in London is the evening of the same day in the clinic.
    with time_machine.travel(datetime.combine(case.on, time(12), tzinfo=UTC), tick=False):
        patient = import_record(
            record=case.build(), identity=Identity("1", "Case", case.number), clinic=clinic, by=by
        )
        found = assess_patient(patient)

    assert found.assessment.answer is case.answer
    assert found.assessment.applicable is case.applicable
    assert len(found.assessment.obligations) == case.obligations
    if case.missing is not None:
        assert tuple(item.item for item in found.assessment.missing) == case.missing
    if case.criterion:
        assert found.assessment.criteria[case.criterion].answer is case.criterion_answer
    if case.gate is not None:
        assert found.safety.state is case.gate
    if case.caution:
        assert any(case.caution in caution.text for caution in found.assessment.cautions)
    assert_stored(case, patient.pk)


def assert_stored(case: Case, patient_id: int) -> None:
    """What was stored in the writer's transaction says the same."""
    assert PatientStatus.objects.get(patient=patient_id).answer == case.answer.value
    rules = set(Alert.objects.filter(patient=patient_id).values_list("rule", flat=True))
    suggested = {"consider_tacrolimus"} & rules
    unsafe = case.gate is not None
    started = "TAC" in case.text
    assert bool(suggested) is (case.answer.value == "met" and not unsafe and not started)
