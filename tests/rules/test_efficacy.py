"""Efficacy at week 52: every line of clinical specification 2.7, and the study's 28 of 38."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from demo.study.course import first_dose_day, record_of
from demo.study.rows import StudyRow, read_rows
from dosing.rules.case import Case, case_of
from dosing.rules.efficacy import Efficacy, efficacy, week_52_visit
from dosing.rules.treatment import Course, Treatment
from patients.rules.answers import Answer
from patients.rules.record import Administration, Episode, Purpose, Record
from tests.rules.records import eligible_record, visit

MET, NOT_MET, CANNOT_TELL = Answer.MET, Answer.NOT_MET, Answer.CANNOT_TELL
D = Decimal
START = date(2024, 4, 1)
BEFORE = START - timedelta(days=300)


def day(number: int) -> date:
    """The day of treatment; the first dose is day 0."""
    return START + timedelta(days=number)


def items(*codes: str) -> dict[str, bool | None]:
    return {**visit(0, START).sledai, **dict.fromkeys(codes, True)}


def tacrolimus(first: int = 0, last: int | None = None, mg: str = "3") -> Episode:
    return Episode(500 + first, "tacrolimus", day(first), D(mg), None if last is None else day(last))


def prednisolone(first: int, last: int | None, mg: str, **changes: Any) -> Episode:
    return Episode(
        700 + first, "prednisolone", day(first), D(mg), None if last is None else day(last), **changes
    )


TAPERED = (prednisolone(-300, 27, "10"), prednisolone(28, None, "8"))


def record(*episodes: Episode, **changes: Any) -> Record:
    """SLEDAI 4 on day 0 and 2 on day 364, on tacrolimus throughout, prednisolone 10 then 8 mg."""
    parts: dict[str, Any] = {
        "visits": (visit(1, START, sledai=items("arthritis")), visit(2, day(364), sledai=items("rash"))),
        "episodes": episodes or (tacrolimus(), *TAPERED),
        "administrations": (),
    }
    return replace(eligible_record(), **{**parts, **changes})


def judged(given: Record, on: int = 400, courses: tuple[Course, ...] = ()) -> Efficacy:
    found = efficacy(case(given, on, courses))
    assert found is not None
    return found


def case(given: Record, on: int = 400, courses: tuple[Course, ...] = ()) -> Case:
    return case_of(given, Treatment(courses=courses), day(on))


def test_a_responder() -> None:
    found = judged(record())
    assert [verdict.answer for verdict in (found.less_active, found.continued, found.no_increase)] == [
        MET
    ] * 3
    assert found.responder.answer is found.never_raised_again.answer is MET


def test_before_any_tacrolimus_there_is_nothing_to_judge() -> None:
    assert efficacy(case(record(*TAPERED))) is None


class TestWeek52Visit:
    """Day 336–392, nearest to 364 (tie: earlier); none → E1 cannot tell, E2 and E3 at day 364."""

    @pytest.mark.parametrize(
        ("days", "chosen"),
        [
            ((335,), None),
            ((336,), 336),
            ((392,), 392),
            ((393,), None),
            ((350, 378), 350),
            ((350, 377), 377),
            ((336, 364, 392), 364),
        ],
    )
    def test_which(self, days: tuple[int, ...], chosen: int | None) -> None:
        given = record(visits=tuple(visit(number, day(number)) for number in days))
        found = week_52_visit(given, START)
        assert (None if found is None else (found.on - START).days) == chosen

    def test_without_one(self) -> None:
        found = judged(record(visits=(visit(1, START, sledai=items("arthritis")),)))
        assert found.judged_on == day(364)
        assert found.less_active.answer is CANNOT_TELL
        assert (found.continued.answer, found.no_increase.answer) == (MET, MET)
        assert found.responder.answer is CANNOT_TELL

    @pytest.mark.parametrize(("on", "fill"), [(335, "wait"), (336, "visit"), (392, "visit"), (393, "wait")])
    def test_it_can_be_entered_only_in_its_time(self, on: int, fill: str) -> None:
        found = judged(record(visits=(visit(1, START, sledai=items("arthritis")),)), on)
        assert found.less_active.missing[0].fill == fill


class TestE1:
    """MET iff high52 < low0, NOT_MET iff low52 ≥ high0, else cannot tell."""

    @pytest.mark.parametrize(
        ("before_codes", "after_codes", "answer"),
        [
            (("arthritis",), ("rash",), MET),
            (("arthritis",), ("arthritis",), NOT_MET),
            (("arthritis",), ("arthritis", "fever"), NOT_MET),
            (("arthritis",), ("rash", "fever"), MET),
            ((), (), NOT_MET),
        ],
        ids=["4 to 2", "4 to 4", "4 to 5", "4 to 3", "0 cannot fall"],
    )
    def test_below_week_0(
        self, before_codes: tuple[str, ...], after_codes: tuple[str, ...], answer: Answer
    ) -> None:
        visits = (
            visit(1, START, sledai=items(*before_codes)),
            visit(2, day(364), sledai=items(*after_codes)),
        )
        assert judged(record(visits=visits)).less_active.answer is answer

    def test_a_baseline_of_0_says_so(self) -> None:
        found = judged(record(visits=(visit(1, START), visit(2, day(364)))))
        assert found.less_active.sentence.text == "SLEDAI was 0 before tacrolimus: it cannot fall"

    @pytest.mark.parametrize(
        ("low", "high", "answer"),
        [(0, 2, MET), (2, 4, CANNOT_TELL), (4, 6, NOT_MET)],
        ids=["0–2 against 4", "2–4 against 4", "4–6 against 4"],
    )
    def test_open_items(self, low: int, high: int, answer: Answer) -> None:
        codes = {0: (), 2: ("rash",), 4: ("arthritis",)}[low]
        after = visit(2, day(364), sledai={**items(*codes), "alopecia": None})
        given = record(visits=(visit(1, START, sledai=items("arthritis")), after))
        assert judged(given).less_active.answer is answer

    @pytest.mark.parametrize(("age", "answer"), [(30, MET), (31, CANNOT_TELL)])
    def test_week_0_is_a_visit_of_the_last_30_days(self, age: int, answer: Answer) -> None:
        visits = (visit(1, day(-age), sledai=items("arthritis")), visit(2, day(364), sledai=items("rash")))
        assert judged(record(visits=visits)).less_active.answer is answer

    def test_two_windows_are_not_compared(self) -> None:
        first, second = record().visits
        given = record(visits=(first, replace(second, sledai_window_days=10)))
        assert judged(given).less_active.answer is CANNOT_TELL


class TestE2:
    """Active on that date; a pause ≤28 d that ended is listed; a stop fails at once."""

    def test_a_reduction_is_allowed(self) -> None:
        given = record(tacrolimus(0, 100), tacrolimus(101, None, "1"), *TAPERED)
        assert judged(given).continued.answer is MET

    @pytest.mark.parametrize(("away", "answer"), [(28, MET), (29, NOT_MET)])
    def test_a_pause(self, away: int, answer: Answer) -> None:
        given = record(tacrolimus(0, 100), tacrolimus(100 + away, None), *TAPERED)
        found = judged(given).continued
        assert found.answer is answer
        assert len(found.cautions) == (answer is MET)

    def test_a_recorded_stop_fails_at_once(self) -> None:
        stopped = (Course(1, START, day(7)),)
        given = record(tacrolimus(0, 7), *TAPERED)
        assert judged(given, 8, stopped).continued.answer is NOT_MET
        assert judged(given, 8, stopped).responder.answer is NOT_MET

    def test_an_open_pause_waits_and_becomes_a_stop(self) -> None:
        given = record(tacrolimus(0, 100), *TAPERED)
        assert judged(given, 128).continued.answer is CANNOT_TELL
        assert judged(given, 129).continued.answer is NOT_MET

    def test_a_stop_after_week_52_does_not_matter(self) -> None:
        given = record(tacrolimus(0, 370), *TAPERED)
        assert judged(given, 400, (Course(1, START, day(370)),)).continued.answer is MET

    def test_before_week_52_nobody_has_continued_yet(self) -> None:
        found = judged(record(visits=record().visits[:1]), 200)
        assert found.continued.answer is CANNOT_TELL
        assert [item.item for item in found.continued.missing] == ["week_52"]


class TestE3:
    """Never above the day-0 dose, no pulse, no other immunosuppressant; unknown days cannot be told."""

    def steroid(self, *episodes: Episode, on: int = 400, **changes: Any) -> tuple[Answer, Answer]:
        found = judged(record(tacrolimus(), *episodes, **changes), on)
        return found.no_increase.answer, found.never_raised_again.answer

    @pytest.mark.parametrize(
        ("mg", "expected"),
        [("8", (MET, MET)), ("10", (MET, NOT_MET)), ("10.5", (NOT_MET, NOT_MET))],
        ids=["stays", "back to the dose of day 0", "above it"],
    )
    def test_an_increase_after_a_reduction(self, mg: str, expected: tuple[Answer, Answer]) -> None:
        """E3 allows what stays at or below the dose of day 0; E3b does not."""
        found = self.steroid(
            prednisolone(-300, 27, "10"), prednisolone(28, 99, "8"), prednisolone(100, None, mg)
        )
        assert found == expected

    def test_an_increase_is_said_at_once(self) -> None:
        found = self.steroid(prednisolone(-300, 27, "10"), prednisolone(28, None, "11"), on=28)
        assert found[0] is NOT_MET

    def test_the_dose_of_day_0_is_that_of_the_day_before(self) -> None:
        assert self.steroid(prednisolone(-300, -1, "10"), prednisolone(0, None, "12"))[0] is NOT_MET

    def test_an_increase_after_week_52_does_not_matter(self) -> None:
        assert self.steroid(prednisolone(-300, 364, "10"), prednisolone(365, None, "20"))[0] is MET

    @pytest.mark.parametrize(("last", "answer"), [(102, MET), (103, NOT_MET)])
    def test_stress_cover_of_up_to_3_days_is_listed_and_not_counted(self, last: int, answer: Answer) -> None:
        cover = Episode(900, "hydrocortisone", day(100), D(100), day(last), purpose=Purpose.STRESS_COVER)
        found = judged(record(tacrolimus(), *TAPERED, cover)).no_increase
        assert found.answer is answer
        assert len(found.cautions) == (answer is MET)

    def test_a_pulse_fails_unless_it_was_stress_cover(self) -> None:
        pulse = Administration(1, "methylprednisolone", day(50), D(500))
        cover = replace(pulse, purpose=Purpose.STRESS_COVER)
        assert judged(record(administrations=(pulse,))).no_increase.answer is NOT_MET
        assert judged(record(administrations=(cover,))).no_increase.answer is MET

    def test_other_steroids_count_by_their_equivalents(self) -> None:
        """mPSL 8 mg is 10 mg of prednisolone, 9 mg is 11.25."""
        same = Episode(900, "methylprednisolone", day(28), D(8))
        assert self.steroid(prednisolone(-300, 27, "10"), same)[0] is MET
        more = replace(same, dose_mg=D(9))
        assert self.steroid(prednisolone(-300, 27, "10"), more)[0] is NOT_MET

    def test_an_unknown_day(self) -> None:
        assert self.steroid(prednisolone(-300, 27, "10"), prednisolone(29, None, "8")) == (
            CANNOT_TELL,
            CANNOT_TELL,
        )

    def test_an_unknown_dose_before(self) -> None:
        assert self.steroid(prednisolone(0, None, "8"))[0] is CANNOT_TELL

    @pytest.mark.parametrize("drug", ["azathioprine", "belimumab", "mizoribine", "ciclosporin"])
    def test_another_immunosuppressant(self, drug: str) -> None:
        assert self.steroid(*TAPERED, Episode(900, drug, day(50), D(50)))[0] is NOT_MET

    def test_one_that_was_taken_before_and_goes_on_is_not_added(self) -> None:
        assert self.steroid(*TAPERED, Episode(900, "mizoribine", BEFORE, D(150)))[0] is MET

    def test_one_that_went_up_is_and_one_that_went_down_is_not(self) -> None:
        first = Episode(900, "mizoribine", BEFORE, D(150), day(99))
        assert self.steroid(*TAPERED, first, Episode(901, "mizoribine", day(100), D(200)))[0] is NOT_MET
        assert self.steroid(*TAPERED, first, Episode(901, "mizoribine", day(100), D(100)))[0] is MET
        assert self.steroid(*TAPERED, first, Episode(901, "mizoribine", day(100), None))[0] is CANNOT_TELL

    def test_an_infusion(self) -> None:
        given = Administration(1, "rituximab", day(50), D(500))
        assert judged(record(administrations=(given,))).no_increase.answer is NOT_MET

    def test_hydroxychloroquine_is_no_immunosuppressant(self) -> None:
        assert self.steroid(*TAPERED, Episode(900, "hydroxychloroquine", day(50), D(200)))[0] is MET

    def test_a_drug_in_free_text_could_be_one(self) -> None:
        assert self.steroid(*TAPERED, Episode(900, "", day(50), D(5), drug_text="?"))[0] is CANNOT_TELL

    def test_an_increase_for_another_disease_is_counted_by_e3_and_not_by_e3b(self) -> None:
        found = self.steroid(
            prednisolone(-300, 27, "10"),
            prednisolone(28, 99, "8"),
            prednisolone(100, 120, "15", purpose=Purpose.OTHER),
            prednisolone(121, None, "8"),
        )
        assert found == (NOT_MET, MET)


ROWS = read_rows()


def study_case(row: StudyRow) -> Case:
    start = first_dose_day(row)
    last = None if row.tac_stop_day is None else start + timedelta(days=row.tac_stop_day)
    taken = Episode(0, "tacrolimus", start, row.tac_start_mg, last)
    courses = () if last is None else (Course(1, start, last),)
    given = record_of(row)
    given = replace(given, episodes=(*given.episodes, taken))
    return case_of(given, Treatment(courses=courses), start + timedelta(days=380))


def test_28_of_the_study_s_38_respond() -> None:
    """The paper: 28 responders (73.7 %); by the rule the 10 others are not (specification 1.4, row 4)."""
    found = [efficacy(study_case(row)) for row in ROWS]
    assert Counter(each.responder.answer for each in found if each) == {MET: 28, NOT_MET: 10}


def test_the_one_who_stopped_for_rhabdomyolysis_did_not_continue() -> None:
    (row,) = [row for row in ROWS if row.tac_stop_day is not None]
    found = efficacy(study_case(row))
    assert found is not None
    assert found.continued.answer is NOT_MET
    assert found.less_active.answer is CANNOT_TELL
