"""Kleene's three-valued logic, from its truth table; what is missing is neither yes nor no."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.answers import Answer, all_of, answer_from, any_of

YES, NO, OPEN = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL

# Strong Kleene logic: left, right, left and right, left or right.
TRUTH_TABLE = [
    (YES, YES, YES, YES),
    (YES, NO, NO, YES),
    (YES, OPEN, OPEN, YES),
    (NO, YES, NO, YES),
    (NO, NO, NO, NO),
    (NO, OPEN, NO, OPEN),
    (OPEN, YES, OPEN, YES),
    (OPEN, NO, NO, OPEN),
    (OPEN, OPEN, OPEN, OPEN),
]


@pytest.mark.parametrize(("left", "right", "both", "either"), TRUTH_TABLE)
def test_the_truth_table(left: Answer, right: Answer, both: Answer, either: Answer) -> None:
    assert all_of([left, right]) is both
    assert any_of([left, right]) is either


def test_nothing_asked_is_met_by_all_and_not_met_by_any() -> None:
    assert all_of([]) is YES
    assert any_of([]) is NO


@pytest.mark.parametrize(("known", "answer"), [(True, YES), (False, NO), (None, OPEN)])
def test_missing_is_not_no(known: bool | None, answer: Answer) -> None:
    assert answer_from(known) is answer


@given(st.lists(st.sampled_from(Answer), max_size=6))
def test_an_answer_stands_only_when_every_completion_gives_it(answers: list[Answer]) -> None:
    """Open answers are completed in every way; the joint answer is what all completions agree on."""
    choices = [[True, False] if answer is OPEN else [answer is YES] for answer in answers]
    completions = list(product(*choices))
    assert all_of(answers) is _agreed({all(row) for row in completions})
    assert any_of(answers) is _agreed({any(row) for row in completions})


@given(st.lists(st.sampled_from(Answer), max_size=6), st.randoms(use_true_random=False))
def test_order_does_not_matter(answers: list[Answer], random) -> None:
    shuffled = random.sample(answers, len(answers))
    assert all_of(iter(shuffled)) is all_of(answers)
    assert any_of(iter(shuffled)) is any_of(answers)


def _agreed(results: set[bool]) -> Answer:
    if len(results) > 1:
        return OPEN
    return YES if results == {True} else NO
