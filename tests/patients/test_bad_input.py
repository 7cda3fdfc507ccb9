"""Bad input at the forms: a message beside its field, nothing saved, nothing typed lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from patients.models import DoseEpisode, LaboratoryResult, Patient, Visit
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.django_db


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def send(client: Client, name: str, place: Place, **form: str):
    return client.post(reverse(f"patients:{name}", args=[place.patient.pk]), form)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("on", "2190-01-01", "is in the future"),
        ("on", "1900-01-01", "before the patient"),
        ("systolic_mm_hg", "12O", "not a number"),
        ("weight_kg", "55,5", "55.5"),
        ("systolic_mm_hg", "400", "between 40 and 300"),
        ("swollen_joints", "1.5", "whole number"),
        ("adherence_percent", "101", "between 0 and 100"),
        ("note", "x" * 4001, "4000"),
    ],
)
def test_a_visit(doctor: Client, place: Place, today: date, field: str, typed: str, message: str) -> None:
    before = Visit.objects.count()
    answer = send(doctor, "new_visit", place, **{"on": today.isoformat(), "note": "kept note", field: typed})
    assert message in str(answer.context["form"].errors[field])
    assert typed in answer.content.decode()
    assert field == "note" or "kept note" in answer.content.decode()
    assert Visit.objects.count() == before


def test_full_width_digits_are_accepted(doctor: Client, place: Place, today: date) -> None:
    send(doctor, "new_visit", place, on=today.isoformat(), weight_kg="５４．５")
    assert Visit.objects.get(patient=place.patient, on=today).weight_kg == Decimal("54.5")


def test_sledai_against_the_laboratory_is_asked_not_refused(
    doctor: Client, place: Place, today: date
) -> None:
    form = {"on": today.isoformat(), "sledai_haematuria": "yes"}
    asked = send(doctor, "new_visit", place, **form)
    assert "confirm_contradictions" in asked.context["form"].errors
    assert b"Urine red cells" in asked.content
    assert send(doctor, "new_visit", place, **form, confirm_contradictions="on").status_code == 302
    assert Visit.objects.get(patient=place.patient, on=today).sledai_haematuria is True


def test_a_second_visit_of_the_day_is_said_in_words(doctor: Client, place: Place, today: date) -> None:
    send(doctor, "new_visit", place, on=today.isoformat())
    again = send(doctor, "new_visit", place, on=today.isoformat())
    assert b"There is a visit on this day already" in again.content


def test_worse_than_before_needs_words(doctor: Client, place: Place, today: date) -> None:
    answer = send(doctor, "new_visit", place, on=today.isoformat(), rash_severity="2", rash_worse="on")
    assert "worse_comment" in answer.context["form"].errors


class TestLaboratory:
    def test_a_future_collection(self, doctor: Client, place: Place, today: date) -> None:
        later = (today + timedelta(days=1)).isoformat()
        answer = send(doctor, "new_laboratory", place, collected_on=later, laboratory="A", c3_value="85")
        assert answer.status_code == 200 and b"in the future" in answer.content

    def test_nothing_filled(self, doctor: Client, place: Place, today: date) -> None:
        answer = send(doctor, "new_laboratory", place, collected_on=today.isoformat(), laboratory="A")
        assert b"Enter at least one result" in answer.content

    def test_an_unusual_value_is_asked_about(self, doctor: Client, place: Place, today: date) -> None:
        form = {"collected_on": today.isoformat(), "laboratory": "A", "potassium_value": "6.2"}
        asked = send(doctor, "new_laboratory", place, **form)
        assert b"Unusual value" in asked.content and b"potassium_confirm" in asked.content
        assert send(doctor, "new_laboratory", place, **form, potassium_confirm="on").status_code == 302

    def test_anti_dsdna_needs_its_method_and_limit(self, doctor: Client, place: Place, today: date) -> None:
        form = {"collected_on": today.isoformat(), "laboratory": "A", "dsdna_value": "40"}
        errors = send(doctor, "new_laboratory", place, **form).context["form"].errors
        assert {"dsdna_method", "dsdna_high"} <= set(errors)

    def test_the_same_collection_again_is_said_beside_the_analyte(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        form = {"collected_on": today.isoformat(), "laboratory": "A", "c3_value": "85"}
        assert send(doctor, "new_laboratory", place, **form).status_code == 302
        again = send(doctor, "new_laboratory", place, **{**form, "c3_value": "84"})
        assert "recorded already" in str(again.context["form"].errors["c3_value"])

    def test_limits_are_in_the_typed_unit(self, doctor: Client, place: Place, today: date) -> None:
        form = {"c3_value": "0.80", "c3_unit": "g/L", "c3_low": "0.73"}
        send(doctor, "new_laboratory", place, collected_on=today.isoformat(), laboratory="A", **form)
        saved = LaboratoryResult.objects.filter(analyte="c3").latest("pk")
        assert (saved.value, saved.lower_limit, saved.entered) == (80, 73, "0.80 g/L")


class TestDrugs:
    def form(self, today: date, **changed: str) -> dict[str, str]:
        values = {
            "drug_name": "losartan", "dose_mg": "25", "schedule": "daily", "route": "oral",
            "purpose": "other", "start": today.isoformat(),
        }  # fmt: skip
        return {**values, **changed}

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"dose_mg": "abc"}, "dose_mg"),
            ({"dose_mg": "-5"}, "dose_mg"),
            ({"start": "2190-01-01"}, "start"),
            ({"last_day": "2001-01-01"}, "last_day"),
            ({"drug_name": "prednisolone", "dose_mg": "5"}, "start"),
            ({"drug_name": "prednisolone", "dose_mg": "600"}, "high_dose_confirmed"),
        ],
    )
    def test_refusals(self, doctor: Client, place: Place, today: date, changed: dict, field: str) -> None:
        before = DoseEpisode.objects.count()
        answer = send(doctor, "new_episode", place, **self.form(today, **changed))
        assert field in answer.context["form"].errors
        assert DoseEpisode.objects.count() == before

    def test_a_synonym_finds_the_catalogue_and_other_text_is_kept(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        send(doctor, "new_episode", place, **self.form(today, drug_name="mzb"))
        send(doctor, "new_episode", place, **self.form(today, drug_name="Grandmother's tea"))
        found = DoseEpisode.objects.filter(patient=place.patient, start=today).order_by("pk")
        assert [(row.drug, row.drug_text) for row in found] == [
            ("mizoribine", "mzb"),
            ("", "Grandmother's tea"),
        ]


class TestRegistration:
    def form(self, place: Place, **changed: str) -> dict[str, str]:
        values = {
            "clinic": str(place.clinic.pk), "number": "2", "family_name": "Test", "given_name": "Person",
            "sex": "F", "birth": "1980",
        }  # fmt: skip
        return {**values, **changed}

    def test_a_possible_duplicate_is_shown_and_must_be_confirmed(self, doctor: Client, place: Place) -> None:
        address = reverse("patients:register")
        asked = doctor.post(address, self.form(place))
        assert [row.patient for row in asked.context["duplicates"]] == [place.patient]
        assert Patient.objects.count() == 1
        assert doctor.post(address, self.form(place, not_a_duplicate="on")).status_code == 302
        assert Patient.objects.count() == 2

    @pytest.mark.parametrize("birth", ["1980-13", "80", "2190", "1980/01/01", "yesterday"])
    def test_a_birth_that_cannot_be(self, doctor: Client, place: Place, birth: str) -> None:
        form = self.form(place, birth=birth, family_name="New")
        answer = doctor.post(reverse("patients:register"), form)
        assert "birth" in answer.context["form"].errors
        assert f'value="{birth}"' in answer.content.decode()

    def test_another_clinic_cannot_be_chosen(self, doctor: Client, place: Place) -> None:
        other = make_place("Other")
        answer = doctor.post(
            reverse("patients:register"), self.form(place, clinic=str(other.clinic.pk), family_name="New")
        )
        assert "clinic" in answer.context["form"].errors

    def test_a_number_in_use(self, doctor: Client, place: Place) -> None:
        form = self.form(place, number="1", family_name="New", not_a_duplicate="on")
        answer = doctor.post(reverse("patients:register"), form)
        assert "number" in answer.context["form"].errors
