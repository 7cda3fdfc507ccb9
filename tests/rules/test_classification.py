"""Classification from items. The vectors of 2019 are those of the clinical specification (3.4, S25)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.rules.answers import Answer
from patients.rules.classification import classify
from patients.rules.classification_criteria import ACR_1997, ANA, EULAR_ACR_2019, ITEMS

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
ACR_CODES = [item.code for item in ITEMS[ACR_1997]]
EULAR_CODES = [item.code for item in ITEMS[EULAR_ACR_2019]]


def complete(system: str, *yes: str) -> dict[str, bool | None]:
    """Every item judged: these yes, all others no."""
    return {item.code: item.code in yes for item in ITEMS[system]}


class TestAcr1997:
    """Hochberg 1997: four or more of eleven."""

    def test_there_are_eleven(self) -> None:
        assert len(ACR_CODES) == len(set(ACR_CODES)) == 11

    @pytest.mark.parametrize(("count", "answer"), [(0, NOT_MET), (3, NOT_MET), (4, MET), (5, MET), (11, MET)])
    def test_four_of_eleven(self, count: int, answer: Answer) -> None:
        found = classify(ACR_1997, complete(ACR_1997, *ACR_CODES[:count]))
        assert (found.answer, found.low, found.high, found.open_items) == (answer, count, count, ())

    @pytest.mark.parametrize(
        ("yes", "unjudged", "answer"),
        [
            (4, 7, MET),  # the rest cannot change it
            (3, 1, CANNOT_TELL),
            (0, 4, CANNOT_TELL),
            (0, 3, NOT_MET),
            (2, 1, NOT_MET),
            (0, 11, CANNOT_TELL),
        ],
    )
    def test_items_nobody_judged(self, yes: int, unjudged: int, answer: Answer) -> None:
        answers: dict[str, bool | None] = complete(ACR_1997, *ACR_CODES[:yes])
        opened = ACR_CODES[yes : yes + unjudged]
        answers.update(dict.fromkeys(opened))
        found = classify(ACR_1997, answers)
        assert (found.answer, found.low, found.high) == (answer, yes, yes + unjudged)
        assert found.open_items == (tuple(opened) if answer is CANNOT_TELL else ())


class TestEularAcr2019:
    def test_points_and_domains_of_the_publication(self) -> None:
        """Aringer 2019, figure 2."""
        points = {item.code: (item.domain, item.points) for item in ITEMS[EULAR_ACR_2019]}
        assert points == {
            "ana": ("", 0),
            "fever": ("constitutional", 2),
            "leukopenia": ("haematologic", 3),
            "thrombocytopenia": ("haematologic", 4),
            "haemolysis": ("haematologic", 4),
            "delirium": ("neuropsychiatric", 2),
            "psychosis": ("neuropsychiatric", 3),
            "seizure": ("neuropsychiatric", 5),
            "alopecia": ("mucocutaneous", 2),
            "oral_ulcers": ("mucocutaneous", 2),
            "subacute_or_discoid": ("mucocutaneous", 4),
            "acute_cutaneous": ("mucocutaneous", 6),
            "effusion": ("serosal", 5),
            "pericarditis": ("serosal", 6),
            "joints": ("musculoskeletal", 6),
            "proteinuria": ("renal", 4),
            "nephritis_ii_v": ("renal", 8),
            "nephritis_iii_iv": ("renal", 10),
            "antiphospholipid": ("antiphospholipid", 2),
            "low_c3_or_c4": ("complement", 3),
            "low_c3_and_c4": ("complement", 4),
            "dsdna_or_sm": ("antibodies", 6),
        }

    @pytest.mark.parametrize(
        ("yes", "points", "answer"),
        [
            ((ANA, "acute_cutaneous", "joints"), 12, MET),
            ((ANA, "alopecia", "oral_ulcers", "fever", "antiphospholipid"), 6, NOT_MET),
            ((ANA, "nephritis_iii_iv"), 10, MET),
            ((ANA, "low_c3_and_c4", "dsdna_or_sm"), 10, NOT_MET),  # no clinical item
            (("acute_cutaneous", "joints"), 12, NOT_MET),  # ANA negative
            (
                (ANA, "low_c3_or_c4", "low_c3_and_c4", "dsdna_or_sm", "fever"),
                12,
                MET,
            ),  # of a domain the highest
            ((ANA, "nephritis_ii_v"), 8, NOT_MET),
            ((ANA, "nephritis_ii_v", "antiphospholipid"), 10, MET),
            ((ANA,), 0, NOT_MET),
        ],
    )
    def test_vectors(self, yes: tuple[str, ...], points: int, answer: Answer) -> None:
        found = classify(EULAR_ACR_2019, complete(EULAR_ACR_2019, *yes))
        assert (found.low, found.high, found.answer, found.open_items) == (points, points, answer, ())

    @pytest.mark.parametrize(
        ("yes", "unjudged", "answer", "decisive"),
        [
            # Enough points and a clinical item: only ANA is open.
            (("acute_cutaneous", "joints"), (ANA, "fever"), CANNOT_TELL, (ANA,)),
            # Enough points, no clinical item: only clinical items help.
            ((ANA, "low_c3_and_c4", "dsdna_or_sm"), ("fever", "antiphospholipid"), CANNOT_TELL, ("fever",)),
            # Two points are wanting.
            ((ANA, "nephritis_ii_v"), ("fever", "proteinuria"), CANNOT_TELL, ("fever",)),
            # The open item adds nothing in its domain.
            ((ANA, "nephritis_ii_v"), ("proteinuria",), NOT_MET, ()),
            # Even with all that is open too few.
            ((ANA, "joints"), ("fever",), NOT_MET, ()),
            # Met whatever is open.
            ((ANA, "nephritis_iii_iv"), ("fever", "seizure"), MET, ()),
        ],
    )
    def test_items_nobody_judged(
        self, yes: tuple[str, ...], unjudged: tuple[str, ...], answer: Answer, decisive: tuple[str, ...]
    ) -> None:
        answers = complete(EULAR_ACR_2019, *yes)
        answers.update(dict.fromkeys(unjudged))
        found = classify(EULAR_ACR_2019, answers)
        assert (found.answer, found.open_items) == (answer, decisive)


@given(st.data())
def test_an_open_answer_is_open_and_a_settled_one_settled(data: st.DataObject) -> None:
    """Whatever the open items turn out to be, a settled answer stays; an open one can go both ways."""
    system = data.draw(st.sampled_from([ACR_1997, EULAR_ACR_2019]))
    codes = [item.code for item in ITEMS[system]]
    answers = {code: data.draw(st.sampled_from([True, False, False])) for code in codes}
    opened = data.draw(st.lists(st.sampled_from(codes), unique=True, max_size=5))
    partly: dict[str, bool | None] = {**answers, **dict.fromkeys(opened)}
    outcomes = {
        classify(system, {**partly, **dict(zip(opened, choice, strict=True))}).answer
        for choice in itertools.product([True, False], repeat=len(opened))
    }
    found = classify(system, partly)
    assert outcomes == ({MET, NOT_MET} if found.answer is CANNOT_TELL else {found.answer})
    assert (found.is_met is None) == (found.answer is CANNOT_TELL)


def test_an_absent_item_was_not_judged() -> None:
    assert classify(ACR_1997, {}) == classify(ACR_1997, dict.fromkeys(ACR_CODES))
    assert classify(EULAR_ACR_2019, {}).answer is CANNOT_TELL


@pytest.mark.parametrize(("system", "answers"), [("slicc_2012", {}), (ACR_1997, {"fever": True})])
def test_what_does_not_exist_is_refused(system: str, answers: dict[str, bool | None]) -> None:
    with pytest.raises(ValueError, match="not"):
        classify(system, answers)
