"""The course after its start: what each decision writes, keeps and refuses, and in which words."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError

from demo.samples import base
from dosing.alerts.queries import decided_against
from dosing.assessment.nightly import differences
from dosing.decisions.course import TreatmentPhase, treatment_status
from dosing.decisions.course_orders import Reason
from dosing.decisions.services import ChangedVerdictError
from dosing.models import Alert, Decision, DecisionKind, TacrolimusCourse, Task
from dosing.rules.levels.proposal import DoseAction
from dosing.rules.levels.proposal_json import proposal_from_json, proposal_to_json
from patients.models import DoseEpisode
from patients.rules.record import Episode
from patients.services.drugs import end_episode, start_episode
from tests.dosing.courses import (
    NOW,
    START,
    TODAY,
    change,
    day,
    doses,
    level,
    on_3_mg,
    paused,
    resumed,
    stopped,
)
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return on_3_mg()


@pytest.fixture
def listed() -> Place:
    """A patient whose tacrolimus stands only in the drug list: it was begun elsewhere."""
    taken = base.with_episodes(base.base_record(TODAY), Episode(0, "tacrolimus", START, Decimal(3)))
    return make_place("Shibuya", taken)


def phase(place: Place) -> TreatmentPhase:
    return treatment_status(place.patient).phase


def refused(write: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        write()
    if hasattr(error.value, "error_dict"):
        return error.value.message_dict
    return {"": error.value.messages}


class TestChange:
    def test_the_present_dose_ends_the_day_before(self, place: Place) -> None:
        decision = change(place, "2", day(2))
        assert doses(place) == [("3", START, day(3)), ("2", day(2), None)]
        assert decision.episode is not None
        assert (decision.kind, decision.effective_on, decision.on) == ("change_dose", day(2), TODAY)
        assert (decision.dose_mg, decision.episode.dose_mg) == (2, 2)
        assert (decision.episode.schedule, decision.episode.usual_time) == ("daily", time(20))
        assert decision.episode.reason == "A side effect: tremor"
        assert TacrolimusCourse.objects.get().ended_on is None

    def test_a_proposed_dose_needs_no_reason(self, place: Place) -> None:
        level(place, "11.8")
        decision = change(place, "2", reason=Reason())
        assert (decision.against_verdict, decision.reason_code) == (False, "")

    def test_another_dose_than_proposed_needs_one_and_is_kept_as_overridden(self, place: Place) -> None:
        level(place, "11.8")
        assert "reason_code" in refused(lambda: change(place, "2.5", reason=Reason()))
        assert change(place, "2.5").against_verdict

    def test_where_nobody_can_tell_a_reason_is_needed_and_nothing_overridden(self, place: Place) -> None:
        assert "reason_code" in refused(lambda: change(place, "2", reason=Reason()))
        assert not change(place, "2").against_verdict

    def test_the_proposal_is_kept_as_it_stood(self, place: Place) -> None:
        level(place, "11.8")
        shown = treatment_status(place.patient).proposal
        assert shown is not None
        decision = change(place, "2")
        level(place, "6", before=0)
        decision.refresh_from_db()
        kept = proposal_from_json(decision.proposal)
        assert (kept.action, kept.doses, kept.sentence) == (DoseAction.REDUCE, shown.doses, shown.sentence)
        assert proposal_to_json(kept) == decision.proposal
        assert decision.verdict["answer"]

    def test_a_switch_of_the_product_begins_a_dose_of_its_own_and_asks_for_a_level(
        self, place: Place
    ) -> None:
        """Hazard 6 of the specification: "a switch starts a new episode and a level in 7–14 d"."""
        level(place, "7")
        change(place, "3", formulation="granule", reason=Reason("another_product"))
        assert [row[0] for row in doses(place)] == ["3", "3"]
        work = Task.objects.get(patient=place.patient, kind="level_due")
        assert (work.due_on, work.overdue_from) == (TODAY + timedelta(days=7), TODAY + timedelta(days=15))

    def test_above_3_mg_needs_a_reason_and_leaves_the_label(self, place: Place) -> None:
        assert "reason_code" in refused(lambda: change(place, "3.5", reason=Reason()))
        texts = [item["text"] for item in change(place, "3.5").outside_label]
        assert "dose above %(mg)s mg/day" in texts

    @pytest.mark.parametrize("mg", ["5.5", "30", "2.3"])
    def test_a_decimal_error_is_asked_twice(self, place: Place, mg: str) -> None:
        """4.1: ">5 mg or off the 0.5 grid is refused without a second confirmation"."""
        assert "high_dose_confirmed" in refused(lambda: change(place, mg))
        assert change(place, mg, high_dose_confirmed=True).high_dose_confirmed

    def test_5_mg_are_not(self, place: Place) -> None:
        assert change(place, "5").dose_mg == 5

    @pytest.mark.parametrize(
        ("mg", "start", "field", "said"),
        [
            ("0", TODAY, "dose_mg", "above 0 mg"),
            ("-1", TODAY, "dose_mg", "above 0 mg"),
            ("3", TODAY, "dose_mg", "present dose"),
            ("2", TODAY + timedelta(days=1), "start", "in the future"),
            ("2", START - timedelta(days=1), "start", "The course began on 11 Oct 2026"),
            ("2", START, "start", "The present dose began on 11 Oct 2026"),
        ],
    )
    def test_what_is_refused(self, place: Place, mg: str, start: date, field: str, said: str) -> None:
        found = refused(lambda: change(place, mg, start))
        assert said in found[field][0]
        assert doses(place) == [("3", START, None)]
        assert not Decision.objects.filter(kind=DecisionKind.CHANGE_DOSE).exists()

    def test_not_before_the_dose_that_is_taken_now(self, place: Place) -> None:
        change(place, "2", day(5))
        assert "The present dose began on 15 Nov" in refused(lambda: change(place, "1", day(10)))["start"][0]

    @pytest.mark.parametrize("reason", [Reason("no_such"), Reason("pause_over"), Reason("other")])
    def test_only_reasons_of_its_own_count(self, place: Place, reason: Reason) -> None:
        assert refused(lambda: change(place, "2", reason=reason)).keys() <= {"reason_code", "reason_text"}

    def test_the_same_form_twice_is_one_decision(self, place: Place) -> None:
        key = uuid4()
        assert change(place, "2", submission=key).pk == change(place, "2", submission=key).pk
        assert len(doses(place)) == 2

    def test_a_level_that_came_meanwhile_is_looked_at_first(self, place: Place) -> None:
        shown = treatment_status(place.patient).fingerprint()
        level(place, "21")
        with pytest.raises(ChangedVerdictError):
            change(place, "3.5", fingerprint=shown)
        assert doses(place) == [("3", START, None)]
        assert change(place, "2", fingerprint=treatment_status(place.patient).fingerprint()).pk

    def test_a_planned_stop_stays_planned(self, place: Place) -> None:
        row = DoseEpisode.objects.get(patient=place.patient, drug="tacrolimus")
        planned = TODAY + timedelta(days=20)
        end_episode(episode=row, last_day=planned, reason="x", by=place.doctor, expected_version=row.version)
        change(place, "2")
        assert doses(place)[-1] == ("2", TODAY, planned)

    def test_who_takes_none_has_no_dose_to_change(self, place: Place) -> None:
        paused(place, day(1))
        assert "takes no tacrolimus" in refused(lambda: change(place, "2"))[""][0]

    def test_a_lower_dose_settles_the_alert_of_a_high_level(self, place: Place) -> None:
        level(place, "11.8", before=2)
        alert = Alert.objects.unresolved().get(patient=place.patient, rule="level_high")
        change(place, "2")
        alert.refresh_from_db()
        assert alert.state == "resolved"


class TestPause:
    def test_the_dose_ends_and_the_course_runs_on(self, place: Place) -> None:
        decision = paused(place, day(1))
        assert doses(place) == [("3", START, day(1))]
        assert (decision.kind, decision.effective_on, decision.reason_code) == (
            "pause",
            day(1),
            "side_effect",
        )
        assert TacrolimusCourse.objects.get().ended_on is None
        assert (phase(place), treatment_status(place.patient).case.is_paused) == (TreatmentPhase.PAUSED, True)

    def test_from_the_evening_of_the_last_dose(self, place: Place) -> None:
        paused(place, TODAY)
        assert phase(place) is TreatmentPhase.PAUSED

    def test_while_paused(self, place: Place) -> None:
        paused(place, day(1))
        assert "paused already" in refused(lambda: paused(place, TODAY))[""][0]

    def test_needs_a_reason_of_its_own(self, place: Place) -> None:
        for reason in (Reason(), Reason("no_effect"), Reason("other")):
            assert refused(lambda why=reason: paused(place, day(1), why))
        assert paused(place, day(1), Reason("other", "lost her capsules")).reason_text == "lost her capsules"

    @pytest.mark.parametrize(
        ("last", "said"),
        [
            (TODAY + timedelta(days=1), "in the future"),
            (START - timedelta(days=1), "The present dose began"),
        ],
    )
    def test_on_a_day_that_cannot_be(self, place: Place, last: date, said: str) -> None:
        assert said in refused(lambda: paused(place, last))["last_dose_on"][0]

    def test_not_after_the_end_on_record(self, place: Place) -> None:
        paused(place, day(3))
        resumed(place, day(2))
        row = DoseEpisode.objects.get(patient=place.patient, drug="tacrolimus", start=day(2))
        ends = {"last_day": TODAY + timedelta(days=3), "reason": "planned"}
        end_episode(episode=row, by=place.doctor, expected_version=row.version, **ends)
        assert paused(place, TODAY).effective_on == TODAY

    def test_it_overrides_a_proposal_to_go_on(self, place: Place) -> None:
        level(place, "7")
        assert paused(place, day(0)).against_verdict

    def test_it_follows_a_proposal_to_hold(self, place: Place) -> None:
        level(place, "21")
        assert not paused(place, day(0), Reason("level_high")).against_verdict


class TestResume:
    def test_the_course_goes_on(self, place: Place) -> None:
        paused(place, day(10))
        decision = resumed(place, day(2), "2")
        assert doses(place) == [("3", START, day(10)), ("2", day(2), None)]
        assert (decision.kind, decision.dose_mg) == ("resume", 2)
        course = TacrolimusCourse.objects.get()
        assert (course.started_on, course.ended_on) == (START, None)
        assert phase(place) is TreatmentPhase.TAKEN

    @pytest.mark.parametrize(("away", "courses"), [(28, 1), (29, 2)])
    def test_after_more_than_28_days_it_is_another_course(
        self, place: Place, away: int, courses: int
    ) -> None:
        """Specification 2.7: "a pause ≤28 d that ended is listed, not failed"."""
        paused(place, day(away))
        resumed(place)
        found = list(TacrolimusCourse.objects.order_by("started_on"))
        assert len(found) == courses
        assert found[-1].ended_on is None
        if courses == 2:
            assert (found[0].ended_on, found[1].started_on) == (day(away), TODAY)
            assert found[1].decision.kind == "resume"

    def test_it_is_asked_for_until_somebody_ends_it(self, place: Place) -> None:
        paused(place, day(35))
        work = Task.objects.get(patient=place.patient, kind="pause", state="open")
        assert (work.due_on, work.overdue_from) == (day(21), day(7))
        resumed(place)
        work.refresh_from_db()
        assert work.state == "settled"

    def test_a_forgotten_pause_is_still_a_pause_of_the_course(self, place: Place) -> None:
        paused(place, day(35))
        assert phase(place) is TreatmentPhase.PAUSED

    def test_after_a_stop_it_is_another_course(self, place: Place) -> None:
        stopped(place, day(5))
        resumed(place)
        assert [course.ended_on for course in TacrolimusCourse.objects.order_by("pk")] == [day(5), None]

    def test_not_while_taken(self, place: Place) -> None:
        assert "no pause to end" in refused(lambda: resumed(place))[""][0]

    def test_not_on_the_day_of_the_last_dose(self, place: Place) -> None:
        paused(place, TODAY)
        assert "choose a later day" in refused(lambda: resumed(place))["start"][0]

    def test_never_taken(self) -> None:
        never = make_place("Ueno")
        assert "start it instead" in refused(lambda: resumed(never))[""][0]

    def test_a_contraindication_holds_as_before_a_start(self) -> None:
        """4.2: a potassium-sparing diuretic is CONTRAINDICATED."""
        taken = base.with_episodes(
            base.base_record(TODAY),
            Episode(0, "tacrolimus", START, Decimal(3), day(5)),
            Episode(0, "spironolactone", day(3), Decimal(25)),
        )
        made = make_place("Kanda", taken)
        assert "contraindicated" in refused(lambda: resumed(made))[""][0]

    def test_needs_a_reason_and_an_unusual_dose_is_asked_twice(self, place: Place) -> None:
        paused(place, day(3))
        assert "reason_code" in refused(lambda: resumed(place, reason=Reason()))
        assert "high_dose_confirmed" in refused(lambda: resumed(place, mg="30"))


class TestStop:
    def test_the_course_ends_with_its_coded_reason(self, place: Place) -> None:
        decision = stopped(place, day(1), Reason("side_effect", "tremor"))
        course = TacrolimusCourse.objects.get()
        assert (course.ended_on, course.end_reason_code, course.end_reason) == (
            day(1),
            "side_effect",
            "tremor",
        )
        assert (decision.kind, decision.effective_on) == ("stop", day(1))
        assert doses(place) == [("3", START, day(1))]
        assert (phase(place), treatment_status(place.patient).case.is_paused) == (
            TreatmentPhase.STOPPED,
            False,
        )

    @pytest.mark.parametrize("last", [None, day(4)])
    def test_in_a_pause_the_last_dose_stands(self, place: Place, last: date | None) -> None:
        paused(place, day(4))
        stopped(place, last)
        assert TacrolimusCourse.objects.get().ended_on == day(4)

    def test_in_a_pause_another_day_is_refused(self, place: Place) -> None:
        paused(place, day(4))
        assert "16 Nov 2026" in refused(lambda: stopped(place, day(1)))["last_dose_on"][0]

    def test_a_pause_that_was_forgotten_can_be_ended(self, place: Place) -> None:
        paused(place, day(35))
        assert stopped(place, None).effective_on == day(35)

    def test_twice(self, place: Place) -> None:
        stopped(place, TODAY)
        assert "stopped already" in refused(lambda: stopped(place, TODAY))[""][0]
        assert Decision.objects.filter(kind=DecisionKind.STOP).count() == 1

    def test_while_taken_the_day_is_needed(self, place: Place) -> None:
        assert "last_dose_on" in refused(lambda: stopped(place, None))

    def test_needs_a_reason(self, place: Place) -> None:
        assert "reason_code" in refused(lambda: stopped(place, day(1), Reason()))
        assert "reason_text" in refused(lambda: stopped(place, day(1), Reason("other")))

    def test_who_never_took_it(self) -> None:
        never = make_place("Ueno")
        assert "takes no tacrolimus" in refused(lambda: stopped(never, day(1)))[""][0]

    def test_nothing_is_asked_for_any_more(self, place: Place) -> None:
        assert Task.objects.filter(patient=place.patient, state="open", by_rules=True).exists()
        stopped(place, TODAY - timedelta(days=1))
        assert not Task.objects.filter(patient=place.patient, state="open", by_rules=True).exists()


class TestBegunElsewhere:
    @pytest.mark.parametrize("decide", [lambda p: change(p, "2"), lambda p: paused(p, day(1))])
    def test_the_first_decision_makes_it_a_course(
        self, listed: Place, decide: Callable[[Place], Decision]
    ) -> None:
        decision = decide(listed)
        course = TacrolimusCourse.objects.get()
        assert (course.decision, course.started_on, course.ended_on) == (decision, START, None)
        assert course.first_episode.start == START

    def test_a_stop_ends_it_at_once(self, listed: Place) -> None:
        stopped(listed, day(2))
        course = TacrolimusCourse.objects.get()
        assert (course.started_on, course.ended_on) == (START, day(2))

    def test_a_treatment_in_the_list_after_a_stop_is_a_course_of_its_own(self, place: Place) -> None:
        stopped(place, day(10))
        again = DoseEpisode(patient=place.patient, drug="tacrolimus", dose_mg=2, start=day(6))
        start_episode(episode=again, by=place.doctor)
        change(place, "3")
        assert list(TacrolimusCourse.objects.order_by("pk").values_list("started_on", "ended_on")) == [
            (START, day(10)),
            (day(6), None),
        ]


def test_what_the_rules_stored_is_what_they_say(place: Place) -> None:
    """After each decision a judgement of everything finds nothing else than what is stored."""
    level(place, "11.8", before=3)
    for decide in (
        lambda: change(place, "2", day(2)),
        lambda: paused(place, day(1)),
        lambda: resumed(place),
        lambda: change_dose_tomorrow(place),
        lambda: stopped(place, TODAY),
    ):
        decide()
        assert list(differences()) == []


def change_dose_tomorrow(place: Place) -> None:
    """A change on the first day of a dose is refused; nothing is written by it."""
    before = doses(place)
    assert "start" in refused(lambda: change(place, "1"))
    assert doses(place) == before


def test_a_decision_about_the_dose_is_none_against_tacrolimus(place: Place) -> None:
    change(place, "2")
    assert decided_against(place.patient, TODAY) is None
