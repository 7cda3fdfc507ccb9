"""Each test turns red when the mitigation of its hazard in HAZARDS.md is switched off."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.clock import local_today
from accounts.services import approve_settings, deactivate_user, propose_settings, reactivate_user
from demo.samples import base
from dosing.alerts.services import ChangedAlertError, acknowledge, display_fingerprint, override, snooze
from dosing.assessment.assess import assess_patient
from dosing.assessment.nightly import differences, reassess_everyone
from dosing.assessment.tasks import resume_dead_runs
from dosing.decisions.forms import StartForm
from dosing.decisions.services import ChangedVerdictError, StartOrder, start_tacrolimus
from dosing.models import Alert, Decision, ReassessmentRun, RunState, TacrolimusCourse
from dosing.rules.safety import Gate
from patients.loading import load_record
from patients.models import DoseEpisode, LaboratoryResult, Visit
from patients.rules.answers import Answer
from patients.rules.record import Episode
from patients.services import writing
from patients.services.drugs import start_episode
from patients.services.visits import SignedVisitError, open_visit, save_visit, sign_visit
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ROOT = Path(__file__).resolve().parent.parent


@made_once
def place() -> Place:
    return make_place()


def order(place: Place, **changes: object) -> StartOrder:
    values = {"first_dose_on": local_today(place.clinic), "dose_mg": Decimal(3), "formulation": "capsule"}
    return StartOrder(**{**values, **changes})  # type: ignore[arg-type]


def start(place: Place, **changes: object) -> Decision:
    shown = assess_patient(place.patient).fingerprint()
    return start_tacrolimus(
        patient=place.patient, order=order(place, **changes), by=place.doctor, fingerprint=shown
    )


def test_a_missing_result_is_never_read_as_a_no(place: Place) -> None:
    assert assess_patient(place.patient).assessment.answer is Answer.MET
    for row in LaboratoryResult.objects.filter(patient=place.patient, analyte="upcr"):
        writing.void(row, by=place.doctor, reason="wrong patient")
    found = assess_patient(place.patient)
    assert found.assessment.answer is Answer.CANNOT_TELL
    assert [item.item for item in found.assessment.missing] == ["upcr"]


def test_what_was_entered_in_error_counts_for_no_rule(place: Place) -> None:
    last = Visit.objects.filter(patient=place.patient).latest("on")
    writing.void(last, by=place.doctor, reason="other patient's visit")
    assert all(visit.id != last.pk for visit in load_record(place.patient).visits)
    assert assess_patient(place.patient).assessment.answer is not Answer.MET


def test_an_unsigned_visit_counts_for_no_rule(place: Place) -> None:
    before = assess_patient(place.patient).fingerprint()
    values = {"rash_severity": 3, "sledai_seizure": True}
    open_visit(patient=place.patient, on=local_today(place.clinic), values=values, by=place.doctor)
    assert assess_patient(place.patient).fingerprint() == before


def test_a_dead_nightly_check_is_seen(place: Place) -> None:
    """On every page, also by the administrator, who can do something about it."""
    pages = [
        (place.client(place.doctor), reverse("dosing:worklist")),
        (place.client(place.nurse), reverse("patients:page", args=[place.patient.pk])),
        (place.client(place.administrator), reverse("accounts:administration")),
    ]
    for client, address in pages:
        assert b"nightly check has never run" in client.get(address).content
    reassess_everyone()
    for client, address in pages:
        answer = client.get(address).content
        assert b"never run" not in answer and b"older than 26 hours" not in answer
    ReassessmentRun.objects.update(finished_at=timezone.now() - timedelta(hours=27))
    for client, address in pages:
        assert b"older than 26 hours" in client.get(address).content


def test_a_killed_sweep_is_finished_and_loses_nobody(place: Place) -> None:
    Alert.objects.all().delete()
    dead = ReassessmentRun.objects.create(on=local_today(place.clinic), patients_total=1)
    ReassessmentRun.objects.update(heartbeat=timezone.now() - timedelta(hours=1))
    done = reassess_everyone()
    assert (done.pk, done.state, done.patients_done) == (dead.pk, RunState.FINISHED, 1)
    assert Alert.objects.get().rule == "consider_tacrolimus"


def test_a_decimal_error_in_the_dose_is_asked_twice(place: Place) -> None:
    for dose in (Decimal(30), Decimal("5.5"), Decimal("2.3")):
        with pytest.raises(ValidationError) as refused:
            start(place, dose_mg=dose, reason_code="clinical_judgement")
        assert "high_dose_confirmed" in refused.value.message_dict
    assert not TacrolimusCourse.objects.exists()


@pytest.mark.parametrize(
    ("drug", "last", "gate"),
    [
        ("spironolactone", None, Gate.CONTRAINDICATED),
        ("voclosporin", None, Gate.CONTRAINDICATED),
        ("ciclosporin", 1, Gate.HOLD),
        ("itraconazole", None, Gate.HOLD),
    ],
)
def test_a_dangerous_companion_stops_the_start(place: Place, drug: str, last: int | None, gate: Gate) -> None:
    today = local_today(place.clinic)
    episode = DoseEpisode(patient=place.patient, drug=drug, dose_mg=25, start=today - timedelta(days=100))
    episode.last_day = None if last is None else today + timedelta(days=last)
    start_episode(episode=episode, by=place.doctor)
    assert assess_patient(place.patient).safety.state is gate
    with pytest.raises(ValidationError):
        start(place)


def test_an_unknown_drug_makes_the_safety_check_undecided(place: Place) -> None:
    episode = DoseEpisode(
        patient=place.patient,
        drug_text="herbal mixture",
        start=local_today(place.clinic) - timedelta(days=200),
    )
    start_episode(episode=episode, by=place.doctor)
    assert assess_patient(place.patient).safety.state is Gate.CANNOT_TELL


def test_two_doses_of_one_drug_on_one_day_are_refused(place: Place) -> None:
    second = DoseEpisode(
        patient=place.patient, drug="prednisolone", dose_mg=5, start=local_today(place.clinic)
    )
    with pytest.raises(ValidationError) as refused:
        start_episode(episode=second, by=place.doctor)
    assert "already being taken" in str(refused.value.message_dict["start"])


def test_nothing_is_preselected_in_a_decision(place: Place) -> None:
    form = StartForm(assess_patient(place.patient), place.patient, place.doctor)
    given = [name for name in form.fields if name != "submission" and form[name].value()]
    assert given == []


def test_a_decision_on_facts_that_changed_is_refused(place: Place) -> None:
    shown = assess_patient(place.patient).fingerprint()
    last = Visit.objects.filter(patient=place.patient).latest("on")
    writing.void(last, by=place.doctor, reason="other patient's visit")
    with pytest.raises(ChangedVerdictError):
        start_tacrolimus(patient=place.patient, order=order(place), by=place.doctor, fingerprint=shown)
    assert not Decision.objects.exists()


def test_a_decision_against_the_verdict_needs_a_reason() -> None:
    clinic_day = date.today()
    place = make_place("No trigger", base.base_record(clinic_day - timedelta(days=1)))
    with pytest.raises(ValidationError) as refused:
        start(place)
    assert "reason_code" in refused.value.message_dict
    kept = start(place, reason_code="clinical_judgement")
    assert kept.against_verdict and kept.answer == "not_met"


def test_a_signed_visit_is_locked_in_the_service(place: Place) -> None:
    today = local_today(place.clinic)
    visit = open_visit(patient=place.patient, on=today, values={"weight_kg": Decimal(50)}, by=place.doctor)
    signed = sign_visit(visit=visit, by=place.doctor, expected_version=visit.version)
    with pytest.raises(SignedVisitError):
        save_visit(visit=signed, values={"weight_kg": 70}, by=place.doctor, expected_version=signed.version)
    address = reverse("patients:visit", args=[place.patient.pk, signed.pk])
    place.client(place.doctor).post(
        address, {"on": today.isoformat(), "weight_kg": "70", "version": signed.version}
    )
    signed.refresh_from_db()
    assert signed.weight_kg == Decimal(50)


def test_the_second_of_two_editors_sees_both_versions(place: Place) -> None:
    today = local_today(place.clinic)
    visit = open_visit(patient=place.patient, on=today, values={"weight_kg": Decimal(50)}, by=place.nurse)
    save_visit(visit=visit, values={"weight_kg": Decimal(51)}, by=place.nurse, expected_version=visit.version)
    address = reverse("patients:visit", args=[place.patient.pk, visit.pk])
    answer = place.client(place.nurse).post(
        address, {"on": today.isoformat(), "weight_kg": "61", "version": visit.version}
    )
    assert answer.status_code == 409
    assert b"51" in answer.content and b"61" in answer.content
    visit.refresh_from_db()
    assert visit.weight_kg == Decimal(51)


def test_a_form_sent_after_the_session_ended_is_not_lost(place: Place, client) -> None:
    address = reverse("patients:new_laboratory", args=[place.patient.pk])
    answer = client.post(address, {"upcr_value": "0.37"})
    assert answer.status_code == 401
    resumed = client.post(
        reverse("accounts:resume"),
        {
            "carried": answer.context["carried"],
            "username": place.nurse.username,
            "password": "a long enough secret",
        },
    )
    assert b'name="upcr_value" value="0.37"' in resumed.content


def test_a_double_click_saves_once(place: Place) -> None:
    address = reverse("patients:new_episode", args=[place.patient.pk])
    form = {
        "submission": "7f4a3a0e-2f0f-4f0b-9d5b-0a4a3f1b7a11",
        "drug_name": "losartan",
        "dose_mg": "25",
        "schedule": "daily",
        "start": (local_today(place.clinic) - timedelta(days=5)).isoformat(),
        "route": "oral",
        "purpose": "other",
    }
    client = place.client(place.nurse)
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert DoseEpisode.objects.filter(patient=place.patient, drug="losartan").count() == 1


def test_another_clinics_patient_does_not_exist(place: Place) -> None:
    stranger = make_place("Other clinic")
    answer = stranger.client(stranger.doctor).get(reverse("patients:page", args=[place.patient.pk]))
    assert answer.status_code == 404


def test_a_nurse_does_not_decide_or_sign(place: Place) -> None:
    client = place.client(place.nurse)
    assert client.post(reverse("dosing:start", args=[place.patient.pk])).status_code == 403
    form = {"on": local_today(place.clinic).isoformat(), "sign": "yes"}
    assert client.post(reverse("patients:new_visit", args=[place.patient.pk]), form).status_code == 403
    assert not Visit.objects.filter(patient=place.patient, on=local_today(place.clinic)).exists()


@pytest.mark.parametrize(
    ("typed", "unit", "stored"), [("0.86", "g/L", "86"), ("８５", "mg/dL", "85"), ("85", "mg/dL", "85")]
)
def test_units_and_digits_are_converted_never_guessed(
    place: Place, typed: str, unit: str, stored: str
) -> None:
    answer = enter_c3(place, typed, unit)
    assert answer.status_code == 302
    newest = LaboratoryResult.objects.filter(patient=place.patient, analyte="c3").latest("pk")
    assert newest.value == Decimal(stored)


@pytest.mark.parametrize(
    ("typed", "unit"),
    [("8600", "mg/dL"), ("-1", "mg/dL"), ("8,6", "mg/dL"), ("86", "mmol/L"), ("abc", "mg/dL")],
)
def test_an_impossible_result_is_refused_and_stays_on_the_page(place: Place, typed: str, unit: str) -> None:
    before = LaboratoryResult.objects.count()
    answer = enter_c3(place, typed, unit)
    assert answer.status_code == 200
    assert f'value="{typed}"'.encode() in answer.content
    assert answer.context["form"].errors["c3_value"]
    assert LaboratoryResult.objects.count() == before


def enter_c3(place: Place, typed: str, unit: str):
    form = {
        "collected_on": local_today(place.clinic).isoformat(),
        "laboratory": "A",
        "c3_value": typed,
        "c3_unit": unit,
    }
    return place.client(place.nurse).post(reverse("patients:new_laboratory", args=[place.patient.pk]), form)


def test_a_single_fall_of_c3_is_confirmed_before_it_counts() -> None:
    today = date.today() - timedelta(days=1)
    place = make_place("C3", base.falling_c3(base.base_record(today), today, confirmed=False))
    assert assess_patient(place.patient).assessment.answer is Answer.CANNOT_TELL
    assert set(Alert.objects.values_list("rule", flat=True)) == {"c3_may_be_falling", "criteria_cannot_tell"}


def test_the_day_is_the_clinics_own(place: Place) -> None:
    with time_machine.travel(datetime(2026, 3, 31, 15, 30, tzinfo=UTC), tick=False):
        assert local_today(place.clinic) == date(2026, 4, 1)


def test_adherence_is_asked_and_prednisolone_stable_on_paper_is_cautioned(place: Place) -> None:
    record = base.with_visit(load_record(place.patient), adherence_percent=None)
    asked = make_place("Adherence", record)
    cautions = [item.text for item in assess_patient(asked.patient).assessment.cautions]
    assert "adherence was not asked" in cautions


def test_no_hydroxychloroquine_without_a_reason_is_cautioned() -> None:
    today = date.today() - timedelta(days=1)
    record = base.with_rash(base.base_record(today))
    without = [row for row in record.episodes if row.drug != "hydroxychloroquine"]
    place = make_place("HCQ", type(record)(**{**record.__dict__, "episodes": tuple(without)}))
    cautions = [item.text for item in assess_patient(place.patient).assessment.cautions]
    assert any("hydroxychloroquine" in text for text in cautions)


def test_a_rise_in_severity_reopens_what_was_put_aside(place: Place) -> None:
    alert = Alert.objects.get(patient=place.patient)
    Alert.objects.filter(pk=alert.pk).update(state="acknowledged", severity=1)
    episode = Episode(0, "losartan", local_today(place.clinic), Decimal(25))
    start_episode(
        episode=DoseEpisode(patient=place.patient, drug=episode.drug, dose_mg=25, start=episode.start),
        by=place.doctor,
    )
    alert.refresh_from_db()
    assert (alert.state, alert.severity) == ("open", 2)


def test_an_urgent_alert_that_nobody_acknowledges_is_escalated(place: Place) -> None:
    alert = Alert.objects.get(patient=place.patient)
    Alert.objects.update(severity=3, open_since=timezone.now() - timedelta(hours=4))
    address = reverse("dosing:worklist")
    for person in (place.doctor, place.nurse):
        assert b"Escalated (1)" in place.client(person).get(address).content
    acknowledge(alert=alert, by=place.doctor)
    assert b"Escalated" not in place.client(place.nurse).get(address).content


def test_act_now_is_never_put_aside(place: Place) -> None:
    alert = Alert.objects.get(patient=place.patient)
    Alert.objects.update(severity=3)
    tomorrow = local_today(place.clinic) + timedelta(days=1)
    with pytest.raises(ValidationError):
        snooze(alert=alert, until=tomorrow, by=place.doctor)
    with pytest.raises(ValidationError):
        override(alert=alert, code="known_and_accepted", comment="", by=place.doctor)
    assert Alert.objects.get(patient=place.patient).state == "open"


def test_an_alert_that_became_graver_is_not_acknowledged_unread(place: Place) -> None:
    alert = Alert.objects.get(patient=place.patient)
    seen = display_fingerprint(alert)
    Alert.objects.update(severity=3)
    with pytest.raises(ChangedAlertError):
        acknowledge(alert=alert, by=place.doctor, seen=seen)


def test_overridden_alerts_are_counted_by_month(place: Place) -> None:
    alert = Alert.objects.get(patient=place.patient)
    override(alert=alert, code="not_relevant", comment="", by=place.doctor)
    page = place.client(place.doctor).get(reverse("dosing:alert_burden"))
    (month,) = page.context["by_month"]
    assert (month["raised"], month["overridden"], month["rate"]) == (1, 1, "100.0")


def test_a_drifted_alert_fails_the_check(place: Place) -> None:
    call_command("reassess", "--check")
    Alert.objects.filter(patient=place.patient).update(severity=3)
    with pytest.raises(CommandError):
        call_command("reassess", "--check")


def test_a_killed_reassessment_of_a_clinic_leaves_nobody_to_the_old_settings(place: Place) -> None:
    """The worker died before its first patient; nobody asked again."""
    half_yearly = propose_settings(
        clinic=place.clinic, values={"comparator_min_days": 140, "comparator_max_days": 141},
        reason="half-yearly visits", effective_from=local_today(place.clinic), by=place.administrator,
    )  # fmt: skip
    approve_settings(proposal=half_yearly, by=place.doctor)
    ReassessmentRun.objects.update(state=RunState.RUNNING, heartbeat=timezone.now() - timedelta(hours=1))
    assert assess_patient(place.patient).settings_version == 1
    resume_dead_runs()
    assert [alert.settings_version for alert in Alert.objects.unresolved()] == [1]
    assert differences() == []


def test_who_left_is_out_at_once(place: Place) -> None:
    hers = place.client(place.nurse)
    assert hers.get(reverse("dosing:worklist")).status_code == 200
    deactivate_user(user=place.nurse, reason="left", by=place.administrator)
    assert hers.get(reverse("dosing:worklist")).status_code == 302
    reactivate_user(user=place.nurse, reason="back", by=place.administrator)
    assert hers.get(reverse("dosing:worklist")).status_code == 302


def test_every_test_named_in_the_hazard_log_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(?:\w+::)?(\w+)`", (ROOT / "HAZARDS.md").read_text())
    assert len(named) > 20
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text(), f"{path}::{name}"
