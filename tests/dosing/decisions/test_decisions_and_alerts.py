"""What a decision opens, plans and keeps, and the life of the alerts around it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from demo.samples import base
from dosing.alerts import services as alerts
from dosing.alerts import task_services as tasks
from dosing.alerts.queries import decided_against
from dosing.assessment.assess import assess_patient, assessment_json
from dosing.assessment.nightly import reassess_everyone
from dosing.assessment.reconcile import reassess
from dosing.decisions.services import (
    StartOrder,
    decide_not_now,
    decide_not_suitable,
    start_tacrolimus,
)
from dosing.levels.services import record_level
from dosing.models import (
    Alert,
    Decision,
    PatientStatus,
    ReassessmentRun,
    TacrolimusCourse,
    TacrolimusLevel,
    Task,
)
from patients.models import DoseEpisode, LaboratoryResult, Statement, Visit
from patients.rules.record import Episode
from patients.services import writing
from patients.services.drugs import start_episode
from patients.services.laboratory import laboratory_named
from patients.services.statements import state
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TOKYO = ZoneInfo("Asia/Tokyo")


@made_once
def place() -> Place:
    """A patient who may start, on a constant dose of mizoribine and on a statin."""
    today = datetime.now(TOKYO).date()
    record = base.with_episodes(
        base.with_rash(base.base_record(today)),
        Episode(0, "mizoribine", today - timedelta(days=400), Decimal(150)),
        Episode(0, "rosuvastatin", today - timedelta(days=400), Decimal("2.5")),
    )
    return make_place("Decisions", record)


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def order(today: date, **changed: object) -> StartOrder:
    values = {
        "first_dose_on": today,
        "dose_mg": Decimal(3),
        "formulation": "capsule",
        "cautions_accepted": ("statin:rosuvastatin",),
    }
    return StartOrder(**{**values, **changed})  # type: ignore[arg-type]


def start(place: Place, **changed: object) -> Decision:
    shown = assess_patient(place.patient).fingerprint()
    today = local_today(place.clinic)
    return start_tacrolimus(
        patient=place.patient, order=order(today, **changed), by=place.doctor, fingerprint=shown
    )


def test_a_start_opens_the_course_and_its_first_dose(place: Place, today: date) -> None:
    decision = start(place)
    course = TacrolimusCourse.objects.get(decision=decision)
    assert (course.started_on, course.first_episode.drug) == (today, "tacrolimus")
    assert (course.first_episode.dose_mg, course.first_episode.last_day) == (3, None)


def test_obligations_and_the_first_control_become_tasks(place: Place, today: date) -> None:
    start(place)
    planned = [
        (task.kind, task.sentence["text"][:24], task.due_on) for task in Task.objects.order_by("due_on")
    ]
    assert planned == [
        ("obligation", "Keep the mizoribine dose", today),
        ("control", "Day 7 of tacrolimus: %(i", today + timedelta(days=7)),
    ]


def test_the_decision_keeps_the_verdict_as_it_stood(place: Place) -> None:
    before = assessment_json(assess_patient(place.patient).assessment)
    decision = start(place)
    writing.void(Visit.objects.filter(patient=place.patient).latest("on"), by=place.doctor, reason="x")
    decision.refresh_from_db()
    assert decision.verdict == before
    assert (decision.created_by, decision.answer, decision.gate) == (place.doctor, "met", "caution")
    assert decision.created_at is not None


def test_cautions_must_be_ticked(place: Place) -> None:
    with pytest.raises(ValidationError) as refused:
        start(place, cautions_accepted=())
    assert "cautions_accepted" in refused.value.message_dict


@pytest.mark.parametrize(("dose", "needs"), [("3", False), ("3.5", True)])
def test_more_than_3_mg_needs_a_reason_and_leaves_the_label(place: Place, dose: str, needs: bool) -> None:
    if needs:
        with pytest.raises(ValidationError) as refused:
            start(place, dose_mg=Decimal(dose))
        assert "reason_code" in refused.value.message_dict
    kept = start(place, dose_mg=Decimal(dose), reason_code="clinical_judgement" if needs else "")
    texts = [item["text"] for item in kept.outside_label]
    assert ("dose above %(mg)s mg/day" in texts) is needs


def test_an_earlier_serious_reaction_needs_another_doctor(place: Place, today: date) -> None:
    stated = Statement(
        patient=place.patient, kind="calcineurin_inhibitor_serious_reaction", stated_on=today, answer=True
    )
    state(statement=stated, by=place.doctor)
    colleague = make_place("Colleagues").doctor
    for second in (None, place.doctor, place.nurse):
        with pytest.raises(ValidationError) as refused:
            start(place, reason_code="specialist_advice", second_person=second)
        assert "second_person" in refused.value.message_dict
    assert start(place, reason_code="specialist_advice", second_person=colleague).second_person


def test_the_same_form_twice_is_one_decision(place: Place, today: date) -> None:
    key, shown = uuid4(), assess_patient(place.patient).fingerprint()
    for _click in range(2):
        start_tacrolimus(
            patient=place.patient, order=order(today), by=place.doctor, fingerprint=shown, submission=key
        )
    assert Decision.objects.count() == TacrolimusCourse.objects.count() == 1
    assert DoseEpisode.objects.filter(patient=place.patient, drug="tacrolimus").count() == 1


def test_the_start_page_keeps_what_was_typed_when_refused(place: Place, today: date) -> None:
    client = place.client(place.doctor)
    address = reverse("dosing:start", args=[place.patient.pk])
    shown = client.get(address).context["assessed"].fingerprint()
    answer = client.post(
        address, {"dose_mg": "3,5", "first_dose_on": today.isoformat(), "fingerprint": shown}
    )
    assert b'value="3,5"' in answer.content
    assert "3.5" in str(answer.context["form"].errors["dose_mg"])


def test_after_the_start_the_alert_is_resolved(place: Place) -> None:
    assert Alert.objects.unresolved().get().rule == "consider_tacrolimus"
    start(place)
    assert not Alert.objects.unresolved().exists()
    reassess_everyone()
    assert not Alert.objects.unresolved().exists()


def test_not_now_is_quiet_until_its_day(place: Place, today: date) -> None:
    later = today + timedelta(days=2)
    shown = {"patient": place.patient, "by": place.doctor, "fingerprint": None}
    with pytest.raises(ValidationError):
        decide_not_now(reason_code="repeat_first", reason_text="", snooze_until=today, **shown)
    decide_not_now(reason_code="repeat_first", reason_text="", snooze_until=later, **shown)
    alert = Alert.objects.get()
    assert (alert.state, alert.snoozed_until) == ("snoozed", later)
    reassess(place.patient)
    assert Alert.objects.get().state == "snoozed"
    with time_machine.travel(datetime(later.year, later.month, later.day, 3, tzinfo=TOKYO), tick=False):
        reassess_everyone()
    assert Alert.objects.get().state == "open"


def test_the_criteria_say_that_somebody_decided_against(place: Place, today: date) -> None:
    """Until the day on which the question comes back; the way to a start is then no longer the main one."""
    later = today + timedelta(days=2)
    shown = {"patient": place.patient, "by": place.doctor, "fingerprint": None}
    panel = reverse("dosing:criteria", args=[place.patient.pk])
    assert "decided so on" not in place.client(place.doctor).get(panel).content.decode()
    decide_not_now(reason_code="repeat_first", reason_text="", snooze_until=later, **shown)
    told = place.client(place.doctor).get(panel).content.decode()
    assert "decided so on" in told
    assert "I want to repeat a test first" in told
    assert "btn-primary" not in told
    assert decided_against(place.patient, later - timedelta(days=1)) == Decision.objects.get()
    assert decided_against(place.patient, later) is None
    decide_not_suitable(reason_code="patient_declines", reason_text="", **shown)
    assert decided_against(place.patient, later + timedelta(days=400)) == Decision.objects.latest("pk")


def test_a_start_is_no_decision_against(place: Place, today: date) -> None:
    start(place)
    assert decided_against(place.patient, today) is None


@pytest.mark.parametrize("page", ["not_now", "not_suitable"])
def test_a_decision_against_asks_for_its_reason_beforehand(place: Place, today: date, page: str) -> None:
    address = reverse(f"dosing:{page}", args=[place.patient.pk])
    doctor = place.client(place.doctor)
    form = doctor.get(address).context["form"]
    assert form.fields["reason_code"].required
    sent = {
        "fingerprint": form.initial["fingerprint"],
        "snooze_until": (today + timedelta(days=2)).isoformat(),
    }
    assert doctor.post(address, sent).context["form"].errors == {"reason_code": ["Choose a reason."]}


def test_not_suitable_stays_closed(place: Place) -> None:
    decide_not_suitable(
        patient=place.patient,
        by=place.doctor,
        reason_code="patient_declines",
        reason_text="",
        fingerprint=None,
    )
    reassess_everyone()
    alert = Alert.objects.get()
    assert (alert.state, alert.override_code) == ("overridden", "patient_declines")


@pytest.mark.parametrize("code", ["", "study_enrolment", "nonsense"])
def test_each_decision_has_its_own_reasons(place: Place, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        decide_not_suitable(
            patient=place.patient, by=place.doctor, reason_code=code, reason_text="", fingerprint=None
        )
    assert "reason_code" in refused.value.message_dict


def test_the_same_judgement_twice_changes_nothing(place: Place) -> None:
    alert = Alert.objects.get()
    before = alert.history.count()
    reassess(place.patient)
    assert Alert.objects.get().history.count() == before == 1


def test_what_the_facts_settle_is_resolved_and_raised_anew(place: Place, today: date) -> None:
    upcr = LaboratoryResult.objects.filter(patient=place.patient, analyte="upcr")
    for row in upcr:
        writing.void(row, by=place.doctor, reason="x")
    assert [alert.rule for alert in Alert.objects.unresolved()] == ["criteria_cannot_tell"]
    new = LaboratoryResult(
        patient=place.patient, analyte="upcr", value=Decimal("0.2"), entered="0.2",
        collected_at=datetime.now(TOKYO) - timedelta(hours=1),
        laboratory=laboratory_named(clinic=place.clinic, name="A", by=place.doctor),
    )  # fmt: skip
    writing.insert(new, by=place.nurse)
    assert [alert.rule for alert in Alert.objects.unresolved()] == ["consider_tacrolimus"]
    assert Alert.objects.filter(state="resolved").count() == 2


def test_what_only_time_changes_comes_with_the_sweep(place: Place, today: date) -> None:
    later = today + timedelta(days=40)
    with time_machine.travel(datetime(later.year, later.month, later.day, 3, tzinfo=TOKYO), tick=False):
        reassess_everyone()
    assert PatientStatus.objects.get(patient=place.patient).answer == "cannot_tell"
    assert [alert.rule for alert in Alert.objects.unresolved()] == ["criteria_cannot_tell"]


def test_act_now_is_not_snoozed_and_a_resolved_alert_not_handled(place: Place, today: date) -> None:
    alert = Alert.objects.get()
    Alert.objects.update(severity=3)
    with pytest.raises(ValidationError):
        alerts.snooze(alert=alert, until=today + timedelta(days=1), by=place.doctor)
    Alert.objects.update(state="resolved")
    with pytest.raises(ValidationError):
        alerts.acknowledge(alert=Alert.objects.get(), by=place.doctor)


def test_a_task_is_closed_once(place: Place) -> None:
    start(place)
    task = Task.objects.earliest("due_on")
    tasks.complete_task(task=task, by=place.nurse)
    with pytest.raises(ValidationError):
        tasks.complete_task(task=task, by=place.nurse)
    with pytest.raises(ValidationError):
        tasks.cancel_task(task=Task.objects.latest("due_on"), by=place.nurse, comment=" ")


def test_a_contraindicated_page_offers_no_start(place: Place, today: date) -> None:
    forbidden = DoseEpisode(patient=place.patient, drug="spironolactone", dose_mg=25, start=today)
    start_episode(episode=forbidden, by=place.doctor)
    page = place.client(place.doctor).get(reverse("dosing:start", args=[place.patient.pk]))
    assert b"contraindicated for this patient" in page.content
    assert b'name="dose_mg"' not in page.content


@pytest.mark.parametrize(
    ("drawn", "value", "field"),
    [(-1, "6.7", "drawn_at"), (2, "0", "value_ng_ml"), (14, "6.7", "last_dose_at")],
)
def test_levels_that_cannot_be(place: Place, drawn: int, value: str, field: str) -> None:
    now = datetime.now(TOKYO)
    level = TacrolimusLevel(
        patient=place.patient,
        drawn_at=now - timedelta(hours=drawn),
        last_dose_at=now - timedelta(hours=12),
        value_ng_ml=Decimal(value),
        entered=value,
        laboratory=laboratory_named(clinic=place.clinic, name="A", by=place.doctor),
    )
    with pytest.raises(ValidationError) as refused:
        record_level(level=level, by=place.nurse)
    assert field in refused.value.message_dict


def test_a_level_is_kept_with_its_times(place: Place) -> None:
    now = datetime.now(TOKYO)
    level = TacrolimusLevel(
        patient=place.patient,
        drawn_at=now - timedelta(hours=1),
        last_dose_at=now - timedelta(hours=13),
        value_ng_ml=Decimal("6.7"),
        entered="6.7 ng/mL",
        laboratory=laboratory_named(clinic=place.clinic, name="A", by=place.doctor),
    )
    assert record_level(level=level, by=place.nurse, confirmed=True).pk


def test_a_sweep_that_died_on_another_day_is_not_resumed(place: Place, today: date) -> None:
    old = ReassessmentRun.objects.create(
        on=today - timedelta(days=1), last_patient_id=place.patient.pk, patients_done=1
    )
    ReassessmentRun.objects.update(heartbeat=timezone.now() - timedelta(hours=20))
    done = reassess_everyone()
    old.refresh_from_db()
    assert (old.state, done.state, done.patients_done) == ("failed", "finished", 1)
    assert done.pk != old.pk


@pytest.mark.parametrize("state", ["acknowledged", "snoozed"])
def test_what_a_person_put_off_comes_back_when_it_becomes_graver(
    place: Place, today: date, state: str
) -> None:
    later = today + timedelta(days=10) if state == "snoozed" else None
    Alert.objects.update(severity=1, state=state, snoozed_until=later)
    reassess_everyone()
    assert [alert.state for alert in Alert.objects.unresolved()] == ["open"]
