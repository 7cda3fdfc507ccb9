"""The pages of a course: what they show, what they keep when refused, and that nothing is preselected."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from demo.samples import base
from dosing.models import Decision, DecisionKind, TacrolimusCourse
from dosing.rules.timeline.events import DECISIONS
from patients.models import DoseEpisode
from patients.rules.record import Episode
from tests.dosing.courses import (
    BECAUSE,
    NOW,
    START,
    TODAY,
    change,
    day,
    doses,
    level,
    on_3_mg,
    paused,
    stopped,
)
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.patients.test_drafts import keep
from tests.patients.test_drafts import resumed as resumed_form
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
FORMS = ("change_dose", "pause", "resume", "stop")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    return on_3_mg()


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def address(place: Place, name: str) -> str:
    return reverse(f"dosing:{name}", args=[place.patient.pk])


def text(answer: Any) -> str:
    return on_one_line(answer.content.decode())


def panel(place: Place, client: Client) -> str:
    return text(client.get(address(place, "tacrolimus_panel")))


def send(client: Client, place: Place, name: str, **typed: str) -> Any:
    """Open the form, fill it in as typed, and send it with what it carries."""
    shown = client.get(address(place, name)).context["now"].fingerprint()
    given = {"fingerprint": shown, "submission": str(uuid4()), **typed}
    return client.post(address(place, name), given)


NEW_DOSE = {"dose_mg": "2", "start": TODAY.isoformat(), "formulation": "capsule", "usual_time": "20:00"}


class TestPanel:
    def test_dose_since_when_week_label_and_proposal(self, place: Place, doctor: Client) -> None:
        level(place, "11.8")
        shown = panel(place, doctor)
        assert '<strong>3 <span class="unit">mg</span></strong> once daily in the evening, 20:00' in shown
        assert "week 5 (first dose 11 Oct 2026)" in shown
        assert "Reduce to 2 mg" in shown
        assert "1.5–2 mg agree with it" in shown
        assert "11.8 ng/ml, above 5–10" in shown

    def test_outside_the_label(self, place: Place, doctor: Client) -> None:
        assert "Within the Japanese label" in panel(place, doctor)
        change(place, "3.5")
        assert "Outside the Japanese label: Dose above 3 mg/day" in panel(place, doctor)

    @pytest.mark.parametrize(
        ("phase", "offered"),
        [
            ("taken", {"change_dose", "pause", "stop"}),
            ("paused", {"resume", "stop"}),
            ("stopped", {"resume"}),
        ],
    )
    def test_the_buttons_fit_the_phase(
        self, place: Place, doctor: Client, phase: str, offered: set[str]
    ) -> None:
        if phase != "taken":
            {"paused": paused, "stopped": stopped}[phase](place, day(2), BECAUSE)
        shown = panel(place, doctor)
        assert {name for name in FORMS if address(place, name) in shown} == offered

    def test_a_nurse_sees_the_proposal_and_no_buttons(self, place: Place) -> None:
        level(place, "7")
        shown = panel(place, place.client(place.nurse))
        assert "Keep 3 mg" in shown
        assert not any(address(place, name) in shown for name in FORMS)

    def test_a_stop_says_why(self, place: Place, doctor: Client) -> None:
        stopped(place, day(2), BECAUSE)
        assert "A side effect (tremor)" in panel(place, doctor)

    def test_who_never_took_it(self) -> None:
        never = make_place("Ueno")
        assert "Never taken, as far as recorded." in panel(never, never.client(never.doctor))

    def test_what_is_missing_has_the_way_to_fill_it(self, place: Place, doctor: Client) -> None:
        shown = panel(place, doctor)
        assert "Cannot tell yet" in shown
        assert f'href="{reverse("dosing:levels")}"' in shown

    def test_the_page_of_the_patient_loads_it(self, place: Place, doctor: Client) -> None:
        page = text(doctor.get(reverse("patients:page", args=[place.patient.pk])))
        assert f'hx-get="{address(place, "tacrolimus_panel")}"' in page

    def test_its_queries_do_not_grow_with_levels_and_doses(self, place: Place, doctor: Client) -> None:
        def queries() -> int:
            panel(place, doctor)
            with CaptureQueriesContext(connection) as seen:
                panel(place, doctor)
            return len(seen)

        change(place, "2", day(20))
        level(place, "6", before=10)
        few = queries()
        change(place, "2.5", day(9))
        change(place, "3", day(5))
        for before in range(1, 9):
            level(place, "6.5", before=before)
        assert queries() == few


class TestForms:
    @pytest.mark.parametrize("name", ["change_dose", "pause", "stop"])
    def test_no_dose_day_or_reason_is_preselected(self, place: Place, doctor: Client, name: str) -> None:
        level(place, "11.8")
        form = doctor.get(address(place, name)).context["form"]
        for field in (
            "dose_mg",
            "start",
            "last_dose_on",
            "reason_code",
            "reason_text",
            "high_dose_confirmed",
        ):
            assert field not in form.fields or not form[field].value()

    def test_the_product_stays_unless_it_is_changed(self, place: Place, doctor: Client) -> None:
        form = doctor.get(address(place, "change_dose")).context["form"]
        assert form["formulation"].value() == "capsule"

    def test_change(self, place: Place, doctor: Client) -> None:
        level(place, "11.8")
        answer = send(doctor, place, "change_dose", **NEW_DOSE)
        assert answer.status_code == 302
        assert doses(place) == [("3", START, day(1)), ("2", TODAY, None)]
        assert Decision.objects.get(kind=DecisionKind.CHANGE_DOSE).created_by == place.doctor

    def test_pause_resume_and_stop(self, place: Place, doctor: Client) -> None:
        last = day(5).isoformat()
        assert send(doctor, place, "pause", last_dose_on=last, reason_code="infection").status_code == 302
        again = {**NEW_DOSE, "start": day(1).isoformat(), "reason_code": "pause_over"}
        assert send(doctor, place, "resume", **again).status_code == 302
        last = TODAY.isoformat()
        assert send(doctor, place, "stop", last_dose_on=last, reason_code="no_effect").status_code == 302
        assert doses(place) == [("3", START, day(5)), ("2", day(1), TODAY)]
        assert TacrolimusCourse.objects.get().end_reason_code == "no_effect"

    def test_a_stop_in_a_pause_does_not_ask_for_the_last_dose(self, place: Place, doctor: Client) -> None:
        paused(place, day(3))
        assert "last_dose_on" not in doctor.get(address(place, "stop")).context["form"].fields
        assert send(doctor, place, "stop", reason_code="no_effect").status_code == 302
        assert TacrolimusCourse.objects.get().ended_on == day(3)

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"dose_mg": "2,5"}, "2.5"),
            ({"dose_mg": "0"}, "The dose must be above 0 mg."),
            ({"dose_mg": "30"}, "between 0 and 20"),
            ({"dose_mg": "6"}, "Confirm that it is meant."),
            ({"dose_mg": "2.3"}, "Confirm that it is meant."),
            ({"dose_mg": ""}, "This field is required."),
            ({"start": "2026-10-01"}, "The course began on 11 Oct 2026"),
            ({"start": "2026-11-21"}, "in the future"),
            ({"start": "soon"}, "Write the day as 2026-11-22."),
            ({"formulation": ""}, "This field is required."),
            ({"reason_code": ""}, "Choose a reason."),
            ({"reason_code": "pause_over"}, "Select a valid choice"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, place: Place, doctor: Client, changed: dict[str, str], said: str
    ) -> None:
        typed = {**NEW_DOSE, "reason_code": "side_effect", "reason_text": "tremor", **changed}
        answer = send(doctor, place, "change_dose", **typed)
        assert answer.status_code == 200
        assert said in text(answer)
        assert 'value="tremor"' in text(answer)
        assert doses(place) == [("3", START, None)]

    @pytest.mark.parametrize("name", ["change_dose", "pause"])
    def test_where_nothing_is_to_decide_there_is_no_form(
        self, place: Place, doctor: Client, name: str
    ) -> None:
        paused(place, day(3))
        answer = text(doctor.get(address(place, name)))
        assert "there is nothing of this kind to decide" in answer
        assert 'name="fingerprint"' not in answer

    def test_stopping_twice_says_so(self, place: Place, doctor: Client) -> None:
        """The second of two windows: the page was opened before the stop of the first."""
        stopped(place, day(1))
        now = doctor.get(address(place, "stop")).context["now"].fingerprint()
        given = {"last_dose_on": day(1).isoformat(), "reason_code": "no_effect", "fingerprint": now}
        answer = doctor.post(address(place, "stop"), {**given, "submission": str(uuid4())})
        assert "stopped already" in text(answer)

    def test_a_level_that_came_meanwhile_is_shown_first(self, place: Place, doctor: Client) -> None:
        shown = doctor.get(address(place, "change_dose")).context["now"].fingerprint()
        level(place, "21")
        typed = {**NEW_DOSE, "reason_code": "level_low", "fingerprint": shown}
        answer = doctor.post(address(place, "change_dose"), {**typed, "submission": str(uuid4())})
        assert answer.status_code == 409
        assert "Hold the next dose" in text(answer)
        assert doses(place) == [("3", START, None)]

    @pytest.mark.parametrize("name", ["change_dose", "pause", "stop"])
    def test_what_is_typed_is_kept_as_a_draft(self, place: Place, doctor: Client, name: str) -> None:
        keep(doctor, place.doctor, address(place, name), reason_text="fever since")
        form = resumed_form(doctor, address(place, name))
        assert form["reason_text"].value() == "fever since"

    def test_a_contraindication_is_said_beside_the_resumption(self) -> None:
        taken = base.with_episodes(
            base.base_record(TODAY),
            Episode(0, "tacrolimus", START, Decimal(3), day(5)),
            Episode(0, "spironolactone", day(3), Decimal(25)),
        )
        made = make_place("Kanda", taken)
        client = made.client(made.doctor)
        assert "Contraindicated" in text(client.get(address(made, "resume")))
        answer = send(client, made, "resume", **NEW_DOSE, reason_code="pause_over")
        assert "Tacrolimus is contraindicated" in text(answer)
        assert DoseEpisode.objects.filter(patient=made.patient, drug="tacrolimus").count() == 1


class TestDecisionPage:
    def test_it_shows_the_proposal_as_it_stood(self, place: Place, doctor: Client) -> None:
        level(place, "11.8")
        made = change(place, "2.5")
        shown = text(doctor.get(reverse("dosing:decision", args=[place.patient.pk, made.pk])))
        for words in ("Reduce to 2 mg", "overridden", "A side effect tremor", "20 Nov 2026", "2.5 "):
            assert words in shown

    @pytest.mark.parametrize(("ng_ml", "word"), [("11.8", "followed"), (None, "open: it could not be told")])
    def test_followed_or_open(self, place: Place, doctor: Client, ng_ml: str | None, word: str) -> None:
        if ng_ml:
            level(place, ng_ml)
        made = change(place, "2")
        assert word in text(doctor.get(reverse("dosing:decision", args=[place.patient.pk, made.pk])))

    def test_the_list_of_decisions_says_what_was_decided(self, place: Place, doctor: Client) -> None:
        level(place, "7")
        change(place, "2")
        paused(place, TODAY - timedelta(days=0))
        shown = text(doctor.get(reverse("dosing:matters", args=[place.patient.pk])))
        assert "not as proposed" in shown
        assert "last dose 20 Nov 2026" in shown

    def test_the_history_tells_it_in_sentences(self, place: Place, doctor: Client) -> None:
        stopped(place, day(1), BECAUSE)
        shown = text(doctor.get(reverse("dosing:history", args=[place.patient.pk])))
        assert "Stop tacrolimus" in shown
        assert "A side effect" in shown
        assert "proposal" not in shown

    def test_the_time_axis_marks_each(self, place: Place, doctor: Client) -> None:
        """Also one of every other kind: a decision without a name would take the whole axis away."""
        change(place, "2", day(3))
        stopped(place, day(1))
        shown = text(doctor.get(reverse("dosing:timeline_table", args=[place.patient.pk])))
        assert "change the dose of tacrolimus" in shown.casefold()
        assert "stop tacrolimus" in shown.casefold()
        assert set(DECISIONS) == set(DecisionKind.values)
