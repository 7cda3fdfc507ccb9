"""What holds of the criteria for every record: nothing raises, order and later facts do not matter,
answers never unsettle, and what is missing is exactly what could change the answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosing.rules.complement import complement_trigger, falling_c3, samples
from dosing.rules.criteria import assess
from dosing.rules.safety import gate
from dosing.rules.thresholds import STUDY, override
from patients.rules.answers import Answer, all_of
from patients.rules.dates import PartialDate
from patients.rules.record import Attribution, Classification, PriorUse, Record, Symptom
from tests.properties import sample
from tests.rules import records as r
from tests.rules.arbitrary_records import records

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
SETS = (
    STUDY,
    override(STUDY, {"c3_rule": "simple"}),
    override(STUDY, {"c3_confirmation": False, "allow_mild_renal": True}),
)
FACTS = (
    "visits", "laboratory", "episodes", "administrations", "prior_uses", "drug_histories", "statements",
    "classifications",
)  # fmt: skip
WIDE = sample(15)


@WIDE
@given(record=records(), thresholds=st.sampled_from(SETS))
def test_no_rule_raises_on_anything_the_forms_accept(record: Record, thresholds: Any) -> None:
    found = assess(record, r.ON, thresholds)
    assert found.answer is all_of(verdict.answer for verdict in found.criteria.values())
    assert bool(found.missing) is (found.answer is CANNOT_TELL)
    listed = [missing.item for missing in found.missing]
    assert len(listed) == len(set(listed))
    for verdict in found.criteria.values():
        assert verdict.sentence.text % dict(verdict.sentence.values)
    taken = samples(record, r.ON)
    assert falling_c3(taken, r.ON, thresholds).answer in Answer
    assert complement_trigger(taken, r.ON, thresholds).answer in Answer
    gate(record, r.ON)


@WIDE
@given(record=records(), random=st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(record: Record, random: Any) -> None:
    rows = {name: getattr(record, name) for name in FACTS}
    shuffled = replace(
        record, **{name: tuple(random.sample(found, len(found))) for name, found in rows.items()}
    )
    assert assess(shuffled, r.ON, STUDY) == assess(record, r.ON, STUDY)


@WIDE
@given(record=records())
def test_what_is_dated_later_does_not_exist(record: Record) -> None:
    assert assess(record, r.ON, STUDY) == assess(record.as_of(r.ON), r.ON, STUDY)


@WIDE
@given(data=st.data())
def test_a_further_answer_never_unsettles_what_is_met(data: st.DataObject) -> None:
    """Filling blanks of existing facts one after the other may turn MET into NOT_MET, never into open."""
    every = {**BLANKS, **IDLE}
    order = data.draw(st.lists(st.sampled_from(sorted(every)), unique=True, max_size=8))
    record = base_record()
    for name in order:
        record = every[name].write(record, None)
    was = assess(record, r.ON, STUDY).answer
    for name in order:
        record = every[name].write(record, data.draw(st.sampled_from(every[name].answers)))
        now = assess(record, r.ON, STUDY).answer
        assert not (was is MET and now is CANNOT_TELL)
        was = now


@dataclass(frozen=True)
class Blank:
    """A question of an existing record: how to write an answer into it, None for no answer."""

    write: Callable[[Record, Any], Record]
    answers: tuple[Any, ...]


def _visit_answer(group: str, code: str) -> Callable[[Record, Any], Record]:
    def write(record: Record, answer: Any) -> Record:
        last = max(record.visits, key=lambda row: row.on)
        return r.with_visit(record, **{group: {**getattr(last, group), code: answer}})

    return write


def _symptom(code: str, field: str) -> Callable[[Record, Any], Record]:
    def write(record: Record, answer: Any) -> Record:
        last = max(record.visits, key=lambda row: row.on)
        return r.with_symptom(record, code, replace(last.symptoms[code], **{field: answer}))

    return write


def _result(analyte: str) -> Callable[[Record, Any], Record]:
    """The result of today; earlier ones stay."""

    def write(record: Record, answer: str | None) -> Record:
        others = tuple(
            row for row in record.laboratory if row.analyte != analyte or row.on < r.before(r.ON, 60)
        )
        new = () if answer is None else (r.laboratory(3000, analyte, r.ON, answer),)
        return replace(record, laboratory=(*others, *new))

    return write


def _prior_use(record: Record, answer: str | None) -> Record:
    known = None if answer is None else PartialDate.parse(answer)
    return replace(record, prior_uses=(PriorUse(1, "rituximab", r.ON, known),))


def _first_treatment(record: Record, answer: str | None) -> Record:
    return r.with_person(record, first_treatment=None if answer is None else PartialDate.parse(answer))


def _classified(record: Record, answer: bool | None) -> Record:
    both = (("acr_1997", 1), ("eular_acr_2019", 2))
    rows = tuple(
        Classification(id, system, r.before(r.ON, 500), met=answer, complete=answer is not None)
        for system, id in both
    )
    return replace(record, classifications=rows)


def _dose_of(drug: str) -> Callable[[Record, Any], Record]:
    def write(record: Record, answer: str | None) -> Record:
        dose = None if answer is None else r.Decimal(answer)
        rows = (replace(row, dose_mg=dose) if row.drug == drug else row for row in record.episodes)
        return replace(record, episodes=tuple(rows))

    return write


def _of_visit(field: str) -> Callable[[Record, Any], Record]:
    def write(record: Record, answer: Any) -> Record:
        return r.with_visit(record, **{field: answer})

    return write


# The first answer is the favourable one. Each name is the item that is missing while it is blank.
BLANKS: Mapping[str, Blank] = {
    "classification": Blank(_classified, (True, False)),
    "first_treatment": Blank(_first_treatment, ("2021", "2025-02")),
    "steroid_history": Blank(_dose_of("prednisolone"), ("10", "0")),
    "rituximab_last_dose": Blank(_prior_use, ("2023", r.before(r.ON, 10).isoformat())),
    "rash": Blank(_symptom("rash", "severity"), (1, 0)),
    "rash_attribution": Blank(_symptom("rash", "attribution"), (Attribution.YES, Attribution.NO)),
    "c3": Blank(_result("c3"), ("70", "95")),
    "sledai_seizure": Blank(_visit_answer("sledai", "seizure"), (False, True)),
    "organ_myocarditis": Blank(_visit_answer("organ_findings", "myocarditis"), (False, True)),
    "upcr": Blank(_result("upcr"), ("0.2", "0.8")),
    "blood_count": Blank(_result("platelets"), ("210", "40")),
    "creatinine": Blank(_result("creatinine"), ("0.60", "2.5")),
}


# Questions that by themselves decide nothing while the rash is worse.
IDLE: Mapping[str, Blank] = {
    "alopecia": Blank(_symptom("alopecia", "severity"), (0, 1, 3)),
    "alopecia_attribution": Blank(_symptom("alopecia", "attribution"), tuple(Attribution)),
    "fever": Blank(_symptom("fever", "severity"), (0, 2)),
    "temperature": Blank(_of_visit("highest_temperature_c"), (r.Decimal("36.8"), r.Decimal("39.1"))),
    "swollen_joints": Blank(_of_visit("swollen_joints"), (0, 4)),
    "inflamed_joints": Blank(_of_visit("inflamed_joints"), (0, 4)),
    "adherence": Blank(_of_visit("adherence_percent"), (50, 100)),
    "lupus_headache": Blank(_visit_answer("sledai", "lupus_headache"), (True, False)),
    "hydroxychloroquine_dose": Blank(_dose_of("hydroxychloroquine"), ("0", "200")),
}


def base_record() -> Record:
    """The eligible patient with a C3 of 100 three months ago, so that 70 now has fallen beyond doubt."""
    record = r.with_laboratory(r.eligible_record(), "c3", (r.before(r.ON, 90), "100"))
    record = r.with_symptom(record, "rash", Symptom(1, Attribution.YES))
    for blank in BLANKS.values():
        record = blank.write(record, blank.answers[0])
    return record


def decisive_by_enumeration(record: Record, blank: Iterable[str]) -> set[str]:
    """The blanks with two completions of all blanks that differ only there and in the overall answer."""
    names = sorted(blank)
    answers = {}
    for completion in product(*(BLANKS[name].answers for name in names)):
        filled = record
        for name, answer in zip(names, completion, strict=True):
            filled = BLANKS[name].write(filled, answer)
        answers[completion] = assess(filled, r.ON, STUDY).answer
    return {
        names[place]
        for one, other in product(answers, repeat=2)
        for place in range(len(names))
        if one[:place] + one[place + 1 :] == other[:place] + other[place + 1 :]
        if answers[one] is not answers[other]
    }


@sample(30)
@given(
    against=st.sets(st.sampled_from(["rash", "c3"])) | st.sets(st.sampled_from(sorted(BLANKS)), max_size=2),
    blank=st.sets(st.sampled_from(sorted(BLANKS)), max_size=5),
)
def test_missing_is_decisive_by_enumeration(against: set[str], blank: set[str]) -> None:
    record = base_record()
    for name in sorted(against):
        record = BLANKS[name].write(record, BLANKS[name].answers[1])
    for name in sorted(blank):
        record = BLANKS[name].write(record, None)
    found = assess(record, r.ON, STUDY)
    assert {item.item for item in found.missing} == decisive_by_enumeration(record, blank)


@pytest.mark.parametrize("name", BLANKS)
def test_each_blank_alone(name: str) -> None:
    """With no second trigger to lean on, every blank decides by itself."""
    record = BLANKS["c3"].write(base_record(), "95") if name != "c3" else no_rash(base_record())
    favourable, against = BLANKS[name].answers
    assert assess(BLANKS[name].write(record, favourable), r.ON, STUDY).answer is MET
    assert assess(BLANKS[name].write(record, against), r.ON, STUDY).answer is NOT_MET
    found = assess(BLANKS[name].write(record, None), r.ON, STUDY)
    assert (found.answer, [item.item for item in found.missing]) == (CANNOT_TELL, [name])


def no_rash(record: Record) -> Record:
    return BLANKS["rash"].write(record, 0)


@pytest.mark.parametrize("days", [1, 7])
def test_the_days_after_a_visit_nothing_changes_that_no_date_rule_changes(days: int) -> None:
    later: date = r.before(r.ON, -days)
    today, then = (assess(r.eligible_record(), day, STUDY) for day in (r.ON, later))
    assert [verdict.answer for verdict in today.criteria.values()] == [
        verdict.answer for verdict in then.criteria.values()
    ]
