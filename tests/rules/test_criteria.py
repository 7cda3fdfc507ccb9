"""The criteria as a whole: the decision cases, what is decisive, and properties that always hold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.criteria import TITLES, assess
from dosing.rules.safety import gate
from dosing.rules.thresholds import STUDY
from patients.rules.answers import Answer
from tests.rules import records as r
from tests.rules.decision_cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=str)
def test_decision_case(case: Case) -> None:
    record = case.build()
    found = assess(record, case.on, STUDY)

    assert found.answer is case.answer, {key: v.sentence for key, v in found.criteria.items()}
    assert found.applicable is case.applicable
    assert len(found.obligations) == case.obligations
    if case.missing is not None:
        assert tuple(item.item for item in found.missing) == case.missing
    if case.criterion:
        assert found.criteria[case.criterion].answer is case.criterion_answer
    if case.gate is not None:
        assert gate(record, case.on).state is case.gate
    if case.caution:
        assert any(case.caution in caution.text for caution in found.cautions)


def test_every_criterion_is_there_in_order() -> None:
    found = assess(r.eligible_record(), r.ON, STUDY)
    assert list(found.criteria) == ["C0", "C1", "C2", "C3", "C4a", "C4b", "C4c", "C5", "C6", "C7"]
    assert list(TITLES) == list(found.criteria)


def test_both_reasons_of_a_double_trigger_are_told() -> None:
    (case,) = [case for case in CASES if case.number == "3"]
    trigger = assess(case.build(), case.on, STUDY).criteria["C6"]
    assert [part.answer for part in trigger.parts] == [Answer.MET, Answer.MET]
    assert "Symptoms became worse, and C3 is falling" in trigger.sentence.text


def test_facts_after_the_day_do_not_exist() -> None:
    record = r.eligible_record(r.ON)
    the_day_before = r.before(r.ON, 1)
    assert assess(record, the_day_before, STUDY).answer is Answer.NOT_MET
    assert assess(record, r.ON, STUDY).answer is Answer.MET


def test_the_day_after_a_visit_nothing_changes() -> None:
    record = r.eligible_record(r.ON)
    today = assess(record, r.ON, STUDY)
    tomorrow = assess(record, r.before(r.ON, -1), STUDY)
    assert {key: verdict.answer for key, verdict in today.criteria.items()} == {
        key: verdict.answer for key, verdict in tomorrow.criteria.items()
    }


@given(seed=st.randoms(use_true_random=False), case=st.sampled_from(CASES))
def test_the_order_of_facts_does_not_matter(seed, case: Case) -> None:
    record = case.build()
    shuffled = replace(
        record,
        **{
            name: tuple(seed.sample(getattr(record, name), len(getattr(record, name))))
            for name in ("visits", "laboratory", "episodes", "administrations", "statements")
        },
    )
    assert assess(shuffled, case.on, STUDY) == assess(record, case.on, STUDY)
    assert gate(shuffled, case.on) == gate(record, case.on)
