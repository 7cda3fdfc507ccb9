"""Defects that a review found, each kept out by a test."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.clock import local_today
from dosing.alerts import services as alerts
from dosing.assessment.assess import assess_patient
from dosing.assessment.nightly import reassess_everyone
from dosing.decisions.services import (
    StartOrder,
    decide_not_now,
    decide_not_suitable,
    start_tacrolimus,
)
from dosing.models import Alert, TacrolimusCourse
from dosing.rules.safety import Gate, gate
from patients.loading import load_record
from patients.models import DoseEpisode, LaboratoryResult, Statement, Visit
from patients.services import writing
from patients.services.statements import state
from tests.hazards import Place, make_place
from tests.rules import records as r
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def test_a_first_dose_in_the_past_does_not_reach_behind_todays_contraindication(
    place: Place, today: date
) -> None:
    allergy = Statement(
        patient=place.patient, kind="tacrolimus_hypersensitivity", stated_on=today, answer=True
    )
    state(statement=allergy, by=place.doctor)
    shown = assess_patient(place.patient).fingerprint()
    for days in (0, 1):
        order = StartOrder(
            today - timedelta(days=days), Decimal(3), "capsule", reason_code="clinical_judgement"
        )
        with pytest.raises(ValidationError):
            start_tacrolimus(patient=place.patient, order=order, by=place.doctor, fingerprint=shown)
    assert not TacrolimusCourse.objects.exists()


def test_the_same_form_with_other_content_is_refused(place: Place, today: date) -> None:
    client = place.client(place.doctor)
    form = {
        "submission": str(uuid4()), "collected_on": today.isoformat(), "laboratory": "A",
        "potassium_value": "4",
    }  # fmt: skip
    address = reverse("patients:new_laboratory", args=[place.patient.pk])
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    changed = client.post(address, {**form, "potassium_value": "4.6"})
    assert b"saved before, with other content" in changed.content
    newest = LaboratoryResult.objects.filter(analyte="potassium").latest("pk")
    writing.void(newest, by=place.doctor, reason="wrong tube")
    assert client.post(address, form).status_code == 200


def test_back_and_sign_does_not_sign_the_first_version(place: Place, today: date) -> None:
    client = place.client(place.doctor)
    address = reverse("patients:new_visit", args=[place.patient.pk])
    form = {"submission": str(uuid4()), "on": today.isoformat(), "systolic_mm_hg": "120"}
    assert client.post(address, form).status_code == 302
    answer = client.post(address, {**form, "systolic_mm_hg": "190", "sign": "yes"})
    assert b"saved before, with other content" in answer.content
    assert not Visit.objects.get(patient=place.patient, on=today).is_signed


def test_a_double_click_on_sign_is_one_signed_visit(place: Place, today: date) -> None:
    client = place.client(place.doctor)
    address = reverse("patients:new_visit", args=[place.patient.pk])
    form = {"submission": str(uuid4()), "on": today.isoformat(), "weight_kg": "55.5", "sign": "yes"}
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert Visit.objects.get(patient=place.patient, on=today).is_signed


@pytest.mark.parametrize(
    ("analyte", "finding", "expected"),
    [
        ("pregnancy_test", "positive", Gate.CANNOT_TELL),
        ("pregnancy_test", "indeterminate", Gate.CANNOT_TELL),
        ("hbsag", "indeterminate", Gate.CANNOT_TELL),
        ("tb_screen", "indeterminate", Gate.CANNOT_TELL),
        ("tb_screen", "positive", Gate.CAUTION),
        ("chest_xray", "abnormal", Gate.CAUTION),
    ],
)
def test_a_screen_that_is_not_clean_is_never_clear(analyte: str, finding: str, expected: Gate) -> None:
    record = r.with_laboratory(r.eligible_record(), analyte, (r.ON, None), finding=finding)  # type: ignore[arg-type]
    assert gate(record, r.ON).state is expected


def test_a_long_reason_is_kept_whole(place: Place) -> None:
    reason = "r" * 300
    visit = Visit.objects.filter(patient=place.patient).latest("on")
    writing.void(visit, by=place.doctor, reason=reason)
    assert visit.history.latest().history_change_reason == reason


def test_a_nul_in_a_reason_is_refused_in_words(place: Place) -> None:
    visit = Visit.objects.filter(patient=place.patient).latest("on")
    address = reverse("patients:void_fact", args=[place.patient.pk, "visit", visit.pk])
    answer = place.client(place.doctor).post(address, {"reason": "a\0b"})
    assert answer.status_code == 200 and b"Null characters" in answer.content


def test_handling_an_alert_keeps_what_the_rules_wrote_meanwhile(place: Place) -> None:
    shown = Alert.objects.get()
    Alert.objects.update(severity=3)
    alerts.acknowledge(alert=shown, by=place.doctor)
    assert (Alert.objects.get().severity, Alert.objects.get().state) == (3, "acknowledged")
    with pytest.raises(ValidationError):
        alerts.acknowledge(alert=shown, by=place.doctor)


@pytest.mark.parametrize("kind", ["not_now", "not_suitable"])
def test_a_decision_outlives_another_wording_of_the_question(place: Place, today: date, kind: str) -> None:
    common = {"patient": place.patient, "by": place.doctor, "reason_text": "", "fingerprint": None}
    if kind == "not_now":
        later = today + timedelta(days=60)
        decide_not_now(reason_code="repeat_first", snooze_until=later, **common)
    else:
        decide_not_suitable(reason_code="patient_declines", **common)
    for row in LaboratoryResult.objects.filter(patient=place.patient, analyte="potassium"):
        writing.void(row, by=place.doctor, reason="haemolysed")
    reassess_everyone()
    alert = Alert.objects.unresolved().get()
    assert alert.rule == "criteria_met_safety_open"
    assert alert.state == {"not_now": "snoozed", "not_suitable": "overridden"}[kind]


def test_ask_again_has_an_end(place: Place, today: date) -> None:
    with pytest.raises(ValidationError):
        decide_not_now(
            patient=place.patient, by=place.doctor, reason_code="repeat_first", reason_text="",
            snooze_until=today + timedelta(days=400), fingerprint=None,
        )  # fmt: skip


def test_an_error_on_the_form_does_not_hide_that_the_facts_changed(place: Place, today: date) -> None:
    address = reverse("dosing:start", args=[place.patient.pk])
    answer = place.client(place.doctor).post(address, {"dose_mg": "3", "fingerprint": "of another page"})
    assert answer.status_code == 409
    assert b"The facts changed since you opened this page" in answer.content


def test_a_nurse_does_not_start_tacrolimus_by_the_drug_list(place: Place, today: date) -> None:
    address = reverse("patients:new_episode", args=[place.patient.pk])
    form = {
        "drug_name": "tacrolimus", "dose_mg": "3", "schedule": "daily", "route": "oral", "purpose": "sle",
        "start": today.isoformat(),
    }  # fmt: skip
    answer = place.client(place.nurse).post(address, form)
    assert "Only a doctor" in str(answer.context["form"].errors["drug_name"])
    past = {
        **form,
        "start": (today - timedelta(days=90)).isoformat(),
        "last_day": (today - timedelta(days=60)).isoformat(),
    }
    assert place.client(place.nurse).post(address, past).status_code == 302
    assert DoseEpisode.objects.filter(patient=place.patient, drug="tacrolimus").count() == 1
    assert load_record(place.patient).episodes
