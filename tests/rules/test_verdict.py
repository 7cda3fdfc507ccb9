"""Verdicts put together: the joint answer, and what is missing and could change it."""

from datetime import date
from decimal import Decimal
from itertools import count, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.answers import Answer
from patients.rules.verdict import (
    Evidence,
    Message,
    Missing,
    Source,
    Verdict,
    conjunction,
    decisive_missing,
    disjunction,
    say,
)
from patients.rules.verdict_json import verdict_from_json, verdict_to_json

SOURCE = Source("a test")
WORDS = say("it is so")
YES, NO, OPEN = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL


def leaf(answer: Answer, *items: str) -> Verdict:
    missing = tuple(Missing(item, say("%(item)s is missing", item=item), "visit") for item in items)
    return Verdict(answer, WORDS, SOURCE, missing=missing)


def items(verdict: Verdict) -> list[str]:
    return [missing.item for missing in verdict.missing]


# A tree is True, False, "?" (one missing item), or (all or any, its branches).
TREES = st.recursive(
    st.sampled_from([True, False, "?"]),
    lambda branch: st.tuples(st.sampled_from([all, any]), st.lists(branch, min_size=1, max_size=3)),
    max_leaves=7,
)


def judge(tree, names) -> Verdict:
    """The tree as a verdict; every "?" gets a name of its own."""
    if tree == "?":
        return leaf(OPEN, next(names))
    if isinstance(tree, bool):
        return leaf(YES if tree else NO)
    join, branches = tree
    parts = [judge(branch, names) for branch in branches]
    return (conjunction if join is all else disjunction)(parts, WORDS, SOURCE)


def value(tree, completion, names) -> bool:
    """The tree in ordinary two-valued logic once everything is known."""
    if tree == "?":
        return completion[next(names)]
    if isinstance(tree, bool):
        return tree
    join, branches = tree
    return join([value(branch, completion, names) for branch in branches])


def names():
    return (f"item {number}" for number in count())


def open_leaves(tree) -> int:
    if isinstance(tree, tuple):
        return sum(open_leaves(branch) for branch in tree[1])
    return int(tree == "?")


@given(TREES)
def test_missing_is_exactly_what_decides(tree) -> None:
    """Specification 2.1: i is decisive iff two completions that differ only in i differ in the answer."""
    unknown = [f"item {number}" for number in range(open_leaves(tree))]
    outcome = {
        bits: value(tree, dict(zip(unknown, bits, strict=True)), names())
        for bits in product([True, False], repeat=len(unknown))
    }
    decisive = [
        item
        for n, item in enumerate(unknown)
        if any(
            result != outcome[(*bits[:n], not bits[n], *bits[n + 1 :])] for bits, result in outcome.items()
        )
    ]
    found = judge(tree, names())
    assert items(found) == decisive
    agreed = set(outcome.values())
    assert found.answer is (OPEN if len(agreed) > 1 else YES if agreed == {True} else NO)


@given(TREES, st.data())
def test_supplying_what_is_missing_settles_the_answer(tree, data) -> None:
    verdict = judge(tree, names())
    unknown = [f"item {number}" for number in range(open_leaves(tree))]
    completion = {item: data.draw(st.booleans()) for item in unknown}
    others = {item: data.draw(st.booleans()) if item not in items(verdict) else completion[item]
              for item in unknown}  # fmt: skip
    assert value(tree, completion, names()) == value(tree, others, names())


def test_a_part_that_is_not_met_silences_what_is_missing() -> None:
    assert items(conjunction([leaf(OPEN, "c3"), leaf(NO)], WORDS, SOURCE)) == []
    assert items(disjunction([leaf(OPEN, "c3"), leaf(NO)], WORDS, SOURCE)) == ["c3"]
    assert items(disjunction([leaf(OPEN, "c3"), leaf(YES)], WORDS, SOURCE)) == []


def test_an_item_missing_twice_is_named_once_where_it_came_first() -> None:
    joint = conjunction([leaf(OPEN, "upcr", "c3"), leaf(YES), leaf(OPEN, "c3", "ck")], WORDS, SOURCE)
    assert items(joint) == ["upcr", "c3", "ck"]


def test_nothing_is_missing_from_a_settled_answer() -> None:
    parts = [leaf(OPEN, "c3")]
    assert decisive_missing(parts, YES) == decisive_missing(parts, NO) == ()
    assert [missing.item for missing in decisive_missing(parts, OPEN)] == ["c3"]


def test_a_verdict_cannot_tell_without_saying_what_is_missing() -> None:
    with pytest.raises(ValueError, match="missing"):
        leaf(OPEN)


@pytest.mark.parametrize("answer", [YES, NO])
def test_a_settled_verdict_misses_nothing(answer: Answer) -> None:
    with pytest.raises(ValueError, match="missing"):
        leaf(answer, "c3")


def test_the_joint_verdict_keeps_all_evidence_obligations_and_cautions_in_order() -> None:
    c3 = Evidence(say("C3"), Decimal(71), "mg/dL", date(2025, 6, 2))
    first = Verdict(YES, WORDS, SOURCE, evidence=(c3,), obligations=(say("stop methotrexate"),))
    second = Verdict(NO, WORDS, SOURCE, cautions=(say("statin"),))
    joint = conjunction([first, second], say("both"), SOURCE)
    assert joint.answer is NO
    assert joint.parts == (first, second)
    assert joint.evidence == (c3,)
    assert joint.obligations == (say("stop methotrexate"),)
    assert joint.cautions == (say("statin"),)
    assert joint.sentence == say("both")


def test_a_message_is_equal_by_text_and_values_and_can_be_hashed() -> None:
    assert say("C3 %(c3)s", c3=Decimal(71)) == say("C3 %(c3)s", c3=Decimal(71))
    assert say("C3 %(c3)s", c3=Decimal(71)) != say("C3 %(c3)s", c3=Decimal(72))
    assert len({say("C3 %(c3)s", c3=1), say("C3 %(c3)s", c3=1)}) == 1
    assert Message("plain").values == {}


VALUES = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
)
MESSAGES = st.builds(
    lambda text, values: say(text, **values),
    st.text(max_size=20),
    st.dictionaries(st.sampled_from(["c3", "day", "dose"]), VALUES),
)


@given(TREES, MESSAGES, VALUES, st.none() | st.dates())
def test_a_stored_verdict_comes_back_equal(tree, message, shown, on) -> None:
    evidence = Evidence(message, shown, "mg/dL", on)
    part = judge(tree, names())
    whole = Verdict(
        YES, message, Source("guideline", published=False), (evidence,), (), (message,), (message,), (part,)
    )
    assert verdict_from_json(verdict_to_json(whole)) == whole
