"""What a step wins and what an increase costs: clinical specification 6.3 and 2.7."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from dosing.rules.case import Case, case_of
from dosing.rules.taper.decision import decide_step
from dosing.rules.taper.effect import consequences, effect_of, with_dose
from dosing.rules.treatment import Treatment
from patients.rules.answers import Answer
from patients.rules.glucocorticoids import daily_doses
from patients.rules.record import Episode, Purpose, Record
from tests.rules.records import ON, before, with_episodes, with_sledai, with_steroid
from tests.rules.test_taper_decision import PLAN, calm, prednisolone

D = Decimal


def case(record: Record, first_dose: int = 100) -> Case:
    others = tuple(row for row in record.episodes if row.drug != "tacrolimus")
    taken = Episode(50, "tacrolimus", before(ON, first_dose), D(3))
    return case_of(replace(record, episodes=(*others, taken)), Treatment(tapers=(PLAN,)), ON)


def said(found: Case) -> list[str]:
    messages = consequences(found, decide_step(found, PLAN))
    return [row.text % dict(row.values) for row in messages]


class TestWithDose:
    def test_from_today_on_only(self) -> None:
        doses = daily_doses(with_dose(calm(), D(9), case(calm())), before(ON, 1), before(ON, -1))
        assert list(doses.values()) == [10, 9, 9]

    def test_another_steroid_is_replaced_too_and_stress_cover_stays(self) -> None:
        other = with_steroid(calm(), Episode(1, "methylprednisolone", before(ON, 50), D(8)))
        assert daily_doses(with_dose(other, D(9), case(other)), ON, ON) == {ON: 9}
        cover = Episode(2, "hydrocortisone", ON, D(100), ON, purpose=Purpose.STRESS_COVER)
        covered = with_episodes(calm(), cover)
        assert daily_doses(with_dose(covered, D(9), case(covered)), ON, ON) == {ON: 9 + 25}


class TestWon:
    def test_low_disease_activity_at_7_5_mg(self) -> None:
        """LLDAS allows 7.5 mg (3.2); from 8.5 mg the next step is 7.5."""
        assert any("7.5 mg" in text and "LLDAS" in text for text in said(case(calm("8.5"))))

    def test_remission_at_5_mg(self) -> None:
        """DORIS allows 5 mg, with a physician's global below 0.5 and clinical SLEDAI 0."""
        visits = tuple(replace(row, physician_global=D("0.2")) for row in calm("6").visits)
        assert any("DORIS" in text for text in said(case(replace(calm("6"), visits=visits))))

    def test_nothing_where_the_dose_is_not_what_is_in_the_way(self) -> None:
        assert not any("would count" in text for text in said(case(calm("10"))))


class TestCost:
    def test_the_dose_that_must_not_be_passed(self) -> None:
        """2.7: E3 is "never above the day-0 dose"; here 12.5 mg, until day 364."""
        (text,) = said(case(calm("10")))
        assert "12.5 mg" in text
        assert str(before(ON, 100) + timedelta(days=364)) in text

    @pytest.mark.parametrize(("base", "answer"), [("12", Answer.NOT_MET), ("12.5", Answer.CANNOT_TELL)])
    def test_an_increase(self, base: str, answer: Answer) -> None:
        """12.5 mg is lost where 12 were taken before tacrolimus; where 12.5 were, week 52 decides."""
        record = with_steroid(calm(), prednisolone(300, 90, base), prednisolone(89, None, "10"))
        found = effect_of(case(record), D("12.5")).efficacy
        assert found is not None
        assert found.no_increase.answer is answer

    def test_going_back_above_the_first_dose_says_so(self) -> None:
        record = with_steroid(
            calm(), prednisolone(300, 101, "10"), prednisolone(100, 29, "9"), prednisolone(28, None, "8")
        )
        flare = case(with_sledai(record, rash=True, arthritis=True))
        step = replace(decide_step(flare, PLAN), back_to_mg=D(11))
        (text,) = [row.text for row in consequences(flare, step) if "increase" in row.text]
        assert "non-responder" in text

    def test_going_back_says_so(self) -> None:
        flare = case(with_sledai(calm(), rash=True, arthritis=True))
        (text,) = said(flare)
        assert "12.5 mg is not above the dose before tacrolimus" in text

    def test_what_is_lost_already_is_not_said_again(self) -> None:
        raised = with_steroid(
            calm(), prednisolone(300, 60, "10"), prednisolone(59, 29, "15"), prednisolone(28, None, "10")
        )
        assert said(case(raised)) == []

    def test_after_week_52_it_is_not_said(self) -> None:
        assert said(case(calm("10"), first_dose=500)) == []

    def test_without_tacrolimus_nothing_is_said_of_efficacy(self) -> None:
        record = replace(calm(), episodes=tuple(row for row in calm().episodes if row.drug != "tacrolimus"))
        found = case_of(record, Treatment(tapers=(PLAN,)), ON)
        assert list(consequences(found, decide_step(found, PLAN))) == []
