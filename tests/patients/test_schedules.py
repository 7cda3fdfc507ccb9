"""How often a drug is taken, as clinics write it, through form, service, rules and page."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from dosing.assessment.assess import assess_patient
from patients.models import DoseEpisode
from patients.rules.answers import Answer
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def enter(doctor: Client, place: Place, today: date, **form: object):
    values = {
        "drug_name": "CellCept", "dose_mg": "1000", "schedule": "twice_daily", "route": "oral",
        "purpose": "sle", "start": (today - timedelta(days=300)).isoformat(), **form,
    }  # fmt: skip
    return doctor.post(reverse("patients:new_episode", args=[place.patient.pk]), values)


def panel(doctor: Client, place: Place) -> str:
    address = reverse("patients:drugs", args=[place.patient.pk])
    return on_one_line(doctor.get(address).content.decode())


def test_a_gram_twice_a_day_is_two_grams_a_day(doctor: Client, place: Place, today: date) -> None:
    assert enter(doctor, place, today, dose_mg="1 g").status_code == 302
    shown = panel(doctor, place)
    assert "1000 mg twice a day" in shown
    assert "2000 mg/day" in shown
    verdict = assess_patient(place.patient).assessment.criteria["C4c"]
    assert verdict.answer is Answer.NOT_MET
    assert 2000 in [row.value for row in verdict.evidence]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"schedule": "morning_and_evening"}, "second_dose_mg"),
        ({"schedule": "morning_and_evening", "second_dose_mg": "0"}, "second_dose_mg"),
        ({"schedule": "alternate_doses", "dose_mg": "", "second_dose_mg": "500"}, "dose_mg"),
        ({"schedule": "daily", "second_dose_mg": "500"}, "second_dose_mg"),
        ({"schedule": "daily", "weekdays": ["1"]}, "weekdays"),
        ({"schedule": "weekdays"}, "weekdays"),
        ({"schedule": "weekdays", "weekdays": ["8"]}, "weekdays"),
        ({"schedule": "every_n_weeks"}, "every_weeks"),
        ({"schedule": "every_n_weeks", "every_weeks": "0"}, "every_weeks"),
        ({"schedule": "weekly", "every_weeks": "4"}, "every_weeks"),
        ({"schedule": "sometimes"}, "schedule"),
        ({"dose_mg": "500 µg"}, "dose_mg"),
        ({"dose_mg": "1/2"}, "dose_mg"),
        ({"dose_mg": "12,5"}, "dose_mg"),
        ({"dose_mg": "with meals"}, "dose_mg"),
        ({"start": "12026-01-01"}, "start"),
        ({"start": "2026-02-31"}, "start"),
        ({"start": "2099-01-01"}, "start"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(
    doctor: Client, place: Place, today: date, form: dict[str, object], field: str
) -> None:
    answer = enter(doctor, place, today, **form)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not DoseEpisode.objects.filter(drug="mycophenolate_mofetil").exists()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"drug_name": "Predonine", "dose_mg": "10", "schedule": "morning_and_evening", "second_dose_mg": "5",
          "start": "2020-01-01", "last_day": "2020-02-01"}, "15 mg/day"),
        ({"drug_name": "Plaquenil", "dose_mg": "400", "schedule": "alternate_doses", "second_dose_mg": "200",
          "start": "2015-01-01", "last_day": "2016-01-01"},
         "300 mg/day"),
        ({"drug_name": "methotrexate", "dose_mg": "7", "schedule": "weekdays", "weekdays": ["1", "2"]},
         "7 mg on Mon, Tue"),
        ({"drug_name": "abatacept", "dose_mg": "500", "schedule": "every_n_weeks", "every_weeks": "4"},
         "500 mg every 4 weeks"),
        ({"drug_name": "loxoprofen", "dose_mg": "60", "schedule": "as_needed"}, "60 mg as needed"),
    ],
)  # fmt: skip
def test_shown_as_written_with_its_mean(
    doctor: Client, place: Place, today: date, form: dict[str, object], words: str
) -> None:
    answer = enter(doctor, place, today, **form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert words in panel(doctor, place)


def test_a_weekly_drug_as_daily_is_asked_about_and_then_refused(
    doctor: Client, place: Place, today: date
) -> None:
    """Second specification, decision case 28: methotrexate 15 mg daily is 105 mg a week."""
    form = {"drug_name": "methotrexate", "dose_mg": "15", "schedule": "daily"}
    asked = enter(doctor, place, today, **form)
    words = " ".join(asked.context["form"].errors["high_dose_confirmed"])
    assert "rarely taken every day" in words
    assert "105 mg in 7 days" in words
    assert enter(doctor, place, today, **form, high_dose_confirmed="on").status_code == 200
    assert not DoseEpisode.objects.filter(drug="methotrexate").exists()
    ordered = {"high_dose_confirmed": "on", "reason": "ordered by Dr Oncologist"}
    assert enter(doctor, place, today, **form, **ordered).status_code == 302


def test_an_order_for_a_later_day_is_no_drug_of_today(doctor: Client, place: Place, today: date) -> None:
    before = assess_patient(place.patient).assessment.criteria
    start = (today + timedelta(days=7)).isoformat()
    assert enter(doctor, place, today, start=start).status_code == 302
    assert assess_patient(place.patient).assessment.criteria == before
    shown = panel(doctor, place)
    assert "Ordered, not begun" in shown
    assert "earlier dose" not in shown


def test_another_dose_may_be_taken_otherwise(doctor: Client, place: Place, today: date) -> None:
    enter(doctor, place, today)
    row = DoseEpisode.objects.get(drug="mycophenolate_mofetil")
    change = {
        "action": "change", "dose_mg": "1000", "second_dose_mg": "500", "schedule": "morning_and_evening",
        "start": (today - timedelta(days=3)).isoformat(), "reason": "diarrhoea", "version": row.version,
    }  # fmt: skip
    answer = doctor.post(reverse("patients:change_episode", args=[place.patient.pk, row.pk]), change)
    assert answer.status_code == 302, answer.context["form"].errors
    newest = DoseEpisode.objects.filter(drug="mycophenolate_mofetil").latest("start")
    assert newest.mg_per_day == 1500
    assert "1000 mg in the morning, 500 mg in the evening" in panel(doctor, place)
