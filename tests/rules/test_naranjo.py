"""Naranjo's scale. Clinical specification 4.7: points of each question, classes, the study's two patients."""

from itertools import product

import pytest

from dosing.rules.naranjo import LABELS, QUESTIONS, Causality, Naranjo, Reply, assess

YES, NO, UNKNOWN = Reply.YES, Reply.NO, Reply.UNKNOWN
# "Q1 previous reports 1/0/0; Q2 after drug 2/-1/0; …": points for yes, no, unknown.
POINTS = {
    "q1": (1, 0, 0),
    "q2": (2, -1, 0),
    "q3": (1, 0, 0),
    "q4": (2, -1, 0),
    "q5": (-1, 2, 0),
    "q6": (-1, 1, 0),
    "q7": (1, 0, 0),
    "q8": (1, 0, 0),
    "q9": (1, 0, 0),
    "q10": (1, 0, 0),
}
# "Study pt 1: 1+2+1+0-1+0+0+0+0+1 = 4 possible (statin alternative)".
RHABDOMYOLYSIS = {
    "q1": YES, "q2": YES, "q3": YES, "q4": UNKNOWN, "q5": YES, "q6": UNKNOWN, "q7": NO, "q8": UNKNOWN,
    "q9": NO, "q10": YES,
}  # fmt: skip
# "pt 2: 1+2+0+0+0+0+0+1+0+0 = 4 possible (5 probable if Q3 accepts dose reduction, 2 more if Q5=no)".
CRAMPS = {
    "q1": YES, "q2": YES, "q3": UNKNOWN, "q4": UNKNOWN, "q5": UNKNOWN, "q6": UNKNOWN, "q7": NO, "q8": YES,
    "q9": NO, "q10": NO,
}  # fmt: skip


def all_unknown(**changes: Reply) -> dict[str, Reply]:
    return {**dict.fromkeys(POINTS, UNKNOWN), **changes}


@pytest.mark.parametrize(("code", "reply"), list(product(POINTS, Reply)))
def test_points_of_each_reply(code: str, reply: Reply) -> None:
    expected = POINTS[code][[YES, NO, UNKNOWN].index(reply)]
    assert assess(all_unknown(**{code: reply})).score == expected


def test_there_are_ten_questions_in_order() -> None:
    assert [question.code for question in QUESTIONS] == list(POINTS)


@pytest.mark.parametrize(
    ("replies", "score", "causality"),
    [
        (RHABDOMYOLYSIS, 4, Causality.POSSIBLE),
        (CRAMPS, 4, Causality.POSSIBLE),
        ({**CRAMPS, "q3": YES}, 5, Causality.PROBABLE),
        ({**CRAMPS, "q3": YES, "q5": NO}, 7, Causality.PROBABLE),
    ],
)
def test_the_patients_of_the_study(replies: dict[str, Reply], score: int, causality: Causality) -> None:
    assert assess(replies) == Naranjo(10, score, causality)


def test_the_range_is_minus_4_to_13() -> None:
    def extreme(choose: object) -> int | None:
        replies = {code: [YES, NO, UNKNOWN][points.index(choose(points))] for code, points in POINTS.items()}
        return assess(replies).score

    assert (extreme(min), extreme(max)) == (-4, 13)


BY_SCORE = {
    9: all_unknown(q1=YES, q2=YES, q3=YES, q4=YES, q5=NO, q10=YES),
    8: all_unknown(q1=YES, q2=YES, q3=YES, q4=YES, q5=NO),
    5: all_unknown(q1=YES, q2=YES, q5=NO),
    4: all_unknown(q2=YES, q5=NO),
    1: all_unknown(q1=YES),
    0: all_unknown(),
    -1: all_unknown(q2=NO),
}


@pytest.mark.parametrize(
    ("score", "causality"),
    [
        (9, Causality.DEFINITE),
        (8, Causality.PROBABLE),
        (5, Causality.PROBABLE),
        (4, Causality.POSSIBLE),
        (1, Causality.POSSIBLE),
        (0, Causality.DOUBTFUL),
        (-1, Causality.DOUBTFUL),
    ],
)
def test_classes(score: int, causality: Causality) -> None:
    """ ">=9 definite, 5-8 probable, 1-4 possible, <=0 doubtful"."""
    assert assess(BY_SCORE[score]) == Naranjo(10, score, causality)


def test_an_unanswered_question_is_not_an_unknown_one() -> None:
    """Nine answers make no score; "unknown" is an answer and makes one."""
    nine = {code: reply for code, reply in RHABDOMYOLYSIS.items() if code != "q6"}
    assert assess(nine) == Naranjo(9)
    assert assess({}) == Naranjo(0)


def test_a_question_that_is_not_of_the_scale_is_an_error() -> None:
    with pytest.raises(KeyError):
        assess({"q11": YES})


def test_each_class_has_a_word() -> None:
    assert set(LABELS) == set(Causality)
