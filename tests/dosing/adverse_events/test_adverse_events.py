"""Adverse events: reported by a nurse, confirmed by a doctor, refused in which words, told on one page."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.services import system_user
from demo.samples import base
from dosing.adverse_events.services import change_event, import_event, report_event
from dosing.assessment.nightly import differences
from dosing.assessment.reconcile import reassess
from dosing.levels.services import record_level
from dosing.models import AdverseEvent, Alert, AlertState, TacrolimusLevel
from dosing.rules.findings import Severity
from patients.models import Draft, Laboratory, LaboratoryResult
from patients.rules.dates import PartialDate
from patients.rules.record import Episode
from patients.services.writing import StaleFactError, void
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.patients.test_drafts import keep
from tests.rules.test_naranjo import CRAMPS, RHABDOMYOLYSIS
from tests.sharing import made_once

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=TOKYO)
TODAY = NOW.date()
START = TODAY - timedelta(days=7)


@pytest.fixture(autouse=True)
def morning() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@made_once
@time_machine.travel(NOW, tick=False)
def place() -> Place:
    """The study's first patient: seven days on 3 mg of tacrolimus, on a statin, a level of 6.7 today."""
    record = base.with_episodes(
        base.base_record(TODAY),
        Episode(0, "tacrolimus", START, Decimal(3)),
        Episode(0, "rosuvastatin", TODAY - timedelta(days=400), Decimal("2.5")),
    )
    made = make_place("Events", record)
    laboratory = Laboratory.objects.create(clinic=made.clinic, name="Central")
    drawn = NOW - timedelta(hours=1)
    level = TacrolimusLevel(
        patient=made.patient, drawn_at=drawn, last_dose_at=drawn - timedelta(hours=12), dose_mg=3,
        value_ng_ml=Decimal("6.7"), entered="6.7", laboratory=laboratory,
    )  # fmt: skip
    record_level(level=level, by=made.nurse)
    return made


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


@pytest.fixture
def nurse(place: Place) -> Client:
    return place.client(place.nurse)


GOOD = {
    "term": "rhabdomyolysis", "term_text": "", "onset": "2026-11-20", "grade": "3", "serious": "yes",
    "serious_criterion": "hospital_stay", "action": "stopped", "outcome": "recovering", "resolved": "",
    "comment": "dark urine since the morning",
}  # fmt: skip
JUDGED = {"who_umc": "probable", **{f"naranjo_{code}": reply.value for code, reply in RHABDOMYOLYSIS.items()}}


def event_of(place: Place, **changes: Any) -> AdverseEvent:
    values: dict[str, Any] = {
        "term": "tremor", "onset": PartialDate.on(TODAY), "grade": 1, "serious": False,
    }  # fmt: skip
    return AdverseEvent(patient=place.patient, **{**values, **changes})


def reported(place: Place, **changes: Any) -> AdverseEvent:
    return report_event(event=event_of(place, **changes), by=place.nurse)


def confirmed(place: Place, **changes: Any) -> AdverseEvent:
    return report_event(event=event_of(place, **changes), by=place.doctor)


def send(client: Client, place: Place, **changes: str) -> Any:
    typed = {**GOOD, "submission": str(uuid4()), **changes}
    return client.post(reverse("dosing:new_adverse_event", args=[place.patient.pk]), typed)


def send_change(client: Client, event: AdverseEvent, version: int = 1, **changes: str) -> Any:
    address = reverse("dosing:change_adverse_event", args=[event.patient_id, event.pk])
    return client.post(address, {**GOOD, "version": str(version), **changes})


def open_report(client: Client, event: AdverseEvent) -> str:
    return told(client.get(reverse("dosing:adverse_event", args=[event.patient_id, event.pk])))


def open_panel(client: Client, place: Place) -> str:
    return told(client.get(reverse("dosing:adverse_events_panel", args=[place.patient.pk])))


def told(answer: Any) -> str:
    return on_one_line(answer.content.decode())


def alerts(place: Place) -> list[tuple[str, int]]:
    rows = Alert.objects.unresolved().filter(patient=place.patient, rule="adverse_event")
    return [(row.subject, row.severity) for row in rows.order_by("pk")]


class TestWhoReports:
    def test_what_a_nurse_reports_waits_for_a_doctor(self, nurse: Client, place: Place) -> None:
        answer = send(nurse, place)
        event = AdverseEvent.objects.get()
        assert answer["Location"] == reverse("dosing:adverse_event", args=[place.patient.pk, event.pk])
        assert (event.created_by, event.is_confirmed, event.confirmed_by) == (place.nurse, False, None)
        assert alerts(place) == [(str(event.pk), Severity.ACT_NOW)]

    def test_what_a_doctor_enters_is_confirmed(self, doctor: Client, place: Place) -> None:
        assert send(doctor, place, **JUDGED).status_code == 302
        event = AdverseEvent.objects.get()
        assert (event.confirmed_by, event.confirmed_at) == (place.doctor, NOW)
        assert (event.who_umc, event.causality.score) == ("probable", 4)
        assert alerts(place) == []

    def test_what_a_loader_brings_in_was_confirmed_where_it_comes_from(self, place: Place) -> None:
        loader = system_user("loader", place.clinic)
        event = import_event(event=event_of(place, grade=4), by=loader)
        assert (event.confirmed_by, event.confirmed_at) == (loader, NOW)
        assert alerts(place) == []

    def test_what_a_loaders_source_does_not_say_stays_unsaid(self, place: Place) -> None:
        event = import_event(event=event_of(place, serious=None), by=system_user("loader", place.clinic))
        assert (event.is_confirmed, event.serious) == (True, None)

    def test_a_loader_is_refused_what_cannot_be(self, place: Place) -> None:
        tomorrow = PartialDate.on(TODAY + timedelta(days=1))
        with pytest.raises(ValidationError) as refused:
            import_event(
                event=event_of(place, onset=tomorrow, grade=5), by=system_user("loader", place.clinic)
            )
        assert sorted(refused.value.message_dict) == ["grade", "onset"]

    def test_causality_is_a_doctors_matter(self, nurse: Client, place: Place) -> None:
        """Neither asked of a nurse nor taken from a forged form."""
        form = nurse.get(reverse("dosing:new_adverse_event", args=[place.patient.pk]))
        assert "naranjo" not in told(form)
        send(nurse, place, **JUDGED)
        event = AdverseEvent.objects.get()
        assert (event.who_umc, event.naranjo) == ("", {})
        straight = reported(place, who_umc="certain", naranjo={"q1": "yes"})
        assert (straight.who_umc, straight.naranjo) == ("", {})

    def test_confirming_ends_the_alert(self, doctor: Client, place: Place) -> None:
        event = reported(place, grade=3, serious=True, serious_criterion="hospital_stay")
        assert send_change(doctor, event).status_code == 302
        event.refresh_from_db()
        assert (event.confirmed_by, event.created_by, event.version) == (place.doctor, place.nurse, 2)
        assert alerts(place) == []
        assert Alert.objects.get(rule="adverse_event").state == AlertState.RESOLVED

    def test_a_nurse_completes_what_is_only_reported(self, nurse: Client, place: Place) -> None:
        event = reported(place)
        assert alerts(place) == [(str(event.pk), Severity.THIS_VISIT)]
        assert send_change(nurse, event, grade="3").status_code == 302
        event.refresh_from_db()
        assert (event.grade, event.is_confirmed) == (3, False)
        assert alerts(place) == [(str(event.pk), Severity.ACT_NOW)]

    def test_a_nurse_leaves_the_causality_of_others_as_it_is(self, place: Place) -> None:
        event = reported(place)
        AdverseEvent.objects.filter(pk=event.pk).update(who_umc="possible", naranjo={"q1": "yes"})
        values = {"comment": "x", "who_umc": "", "naranjo": {}}
        change_event(event=event, values=values, by=place.nurse, expected_version=1)
        event.refresh_from_db()
        assert (event.comment, event.who_umc, event.naranjo) == ("x", "possible", {"q1": "yes"})

    def test_what_a_doctor_confirmed_a_nurse_does_not_change(self, nurse: Client, place: Place) -> None:
        event = confirmed(place)
        address = reverse("dosing:change_adverse_event", args=[place.patient.pk, event.pk])
        assert nurse.get(address).status_code == 403
        assert "A doctor confirmed this event meanwhile" in told(send_change(nurse, event, grade="2"))
        event.refresh_from_db()
        assert (event.grade, event.version) == (1, 1)
        assert "Change" not in open_report(nurse, event)

    def test_a_doctor_changes_it_again_and_stays_who_confirmed_first(
        self, doctor: Client, place: Place, morning: Any
    ) -> None:
        event = confirmed(place)
        morning.shift(timedelta(minutes=5))
        assert send_change(doctor, event, outcome="recovered", resolved="2026-11-20").status_code == 302
        event.refresh_from_db()
        assert (event.outcome, event.confirmed_at) == ("recovered", NOW)


REFUSED = [
    ({"onset": "2026-11-21"}, "onset", "in the future"),
    ({"onset": "2027"}, "onset", "in the future"),
    ({"onset": "1900"}, "onset", "before the patient"),
    ({"onset": ""}, "onset", "required"),
    ({"onset": "22 Nov 2026"}, "onset", "Write a year, a month or a day"),
    ({"grade": "5"}, "grade", "Grade 5 is death"),
    ({"grade": "5", "outcome": "fatal", "serious": "no", "serious_criterion": ""}, "serious", "serious"),
    ({"grade": "4", "outcome": "fatal"}, "grade", "Who died of it had grade 5"),
    ({"grade": "", "outcome": "fatal"}, "grade", "Who died of it had grade 5"),
    ({"grade": "6"}, "grade", "Select a valid choice"),
    ({"grade": "0"}, "grade", "Select a valid choice"),
    ({"outcome": "recovered", "resolved": "2026-11-19"}, "resolved", "before the event began"),
    ({"outcome": "recovered", "resolved": "2026-10"}, "resolved", "before the event began"),
    ({"outcome": "recovered", "resolved": "2026-12"}, "resolved", "in the future"),
    ({"outcome": "recovering", "resolved": "2026-11-20"}, "outcome", "needs an outcome that says so"),
    ({"outcome": "", "resolved": "2026-11-20"}, "outcome", "needs an outcome that says so"),
    ({"serious_criterion": ""}, "serious_criterion", "Say what makes it serious"),
    ({"serious": "no"}, "serious_criterion", "Only for a serious event"),
    ({"serious": ""}, "serious", "Say whether it is serious"),
    ({"term": ""}, "term", "Choose what happened"),
    ({"term": "", "term_text": "  "}, "term", "Choose what happened"),
    ({"term_text": "cramps"}, "term_text", "not both"),
    ({"term": "plague"}, "term", "Select a valid choice"),
    ({"term_text": "x" * 121, "term": ""}, "term_text", "at most 120"),
    ({"who_umc": "surely"}, "who_umc", "Select a valid choice"),
    ({"naranjo_q1": "perhaps"}, "naranjo_q1", "Select a valid choice"),
    ({"comment": "x" * 2001}, "comment", "at most 2000"),
]


class TestBadInput:
    @pytest.mark.parametrize(("changes", "field", "said"), REFUSED)
    def test_it_is_refused_at_its_field_and_stays_typed(
        self, doctor: Client, place: Place, changes: dict[str, str], field: str, said: str
    ) -> None:
        answer = send(doctor, place, **changes)
        assert answer.status_code == 200
        assert said in " ".join(answer.context["form"].errors[field])
        assert GOOD["comment"] in told(answer) or "comment" in changes
        assert not AdverseEvent.objects.exists()

    def test_a_grade_may_be_absent(self, doctor: Client, place: Place) -> None:
        """Not graded is said as such and is no grade 0."""
        assert send(doctor, place, grade="").status_code == 302
        event = AdverseEvent.objects.get()
        assert event.grade is None
        assert "not graded" in open_report(doctor, event) and "not graded" in open_panel(doctor, place)

    def test_a_nurse_may_leave_open_whether_it_is_serious(self, nurse: Client, place: Place) -> None:
        assert send(nurse, place, serious="", serious_criterion="", grade="").status_code == 302
        event = AdverseEvent.objects.get()
        assert alerts(place) == [(str(event.pk), Severity.THIS_VISIT)]
        assert "not said" in open_report(nurse, event)

    def test_a_death_is_kept(self, doctor: Client, place: Place) -> None:
        death = {"grade": "5", "outcome": "fatal", "serious_criterion": "death", "resolved": "2026-11-20"}
        assert send(doctor, place, **death).status_code == 302
        assert AdverseEvent.objects.get().grade == 5

    @pytest.mark.parametrize("onset", ["2026-11-20", "2026-11", "2026", "２０２６-11"])
    def test_an_onset_may_be_known_in_part(self, doctor: Client, place: Place, onset: str) -> None:
        assert send(doctor, place, onset=onset).status_code == 302
        assert str(AdverseEvent.objects.get().onset) == onset.replace("２０２６", "2026")

    def test_what_is_wrong_in_several_fields_is_said_at_once(self, place: Place) -> None:
        with pytest.raises(ValidationError) as refused:
            confirmed(place, onset=PartialDate.parse("2027"), grade=5, serious=None, term="")
        assert set(refused.value.error_dict) == {"onset", "grade", "serious", "term"}

    @pytest.mark.parametrize("naranjo", [{"q11": "yes"}, {"q1": "maybe"}])
    def test_the_service_refuses_replies_that_are_none(self, place: Place, naranjo: dict[str, str]) -> None:
        with pytest.raises(ValidationError, match="not answers to the ten questions"):
            confirmed(place, naranjo=naranjo)

    @pytest.mark.parametrize(
        "changes",
        [
            {"grade": 0},
            {"grade": 6},
            {"grade": 5},
            {"term": "", "term_text": ""},
            {"serious": True, "serious_criterion": ""},
            {"serious": None, "serious_criterion": "death"},
            {"confirmed_at": NOW},
        ],
    )
    def test_the_database_refuses_it_too(self, place: Place, changes: dict[str, Any]) -> None:
        event = reported(place)
        with pytest.raises(IntegrityError), transaction.atomic():
            AdverseEvent.objects.filter(pk=event.pk).update(**changes)


class TestAtTheTime:
    def test_level_and_drugs_are_filled_in_by_themselves(self, nurse: Client, place: Place) -> None:
        """1.3: day 7, 6.7 ng/ml, on a statin."""
        send(nurse, place)
        page = open_report(nurse, AdverseEvent.objects.get())
        for said in (
            "Day 7 of tacrolimus",
            "6.7 <span",
            "Morning level, 12 h after the dose",
            "Rosuvastatin",
        ):
            assert said in page
        level = TacrolimusLevel.objects.get()
        assert reverse("patients:fact", args=[place.patient.pk, "level", level.pk]) in page

    def test_a_change_of_the_onset_fills_them_in_anew(self, doctor: Client, place: Place) -> None:
        event = confirmed(place)
        before = (START - timedelta(days=10)).isoformat()
        assert send_change(doctor, event, onset=before).status_code == 302
        event.refresh_from_db()
        assert event.circumstances["levels"] == [] and event.circumstances["on"] == before
        assert "No tacrolimus level recorded up to the time." in open_report(doctor, event)

    def test_a_record_that_was_changed_later_is_said(self, doctor: Client, place: Place) -> None:
        event = confirmed(place)
        warning = "The record of that time was changed after this event was saved."
        assert warning not in open_report(doctor, event)
        void(TacrolimusLevel.objects.get(), by=place.doctor, reason="wrong tube")
        page = open_report(doctor, event)
        assert warning in page and "6.7 <span" in page
        send_change(doctor, event)
        assert warning not in open_report(doctor, event) and "6.7 <span" not in open_report(doctor, event)


class TestForm:
    def test_nothing_is_preselected(self, doctor: Client, place: Place) -> None:
        form = doctor.get(reverse("dosing:new_adverse_event", args=[place.patient.pk])).context["form"]
        chosen = {name: form[name].value() for name in form.fields if name not in ("submission", "version")}
        assert {name: value for name, value in chosen.items() if value not in (None, "")} == {}

    def test_the_laboratory_proposes_a_grade_beside_it(self, doctor: Client, place: Place) -> None:
        """Brief: "CK 1 240 U/l on … is grade 3"."""
        LaboratoryResult.objects.create(
            patient=place.patient, analyte="ck", collected_at=NOW - timedelta(hours=2), value=Decimal(1240),
            entered="1240", laboratory=Laboratory.objects.get(name="Central"), created_by=place.doctor,
        )  # fmt: skip
        page = told(doctor.get(reverse("dosing:new_adverse_event", args=[place.patient.pk])))
        assert "CK 1240 U/l on 20 Nov 2026 is grade 3 (CPK increased)" in page

    def test_a_stored_event_comes_back_into_its_form(self, doctor: Client, place: Place) -> None:
        send(doctor, place, **JUDGED)
        event = AdverseEvent.objects.get()
        address = reverse("dosing:change_adverse_event", args=[place.patient.pk, event.pk])
        form = doctor.get(address).context["form"]
        shown = {name: str(form[name].value() or "") for name in (*GOOD, *JUDGED)}
        assert shown == {**GOOD, **JUDGED}

    def test_twice_the_same_form_is_one_event(self, doctor: Client, nurse: Client, place: Place) -> None:
        for client in (doctor, nurse):
            before = AdverseEvent.objects.count()
            key = str(uuid4())
            assert [send(client, place, submission=key).status_code for _ in range(2)] == [302, 302]
            assert AdverseEvent.objects.count() == before + 1

    def test_a_draft_is_kept_and_comes_back(self, nurse: Client, place: Place) -> None:
        address = reverse("dosing:new_adverse_event", args=[place.patient.pk])
        key = nurse.get(address).context["form"]["submission"].value()
        assert keep(nurse, place.nurse, address, key, term="tremor", comment="half").status_code == 200
        again = nurse.get(f"{address}?draft={key}").context["form"]
        assert (again["term"].value(), again["comment"].value()) == ("tremor", "half")
        send(nurse, place, submission=str(key))
        assert Draft.objects.get().finished_at is not None

    def test_the_second_of_two_editors_sees_both(self, doctor: Client, place: Place) -> None:
        send(doctor, place, **JUDGED)
        event = AdverseEvent.objects.get()
        send_change(doctor, event, **{**JUDGED, "grade": "4"})
        answer = send_change(doctor, event, **{**JUDGED, "naranjo_q3": "no", "outcome": "recovered"})
        assert answer.status_code == 409
        differing = {row.label: (row.theirs, row.yours) for row in answer.context["conflict"]}
        assert differing["CTCAE grade"] == (4, 3)
        assert differing["Outcome"] == ("recovering", "recovered")
        question = "Did it improve when tacrolimus was stopped, or a specific antagonist given?"
        assert differing[question] == ("yes", "no")
        again = send_change(doctor, event, version=2, **{**JUDGED, "outcome": "recovered"})
        assert again.status_code == 302

    def test_the_service_refuses_a_stale_version(self, place: Place) -> None:
        event = confirmed(place)
        change_event(event=event, values={"grade": 2}, by=place.doctor, expected_version=1)
        with pytest.raises(StaleFactError):
            change_event(event=event, values={"grade": 3}, by=place.doctor, expected_version=1)

    def test_another_patients_event_is_not_there(self, doctor: Client, place: Place) -> None:
        other = make_place("Elsewhere")
        event = reported(other)
        for name in ("adverse_event", "change_adverse_event"):
            assert doctor.get(reverse(f"dosing:{name}", args=[place.patient.pk, event.pk])).status_code == 404


class TestReport:
    def test_the_naranjo_answers_are_told_in_words(self, doctor: Client, place: Place) -> None:
        """4.7: "Study pt 1 … = 4 possible"."""
        send(doctor, place, **JUDGED)
        page = open_report(doctor, AdverseEvent.objects.get())
        assert "Naranjo: 4, possible" in page
        assert (
            "<td>Are there previous conclusive reports of this reaction?</td><td>yes</td><td>1</td>" in page
        )
        assert "could have caused the event?</td><td>yes</td><td>-1</td>" in page
        assert "<td>Did it reappear when a placebo was given?</td><td>unknown</td><td>0</td>" in page
        assert "WHO-UMC: probable" in page and "unlikely to be due to disease or other drugs" in page

    def test_an_unfinished_scale_has_no_score(self, doctor: Client, place: Place) -> None:
        replies = {code: reply.value for code, reply in CRAMPS.items() if code != "q6"}
        event = confirmed(place, naranjo=replies)
        assert "no score, 9 of 10 questions answered" in open_report(doctor, event)
        assert "Naranjo: 9 of 10 answered" in open_panel(doctor, place)

    def test_who_reported_and_who_confirmed(self, doctor: Client, place: Place) -> None:
        event = reported(place)
        assert "reported, to be confirmed" in open_report(doctor, event)
        send_change(doctor, event)
        page = open_report(doctor, event)
        assert f"{place.nurse}, " in page and f"{place.doctor}, " in page and "confirmed" in page

    def test_what_was_typed_is_shown_as_text(self, nurse: Client, place: Place) -> None:
        send(nurse, place, term="", term_text="<b>odd</b>", comment="<script>alert(1)</script>")
        page = open_report(nurse, AdverseEvent.objects.get())
        assert "<b>odd" not in page and "<script>alert" not in page and "&lt;b&gt;odd" in page

    def test_an_event_entered_in_error_says_so_and_counts_no_more(self, doctor: Client, place: Place) -> None:
        event = reported(place, grade=4)
        address = reverse("patients:void_fact", args=[place.patient.pk, "adverse_event", event.pk])
        assert doctor.post(address, {"reason": "another patient"}).status_code == 302
        assert alerts(place) == []
        assert "Entered in error" in open_report(doctor, event)
        assert "No adverse event is recorded." in open_panel(doctor, place)
        change = reverse("dosing:change_adverse_event", args=[place.patient.pk, event.pk])
        assert doctor.get(change).status_code == 404


class TestHistory:
    def test_report_change_and_confirmation_are_sentences(self, doctor: Client, place: Place) -> None:
        event = reported(place)
        change_event(event=event, values={"grade": 2}, by=place.nurse, expected_version=1)
        send_change(doctor, event, version=2, **JUDGED)
        page = told(doctor.get(reverse("patients:fact", args=[place.patient.pk, "adverse_event", event.pk])))
        for said in (" reported ", " changed ", " confirmed ", "the adverse event “tremor”"):
            assert said in page
        assert "Are there previous conclusive reports of this reaction? yes." in page

    def test_a_doctors_own_entry_is_entered(self, doctor: Client, place: Place) -> None:
        event = confirmed(place)
        page = told(doctor.get(reverse("patients:fact", args=[place.patient.pk, "adverse_event", event.pk])))
        assert " entered " in page and " reported " not in page


class TestAlert:
    def test_the_alert_leads_to_the_form_of_confirmation(self, doctor: Client, place: Place) -> None:
        event = reported(place, grade=3)
        page = told(doctor.get(reverse("dosing:matters", args=[place.patient.pk])))
        assert reverse("dosing:change_adverse_event", args=[place.patient.pk, event.pk]) in page
        assert (
            "Tremor since 20 Nov 2026, grade 3, not serious: reported, not yet confirmed by a doctor" in page
        )

    def test_a_lower_grade_lowers_the_same_alert(self, place: Place) -> None:
        event = reported(place, grade=3)
        change_event(event=event, values={"grade": 2}, by=place.nurse, expected_version=1)
        assert alerts(place) == [(str(event.pk), Severity.THIS_VISIT)]
        assert Alert.objects.filter(rule="adverse_event").count() == 1

    def test_the_sweep_finds_nothing_else(self, place: Place) -> None:
        reported(place, grade=3)
        reported(place, term="", term_text="odd", onset=PartialDate.parse("2026-10"))
        confirmed(place, grade=4)
        reassess(place.patient)
        assert len(alerts(place)) == 2
        assert differences() == []


def test_dates_of_the_study_are_told_as_a_person_reads_them(doctor: Client, place: Place) -> None:
    confirmed(place, onset=PartialDate.parse("2026-10"), term="muscle_cramps")
    page = open_panel(doctor, place)
    assert "2026-10" in page and "Muscle cramps" in page
    assert date(2026, 10, 31).isoformat() not in page
