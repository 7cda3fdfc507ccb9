"""Each criterion opens its rule in words, with its source and the thresholds' version."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.clock import local_today
from accounts.models import ClinicSettings, SettingsState
from dosing.decisions.services import decide_not_now
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@made_once
def place() -> Place:
    return make_place()


def panel(place: Place, name: str = "dosing:criteria", *rest: object) -> str:
    answer = place.client(place.doctor).get(reverse(name, args=[place.patient.pk, *rest])).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer))


def test_the_rule_its_source_and_the_studys_thresholds(place: Place) -> None:
    text = panel(place)
    assert "The same prednisolone equivalent, above 0 mg/day, on each of the last 90 days." in text
    assert "Source: Study: steroid at the same level for 3 months" in text
    assert text.count("· thresholds: the study's") >= 10


def test_the_clinics_own_number_and_its_version(place: Place) -> None:
    today = local_today(place.clinic)
    ClinicSettings.objects.create(
        clinic=place.clinic, version=3, values={"stable_days": 84}, reason="12 weeks", effective_from=today,
        state=SettingsState.APPROVED, proposed_by=place.administrator, decided_by=place.doctor,
    )  # fmt: skip
    text = panel(place)
    assert "on each of the last 84 days." in text and "· thresholds: the clinic's version 3" in text


def test_a_decision_keeps_its_verdict_and_claims_no_rule_of_today(place: Place) -> None:
    """Its thresholds may have been others; their version is told beside the decision."""
    kept = decide_not_now(
        patient=place.patient, by=place.doctor, reason_code="repeat_first", reason_text="", fingerprint=None,
        snooze_until=local_today(place.clinic) + timedelta(days=30),
    )  # fmt: skip
    text = panel(place, "dosing:decision", kept.pk)
    assert "Source: Study: steroid" in text and "each of the last 90 days" not in text
