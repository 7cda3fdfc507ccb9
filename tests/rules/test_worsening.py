"""W: worsened symptoms. Clinical specification 2.3."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dosing.rules.thresholds import STUDY
from dosing.rules.worsening import worsening
from patients.rules.answers import Answer
from patients.rules.findings import SYMPTOMS
from patients.rules.record import Attribution, Record, Symptom
from patients.rules.verdict import Verdict
from tests.rules import records as r

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
YES, NO, UNCERTAIN = Attribution.YES, Attribution.NO, Attribution.UNCERTAIN
NOTHING = {code: Symptom(0) for code in SYMPTOMS}


def two_visits(
    code: str,
    before: Symptom | None,
    now: Symptom,
    *,
    gap: int = 28,
    age: int = 0,
    at_before: dict[str, Any] | None = None,
    at_now: dict[str, Any] | None = None,
) -> Record:
    """A visit `age` days before ON, and one `gap` days before that unless `before` is None."""
    last = r.before(r.ON, age)
    visits = [r.visit(2, last, symptoms={**NOTHING, code: now}, **(at_now or {}))]
    if before is not None:
        visits.append(
            r.visit(1, r.before(last, gap), symptoms={**NOTHING, code: before}, **(at_before or {}))
        )
    return replace(r.eligible_record(), visits=tuple(visits))


def judged(code: str, record: Record) -> Verdict:
    """Of one symptom; of all together where no visit can be judged."""
    together = worsening(record, r.ON, STUDY)
    by_symptom = dict(zip(SYMPTOMS, together.parts, strict=True)) if together.parts else {}
    return by_symptom.get(code, together)


def items(verdict: Verdict) -> set[str]:
    return {missing.item for missing in verdict.missing}


@pytest.mark.parametrize("code", SYMPTOMS)
@pytest.mark.parametrize(
    ("before", "now", "answer"),
    [
        (0, 1, MET),
        (0, 3, MET),
        (1, 2, MET),
        (2, 3, MET),
        (1, 1, NOT_MET),
        (2, 1, NOT_MET),
        (3, 0, NOT_MET),
        (0, 0, NOT_MET),
        (None, 0, NOT_MET),
        (None, 2, CANNOT_TELL),
        (1, None, CANNOT_TELL),
    ],
)
def test_grades_compared(code: str, before: int | None, now: int | None, answer: Answer) -> None:
    record = two_visits(code, Symptom(before), Symptom(now, YES))
    assert judged(code, record).answer is answer
    assert worsening(record, r.ON, STUDY).answer is answer


@pytest.mark.parametrize(
    ("attribution", "answer"), [(YES, MET), (NO, NOT_MET), (UNCERTAIN, CANNOT_TELL), (None, CANNOT_TELL)]
)
def test_a_worse_symptom_counts_by_its_attribution(attribution: Attribution | None, answer: Answer) -> None:
    verdict = judged("rash", two_visits("rash", Symptom(0), Symptom(1, attribution)))
    assert verdict.answer is answer
    assert items(verdict) == ({"rash_attribution"} if answer is CANNOT_TELL else set())


@pytest.mark.parametrize("attribution", [None, UNCERTAIN, NO, YES])
def test_what_did_not_worsen_needs_no_attribution(attribution: Attribution | None) -> None:
    assert judged("rash", two_visits("rash", Symptom(1), Symptom(1, attribution))).answer is NOT_MET


def test_not_due_to_sle_decides_though_there_is_nothing_to_compare_with() -> None:
    assert judged("fever", two_visits("fever", None, Symptom(2, NO))).answer is NOT_MET


def test_present_without_a_comparator_names_the_visit_before() -> None:
    verdict = judged("alopecia", two_visits("alopecia", None, Symptom(1, YES)))
    assert items(verdict) == {"alopecia_before"}


@pytest.mark.parametrize(("gap", "answer"), [(13, CANNOT_TELL), (14, MET), (180, MET), (181, CANNOT_TELL)])
def test_the_comparator_lies_14_to_180_days_before_the_visit(gap: int, answer: Answer) -> None:
    record = two_visits("rash", Symptom(0), Symptom(1, YES), gap=gap, age=20)
    assert judged("rash", record).answer is answer


def test_of_several_comparators_the_latest_counts() -> None:
    record = two_visits("rash", Symptom(0), Symptom(1, YES), gap=60)
    between = r.visit(3, r.before(r.ON, 20), symptoms={**NOTHING, "rash": Symptom(1, YES)})
    too_near = r.visit(4, r.before(r.ON, 7), symptoms=NOTHING)
    record = replace(record, visits=(*record.visits, between, too_near))
    assert judged("rash", record).answer is NOT_MET


@pytest.mark.parametrize(("age", "answer"), [(30, MET), (31, CANNOT_TELL)])
def test_the_visit_is_at_most_30_days_old(age: int, answer: Answer) -> None:
    record = two_visits("rash", Symptom(0), Symptom(1, YES), age=age)
    for verdict in (judged("rash", record), worsening(record, r.ON, STUDY)):
        assert verdict.answer is answer
        assert items(verdict) == ({"visit"} if answer is CANNOT_TELL else set())


def test_without_any_visit_nobody_can_tell() -> None:
    verdict = worsening(replace(r.eligible_record(), visits=()), r.ON, STUDY)
    assert (verdict.answer, items(verdict)) == (CANNOT_TELL, {"visit"})


@pytest.mark.parametrize(("severity", "answer"), [(1, MET), (2, MET), (None, MET), (0, NOT_MET)])
def test_the_doctors_tick_counts_unless_the_symptom_is_absent(severity: int | None, answer: Answer) -> None:
    now = Symptom(severity, YES, worse_than_before=True)
    assert judged("headache", two_visits("headache", Symptom(2), now)).answer is answer


@pytest.mark.parametrize(
    ("before", "now", "answer"),
    [
        ("37.0", "38.1", MET),
        ("38.0", "38.1", MET),
        ("37.0", "38.0", NOT_MET),  # not above 38.0
        ("38.5", "39.0", NOT_MET),  # the comparator had it as well
        (None, "39.0", NOT_MET),  # nobody knows what it was before; the grades decide
    ],
)
def test_a_measured_fever_that_was_not_there_before(before: str | None, now: str, answer: Answer) -> None:
    record = two_visits(
        "fever",
        Symptom(1),
        Symptom(1, YES),
        at_before={"highest_temperature_c": None if before is None else Decimal(before)},
        at_now={"highest_temperature_c": Decimal(now)},
    )
    assert judged("fever", record).answer is answer


@pytest.mark.parametrize(
    ("before", "now", "inflamed", "answer"),
    [
        (1, 2, 2, MET),
        (1, 2, 1, NOT_MET),  # SLEDAI arthritis: at least two joints
        (1, 2, None, NOT_MET),
        (2, 2, 3, NOT_MET),
        (None, 2, 2, NOT_MET),
        (1, None, 2, NOT_MET),
    ],
)
def test_one_more_swollen_joint(
    before: int | None, now: int | None, inflamed: int | None, answer: Answer
) -> None:
    """The grades are equal, so only the count can make it worse."""
    record = two_visits(
        "arthritis",
        Symptom(1),
        Symptom(1, YES),
        at_before={"swollen_joints": before},
        at_now={"swollen_joints": now, "inflamed_joints": inflamed},
    )
    assert judged("arthritis", record).answer is answer


def test_one_worse_symptom_is_enough_and_leaves_nothing_missing() -> None:
    record = r.with_symptom(r.eligible_record(), "alopecia", Symptom(None))
    verdict = worsening(record, r.ON, STUDY)
    assert (verdict.answer, verdict.missing) == (MET, ())


def test_one_symptom_not_assessed_keeps_the_answer_open() -> None:
    record = r.with_symptom(r.no_trigger(r.eligible_record()), "alopecia", Symptom(None))
    verdict = worsening(record, r.ON, STUDY)
    assert verdict.answer is CANNOT_TELL
    assert "alopecia" in items(verdict)


def test_the_sentence_names_symptom_and_grades_and_the_evidence_both_visits() -> None:
    record = two_visits("rash", Symptom(0), Symptom(1, YES))
    verdict = worsening(record, r.ON, STUDY)
    assert dict(verdict.sentence.values) == {"symptom": "rash", "before": 0, "now": 1}
    (rash,) = [part for part in verdict.parts if part.answer is MET]
    assert [(item.value, item.on) for item in rash.evidence] == [(0, r.before(r.ON, 28)), (1, r.ON)]
    assert [item.fact.id for item in rash.evidence if item.fact] == [1, 2]
