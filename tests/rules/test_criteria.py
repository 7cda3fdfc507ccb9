"""The criteria as a whole: the decision cases, what is decisive, and properties that always hold."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dosing.rules.criteria import TITLES, assess
from dosing.rules.safety import gate
from dosing.rules.thresholds import STUDY
from patients.rules.answers import Answer
from patients.rules.record import Symptom
from patients.rules.sledai import ITEMS
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


ANSWERS = st.sampled_from([True, False, None])


@settings(max_examples=150)
@given(
    sledai=st.fixed_dictionaries({item.code: ANSWERS for item in ITEMS}),
    severities=st.fixed_dictionaries(
        {code: st.sampled_from([None, 0, 1, 2, 3]) for code in ("rash", "fever", "arthritis")}
    ),
    answered=st.sampled_from([item.code for item in ITEMS]),
    answer=st.booleans(),
)
def test_answering_never_turns_met_into_cannot_tell(sledai, severities, answered, answer) -> None:
    record = r.with_sledai(r.eligible_record(), **sledai)
    for code, severity in severities.items():
        record = r.with_symptom(record, code, Symptom(severity, None))
    was = assess(record, r.ON, STUDY).answer
    if sledai[answered] is None:
        now = assess(r.with_sledai(record, **{answered: answer}), r.ON, STUDY).answer
        assert not (was is Answer.MET and now is Answer.CANNOT_TELL)


@settings(max_examples=100)
@given(removed=st.sets(st.sampled_from(["upcr", "c3", "creatinine", "platelets", "urine_rbc"])),
       unanswered=st.sets(st.sampled_from(["seizure", "vasculitis", "haematuria", "pleurisy"])),
       worse=st.sampled_from([None, 0, 1]))  # fmt: skip
def test_missing_is_decisive_by_enumeration(removed, unanswered, worse) -> None:
    """An item is listed exactly when supplying the others favourably leaves the answer open."""
    record = r.with_symptom(r.eligible_record(), "rash", Symptom(worse, None if worse is None else "yes"))
    record = r.with_sledai(record, **dict.fromkeys(unanswered))
    for analyte in removed:
        record = r.with_laboratory(record, analyte)
    found = assess(record, r.ON, STUDY)
    favourable = {
        "upcr": "0.2", "c3": "95", "creatinine": "0.60", "platelets": "210", "urine_rbc": "1",
    }  # fmt: skip
    for analyte in removed:
        others = record
        for other in removed - {analyte}:
            others = r.with_laboratory(others, other, (r.before(r.ON, 3), favourable[other]))
        others = r.with_sledai(others, **dict.fromkeys(unanswered, False))
        open_with_only_this = assess(others, r.ON, STUDY).answer is Answer.CANNOT_TELL
        item = {"platelets": "blood_count", "urine_rbc": "urinalysis"}.get(analyte, analyte)
        listed = item in {missing.item for missing in found.missing}
        if found.answer is Answer.CANNOT_TELL and worse == 1:
            assert listed is open_with_only_this
        if found.answer is not Answer.CANNOT_TELL:
            assert not found.missing
