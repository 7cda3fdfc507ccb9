"""The taper through its services: planned, stepped, held, ended; what is refused, and what follows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError

from demo.samples import base
from dosing.assessment.nightly import differences
from dosing.decisions.services import ChangedVerdictError
from dosing.models import Alert, StepKind, TaperPlan, TaperReason, TaperStep, Task
from dosing.rules.taper.decision import StepAction
from dosing.taper.queries import TaperStatus, taper_status
from dosing.taper.services import Why, end_taper, plan_taper
from dosing.taper.step_services import StepOrder, decide_on_step
from patients.models import DoseEpisode
from patients.rules.record import Episode, Record
from patients.rules.schedules import Schedule
from patients.services.visits import open_visit, sign_visit
from patients.services.writing import StaleFactError
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=TOKYO)
TODAY = NOW.date()
D = Decimal
BECAUSE = Why(TaperReason.DOCTOR, "seen with the patient")
DOWN = StepOrder(StepKind.DOWN, start=TODAY)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def day(before: int) -> date:
    return TODAY - timedelta(days=before)


def record(mg: str = "10", since: int = 40) -> Record:
    """On tacrolimus for 100 days, on 12.5 mg before and on `mg` for `since` days; all else is in order."""
    plain = base.base_record(TODAY)
    others = tuple(row for row in plain.episodes if row.drug != "prednisolone")
    doses = (
        Episode(0, "prednisolone", day(400), D("12.5"), day(since + 1)),
        Episode(0, "prednisolone", day(since), D(mg)),
        Episode(0, "tacrolimus", day(100), D(3)),
    )
    blood = next(row for row in plain.laboratory if row.analyte == "haemoglobin")
    earlier = replace(blood, on=day(35))
    return replace(plain, episodes=(*others, *doses), laboratory=(*plain.laboratory, earlier))


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return make_place("Taper", record())


def plan(place: Place, **changes: Any) -> TaperPlan:
    values = {"start_on": day(30), **changes}
    return plan_taper(plan=TaperPlan(patient=place.patient, **values), by=place.doctor)


def decide(place: Place, order: StepOrder, **keys: Any) -> TaperStep:
    now = taper_status(place.patient)
    assert now.row is not None
    return decide_on_step(plan=now.row, order=order, by=place.doctor, **keys)


def doses(place: Place) -> list[tuple[Decimal | None, date, date | None]]:
    rows = DoseEpisode.objects.active().filter(patient=place.patient, drug="prednisolone").order_by("start")
    return [(row.dose_mg, row.start, row.last_day) for row in rows]


def refused(error: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = error.value.message_dict
    return found


def step_of(now: TaperStatus) -> StepAction:
    assert now.step is not None
    return now.step.action


class TestPlan:
    def test_it_is_kept_and_its_step_is_planned_work(self, place: Place) -> None:
        made = plan(place)
        assert (made.goal_mg, made.created_by) == (5, place.doctor)
        task = Task.objects.get(patient=place.patient, kind="taper_step")
        assert (task.due_on, task.state, task.by_rules) == (day(12), "open", True)
        assert not differences()

    def test_without_prednisolone_there_is_nothing_to_taper(self) -> None:
        """Issue, bad input: "a taper on a patient without prednisolone"."""
        none = replace(record(), episodes=tuple(row for row in record().episodes if row.drug == "tacrolimus"))
        with pytest.raises(ValidationError, match="not known"):
            plan(make_place("Without", none))
        with pytest.raises(ValidationError, match="takes no prednisolone"):
            plan(make_place("At nought", record("0")))

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"start_on": day(-1)}, "start_on"),
            ({"start_on": date(1950, 1, 1)}, "start_on"),
            ({"goal_mg": D(10)}, "goal_mg"),
            ({"goal_mg": D("7.3")}, "goal_mg"),
            ({"goal_mg": D(0), "below_5_agreed": True}, "goal_mg"),
            ({"goal_mg": D(4)}, "below_5_agreed"),
            ({"above_5_step_mg": D("1.5")}, "above_5_step_mg"),
            ({"above_5_step_mg": D("0.3")}, "above_5_step_mg"),
            ({"above_10_days": 13}, "above_10_days"),
            ({"up_to_5_days": 57}, "up_to_5_days"),
        ],
    )
    def test_what_is_refused_beside_which_field(
        self, place: Place, changes: dict[str, Any], field: str
    ) -> None:
        """6.2: nothing faster than the table, nothing off the 0.5-mg grid, never 0, below 5 on purpose."""
        with pytest.raises(ValidationError) as error:
            plan(place, **changes)
        assert list(refused(error)) == [field]
        assert not TaperPlan.objects.exists()

    def test_a_slower_plan_is_the_doctors_to_choose(self, place: Place) -> None:
        made = plan(place, above_5_step_mg=D("0.5"), above_5_days=42, above_10_days=14)
        assert made.above_5_days == 42
        assert Task.objects.get(kind="taper_step").due_on == day(40 - 42)

    def test_another_plan_takes_its_place(self, place: Place) -> None:
        first, second = plan(place), plan(place, start_on=TODAY, goal_mg=D(6))
        first.refresh_from_db()
        assert (first.ended_on, first.end_reason_code) == (TODAY, TaperReason.ANOTHER_PLAN)
        assert taper_status(place.patient).row == second
        assert Task.objects.filter(kind="taper_step", state="open").count() == 1

    def test_another_plan_cannot_begin_before_the_one_that_runs(self, place: Place) -> None:
        plan(place)
        with pytest.raises(ValidationError) as error:
            plan(place, start_on=day(31))
        assert "start_on" in refused(error)

    def test_a_double_click_makes_one(self, place: Place) -> None:
        key = uuid4()
        for _again in range(2):
            row = TaperPlan(patient=place.patient, start_on=day(30))
            plan_taper(plan=row, by=place.doctor, submission=key)
        assert TaperPlan.objects.count() == 1


class TestStep:
    def test_it_becomes_the_dose_and_the_work_moves_on(self, place: Place) -> None:
        plan(place)
        assert step_of(taper_status(place.patient)) is StepAction.GO
        kept = decide(place, DOWN)
        assert doses(place)[-2:] == [(10, day(40), day(1)), (9, TODAY, None)]
        assert (kept.from_mg, kept.dose_mg, kept.effective_on, kept.action) == (10, 9, TODAY, "go")
        assert kept.judged["sentence"]["text"].startswith("Next step")
        assert len(kept.judged["conditions"]) > 10
        task = Task.objects.get(kind="taper_step", state="open")
        assert task.due_on == TODAY + timedelta(days=28)
        assert Task.objects.get(kind="taper_step", state="settled")
        assert not differences()

    def test_taking_it_twice_takes_it_once(self, place: Place) -> None:
        plan(place)
        key = uuid4()
        for _again in range(2):
            decide(place, DOWN, submission=key)
        assert len(doses(place)) == 3
        with pytest.raises(ValidationError):
            decide(place, DOWN)
        assert len(doses(place)) == 3

    def test_against_the_rules_it_needs_a_reason(self, place: Place) -> None:
        plan(place)
        ill = open_visit(
            patient=place.patient, on=TODAY, values={"observed_infection": True}, by=place.doctor
        )
        sign_visit(visit=ill, by=place.doctor, expected_version=ill.version)
        assert step_of(taper_status(place.patient)) is StepAction.PAUSE
        with pytest.raises(ValidationError) as error:
            decide(place, DOWN)
        assert "reason_code" in refused(error)
        assert decide(place, replace(DOWN, why=BECAUSE)).action == "pause"

    def test_a_hold_keeps_the_dose_and_puts_the_step_off(self, place: Place) -> None:
        plan(place)
        held = decide(place, StepOrder(StepKind.HOLD, why=BECAUSE))
        assert (held.dose_mg, held.episode, held.effective_on) == (None, None, None)
        assert doses(place)[-1] == (10, day(40), None)
        assert Task.objects.get(kind="taper_step", state="open").due_on == TODAY + timedelta(days=14)

    @pytest.mark.parametrize(
        ("order", "field"),
        [
            (StepOrder(StepKind.HOLD), "reason_code"),
            (StepOrder(StepKind.HOLD, why=Why(TaperReason.OTHER)), "reason_text"),
            (StepOrder(StepKind.DOWN), "start"),
            (StepOrder(StepKind.DOWN, start=day(-1)), "start"),
            (StepOrder(StepKind.DOWN, start=day(40), why=BECAUSE), "start"),
            (StepOrder(StepKind.OTHER, start=TODAY, why=BECAUSE), "dose_mg"),
            (StepOrder(StepKind.OTHER, start=TODAY, dose_mg=D(0), why=BECAUSE), "dose_mg"),
            (StepOrder(StepKind.OTHER, start=TODAY, dose_mg=D("7.2"), why=BECAUSE), "dose_mg"),
            (StepOrder(StepKind.OTHER, start=TODAY, dose_mg=D(10), why=BECAUSE), "dose_mg"),
            (StepOrder(StepKind.OTHER, start=TODAY, dose_mg=D(7)), "reason_code"),
        ],
    )
    def test_what_is_refused(self, place: Place, order: StepOrder, field: str) -> None:
        plan(place)
        with pytest.raises(ValidationError) as error:
            decide(place, order)
        assert field in refused(error)
        assert len(doses(place)) == 2
        assert not TaperStep.objects.exists()

    def test_a_dose_that_costs_the_studys_efficacy_is_asked_twice(self, place: Place) -> None:
        """2.7: E3 is lost above the dose before tacrolimus, 12.5 mg here."""
        plan(place)
        order = StepOrder(StepKind.OTHER, start=TODAY, dose_mg=D(15), why=Why(TaperReason.FLARE))
        with pytest.raises(ValidationError) as error:
            decide(place, order)
        assert "non-responder" in refused(error)["increase_confirmed"][0]
        assert decide(place, replace(order, increase_confirmed=True)).dose_mg == 15

    def test_who_saw_something_else_must_look_again(self, place: Place) -> None:
        plan(place)
        shown = taper_status(place.patient).fingerprint()
        decide(place, StepOrder(StepKind.HOLD, why=BECAUSE))
        with pytest.raises(ChangedVerdictError):
            decide(place, DOWN, fingerprint=shown)
        assert len(doses(place)) == 2

    def test_another_steroid_is_changed_in_the_drug_list(self) -> None:
        rows = record().episodes
        every_other = tuple(
            replace(row, schedule=Schedule.ALTERNATE_DAYS, dose_mg=D(20)) if row.last_day is None else row
            for row in rows
            if row.drug == "prednisolone"
        )
        others = tuple(row for row in rows if row.drug != "prednisolone")
        place = make_place("Other", replace(record(), episodes=(*others, *every_other)))
        plan(place)
        with pytest.raises(ValidationError, match="change it there"):
            decide(place, replace(DOWN, why=BECAUSE))

    def test_after_the_end_there_is_no_step(self, place: Place) -> None:
        made = plan(place)
        end_taper(plan=made, ended_on=TODAY, why=BECAUSE, by=place.doctor, expected_version=made.version)
        with pytest.raises(ValidationError, match="no longer runs"):
            decide_on_step(plan=made, order=DOWN, by=place.doctor)


class TestEnd:
    def test_the_work_goes_and_the_dose_stays(self, place: Place) -> None:
        made = plan(place)
        end_taper(plan=made, ended_on=TODAY, why=Why(TaperReason.GOAL), by=place.doctor, expected_version=1)
        assert not Task.objects.filter(kind="taper_step", state="open").exists()
        assert doses(place)[-1] == (10, day(40), None)

    def test_what_is_refused(self, place: Place) -> None:
        made = plan(place)
        for ended_on, why, field in (
            (day(31), BECAUSE, "ended_on"),
            (day(-1), BECAUSE, "ended_on"),
            (TODAY, Why(), "reason_code"),
        ):
            with pytest.raises(ValidationError) as error:
                end_taper(plan=made, ended_on=ended_on, why=why, by=place.doctor, expected_version=1)
            assert list(refused(error)) == [field]

    def test_not_twice_and_not_over_another_editor(self, place: Place) -> None:
        made = plan(place)
        end_taper(plan=made, ended_on=TODAY, why=BECAUSE, by=place.doctor, expected_version=1)
        with pytest.raises(StaleFactError):
            end_taper(plan=made, ended_on=TODAY, why=BECAUSE, by=place.doctor, expected_version=1)
        with pytest.raises(ValidationError, match="ended already"):
            end_taper(plan=made, ended_on=TODAY, why=BECAUSE, by=place.doctor, expected_version=2)


def test_a_flare_is_an_alert_and_no_work(place: Place) -> None:
    plan(place)
    flare = open_visit(patient=place.patient, on=TODAY, values={"sledai_seizure": True}, by=place.doctor)
    sign_visit(visit=flare, by=place.doctor, expected_version=flare.version)
    assert Alert.objects.unresolved().get(patient=place.patient, rule="flare").severity == 3
    assert not Task.objects.filter(kind="taper_step", state="open").exists()
    assert not differences()
