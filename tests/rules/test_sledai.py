"""SLEDAI-2K: the instrument's table, the vectors, and the bounds while something is unanswered."""

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.sledai import CODES, ITEMS, SEROLOGY, score, score_original

VECTORS = json.loads((Path(__file__).parent / "vectors" / "clinical.json").read_text())["sledai2k"]

# The instrument's order and weights (specification 3.1).
TABLE = [
    ("seizure", 8), ("psychosis", 8), ("organic_brain_syndrome", 8), ("visual", 8), ("cranial_nerve", 8),
    ("lupus_headache", 8), ("cerebrovascular_accident", 8), ("vasculitis", 8), ("arthritis", 4),
    ("myositis", 4), ("casts", 4), ("haematuria", 4), ("proteinuria", 4), ("pyuria", 4), ("rash", 2),
    ("alopecia", 2), ("mucosal_ulcers", 2), ("pleurisy", 2), ("pericarditis", 2), ("low_complement", 2),
    ("dna_binding", 2), ("fever", 1), ("thrombocytopenia", 1), ("leukopenia", 1),
]  # fmt: skip
NOTHING = dict.fromkeys(CODES, False)
ANSWERS = st.fixed_dictionaries({code: st.sampled_from([True, False, None]) for code, _ in TABLE})


def answered(*numbers: int) -> dict[str, bool | None]:
    """Answers by the items' 1-based numbers; all others no."""
    return {code: number in numbers for number, (code, _) in enumerate(TABLE, start=1)}


def test_items_and_weights_in_the_instruments_order() -> None:
    assert [(item.code, item.weight) for item in ITEMS] == TABLE


def test_every_item_has_its_words_and_its_source() -> None:
    assert all(item.label and item.definition and item.source for item in ITEMS)
    assert len({item.label for item in ITEMS}) == 24


def test_serology_is_complement_and_dna_binding() -> None:
    assert {"low_complement", "dna_binding"} == SEROLOGY


def test_items_that_measurements_can_propose() -> None:
    """Specification 3.1: items 9, 11, 12, 13, 14, 20, 21, 22, 23 and 24."""
    derived = [number for number, item in enumerate(ITEMS, start=1) if item.derived]
    assert derived == [9, 11, 12, 13, 14, 20, 21, 22, 23, 24]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["items"])[:20])
def test_vectors(vector: dict) -> None:
    found = score(answered(*vector["items"]))
    assert found.total == vector["total"]
    assert found.clinical_low == found.clinical_high == vector["c"]


def test_one_unanswered_item_makes_an_interval() -> None:
    """Specification 3.1: item 20 missing with others 4 gives 4 to 6."""
    found = score(answered(9) | {"low_complement": None})
    assert (found.low, found.high, found.total) == (4, 6, None)
    assert (found.clinical_low, found.clinical_high) == (4, 4)


def test_nothing_answered_is_not_zero() -> None:
    found = score({})
    assert (found.low, found.high, found.total) == (0, 105, None)
    assert (found.clinical_low, found.clinical_high) == (0, 101)
    assert score(dict.fromkeys(CODES)) == found
    assert score(NOTHING).total == 0


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(ValueError, match="haematurea"):
        score(NOTHING | {"haematurea": True})


@given(ANSWERS)
def test_bounds(answers: dict[str, bool | None]) -> None:
    found = score(answers)
    assert 0 <= found.low <= found.high <= 105
    assert 0 <= found.clinical_low <= found.clinical_high <= 101
    assert found.low - found.clinical_low in (0, 2, 4)
    unanswered = [code for code, answer in answers.items() if answer is None]
    assert found.high - found.low == sum(weight for code, weight in TABLE if code in unanswered)
    assert (found.total is None) == bool(unanswered)


@given(ANSWERS, st.sampled_from([code for code, _ in TABLE]), st.booleans())
def test_an_answer_narrows_the_interval(answers: dict[str, bool | None], code: str, answer: bool) -> None:
    before, after = score(answers | {code: None}), score(answers | {code: answer})
    assert before.low <= after.low <= after.high <= before.high


@given(st.sets(st.sampled_from([code for code, _ in TABLE]), max_size=4), ANSWERS)
def test_the_bounds_are_reached_by_completions(missing: set[str], answers: dict[str, bool | None]) -> None:
    known = {code: bool(answer) for code, answer in answers.items() if code not in missing}
    totals = [
        score(known | dict(zip(missing, values, strict=True))).total
        for values in product([True, False], repeat=len(missing))
    ]
    found = score(known)
    assert (min(totals), max(totals)) == (found.low, found.high)


class TestOriginal:
    """The original index counts four items only when new or recurrent (clinical specification 3.1, S8)."""

    ALL_NO = dict.fromkeys(CODES, False)

    @pytest.mark.parametrize(
        ("item", "weight"), [("rash", 2), ("alopecia", 2), ("mucosal_ulcers", 2), ("proteinuria", 4)]
    )
    @pytest.mark.parametrize(("again", "share"), [(True, (1, 1)), (False, (0, 0)), (None, (0, 1))])
    def test_the_four_items(self, item: str, weight: int, again: bool | None, share: tuple[int, int]) -> None:
        answers = {**self.ALL_NO, item: True}
        found = score_original(answers, {item: again})
        assert (found.low, found.high) == (share[0] * weight, share[1] * weight)
        assert score(answers).total == weight

    def test_an_item_that_is_absent_or_open_does_not_ask(self) -> None:
        assert score_original({**self.ALL_NO, "rash": False}, {"rash": True}).total == 0
        opened = score_original({**self.ALL_NO, "rash": None}, {"rash": True})
        assert (opened.low, opened.high, opened.total) == (0, 2, None)

    def test_all_other_items_count_alike(self) -> None:
        answers = {**self.ALL_NO, "arthritis": True, "low_complement": True}
        assert score_original(answers, {}).total == score(answers).total == 6
