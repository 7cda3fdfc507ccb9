"""The step of a taper as planned work, and flares and a stop of tacrolimus as alerts. Specification 6.3."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dosing.rules import flares
from dosing.rules.case import Case, case_of
from dosing.rules.findings import Severity, TaskFinding
from dosing.rules.taper.plan import TaperHold, TaperPlan
from dosing.rules.taper.watch import due, raised
from dosing.rules.treatment import Treatment
from patients.rules.record import Episode, Record
from tests.rules.records import ON, before, visit, with_sledai, with_steroid, with_visit
from tests.rules.test_taper_decision import PAUSES, PLAN, calm, prednisolone


def case(record: Record, plan: TaperPlan | None = PLAN, *holds: TaperHold, on: date = ON) -> Case:
    tapers = () if plan is None else (plan,)
    return case_of(record, Treatment(tapers=tapers, taper_holds=holds), on)


def work(found: Case) -> TaskFinding:
    (one,) = due(found)
    return one


def without_tacrolimus(record: Record, last: date) -> Record:
    rows = [replace(row, last_day=last) if row.drug == "tacrolimus" else row for row in record.episodes]
    return replace(record, episodes=tuple(rows))


class TestWork:
    def test_a_step_that_may_be_taken(self) -> None:
        found = work(case(calm()))
        assert (found.kind, found.due_on, found.overdue_from) == ("taper_step", ON, before(ON, -15))
        assert found.sentence.values["to"] == 9

    def test_it_is_planned_before_its_day(self) -> None:
        assert work(case(calm(days=20))).due_on == before(ON, -8)

    def test_what_is_missing_does_not_take_the_work_away(self) -> None:
        assert work(case(with_visit(calm(), adherence_percent=None))).due_on == ON

    def test_what_holds_it_is_looked_at_in_two_to_four_weeks(self) -> None:
        """6.3: "hold dose, recheck 2-4 wk"; from the visit of today."""
        found = work(case(PAUSES["infection"](calm())))
        assert found.due_on == ON + timedelta(days=14)
        assert found.overdue_from == ON + timedelta(days=29)

    def test_a_doctors_hold_puts_it_off(self) -> None:
        held = case(calm(), PLAN, TaperHold(1, PLAN.id, before(ON, 3)))
        assert work(held).due_on == before(ON, -11)

    @pytest.mark.parametrize(
        "hold",
        [TaperHold(1, 99, before(ON, 3)), TaperHold(1, PLAN.id, before(ON, 40))],
        ids=["of another plan", "at another dose"],
    )
    def test_another_hold_does_not(self, hold: TaperHold) -> None:
        assert work(case(calm(), PLAN, hold)).due_on == ON

    def test_it_stays_one_work_in_the_same_words_until_the_dose_changes(self) -> None:
        found = [work(case(calm(days=20), on=before(ON, -later))) for later in (0, 5, 20)]
        assert len({(row.subject, str(row.sentence.values)) for row in found}) == 1

    def test_nothing_at_the_goal_after_the_end_or_without_a_plan(self) -> None:
        ended = replace(PLAN, ended_on=before(ON, 1))
        assert not list(due(case(calm("5"))))
        assert not list(due(case(calm(), ended)))
        assert not list(due(case(calm(), None)))

    def test_a_flare_is_an_alert_and_no_planned_step(self) -> None:
        assert not list(due(case(with_sledai(calm(), seizure=True))))


class TestWithoutTacrolimus:
    def test_a_stop_while_tapering(self) -> None:
        (alert,) = raised(case(without_tacrolimus(calm(), before(ON, 2))))
        assert alert.severity is Severity.THIS_VISIT
        assert alert.verdict.sentence.values == {"day": before(ON, 2)}

    def test_not_while_it_is_taken_nor_without_a_plan(self) -> None:
        assert not list(raised(case(calm())))
        assert not list(raised(case(without_tacrolimus(calm(), before(ON, 2)), None)))

    def test_a_plan_before_any_tacrolimus_is_the_doctors(self) -> None:
        none = replace(calm(), episodes=tuple(row for row in calm().episodes if row.drug != "tacrolimus"))
        assert not list(raised(case(none)))


class TestFlares:
    @pytest.mark.parametrize(
        ("answers", "severity"),
        [
            ({"seizure": True}, Severity.ACT_NOW),
            ({"rash": True}, Severity.THIS_VISIT),
            ({"arthritis": True}, Severity.THIS_VISIT),
            ({"low_complement": True, "dna_binding": True}, Severity.KNOW),
            ({"dna_binding": True}, None),
            ({}, None),
        ],
    )
    def test_by_the_flare_index(self, answers: dict[str, bool], severity: Severity | None) -> None:
        """3.2: severe needs an urgent review, mild or moderate the next visit; serology alone informs."""
        found = [row.severity for row in flares.raised(case(with_sledai(calm(), **answers), None))]
        assert found == ([] if severity is None else [severity])

    def test_the_signs_are_shown(self) -> None:
        (alert,) = flares.raised(case(with_sledai(calm(), rash=True, arthritis=True), None))
        said = [part.sentence.values.get("what", "SLEDAI") for part in alert.verdict.parts]
        assert said == ["SLEDAI", "Rash", "Arthritis"]
        assert alert.verdict.evidence

    def test_a_later_visit_without_them_ends_it(self) -> None:
        flare = with_sledai(calm(), rash=True)
        later = replace(flare, visits=(*flare.visits, visit(9, before(ON, -30))))
        assert list(flares.raised(case(flare, None, on=before(ON, -29))))
        assert not list(flares.raised(case(later, None, on=before(ON, -30))))

    def test_the_visit_that_led_to_tacrolimus_is_no_flare_on_it(self) -> None:
        rash = with_sledai(calm(), rash=True)
        others = tuple(row for row in rash.episodes if row.drug != "tacrolimus")
        for first, number in ((0, 0), (1, 1)):
            started = (*others, Episode(50, "tacrolimus", before(ON, first), Decimal(3)))
            found = list(flares.raised(case(replace(rash, episodes=started), None)))
            assert len(found) == number

    def test_one_matter_a_visit(self) -> None:
        (alert,) = flares.raised(case(with_sledai(calm(), rash=True), None))
        assert alert.subject == "visit 2"

    def test_who_takes_no_tacrolimus_and_tapers_nothing_has_the_criteria_instead(self) -> None:
        none = without_tacrolimus(with_sledai(calm(), rash=True), before(ON, 60))
        assert not list(flares.raised(case(none, None)))
        assert list(flares.raised(case(none)))


def test_a_steroid_that_nobody_knows_plans_nothing() -> None:
    unknown = with_steroid(calm(), replace(prednisolone(300, None, "1"), dose_mg=None))
    assert not list(due(case(unknown)))
