"""A drug as a clinic writes it, through form, service, rules and page."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.clock import local_today
from dosing.assessment.assess import assess_patient
from dosing.rules.safety import Gate
from patients.models import Administration, DoseEpisode
from patients.rules.answers import Answer
from patients.rules.drugs import DRUGS, OUTSIDE_CLASSES
from tests.hazards import Place, make_place
from tests.markup import on_one_line
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ABOUT_DRUGS = ("C2", "C3", "C4a", "C4b", "C4c", "C5")
UNKNOWN = "XYZ-12 tablets"


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def doctor(place: Place) -> Client:
    return place.client(place.doctor)


def enter(client: Client, place: Place, name: str, today: date, **form: str):
    """The form of a drug, taken since 300 days."""
    values = {
        "drug_name": name, "dose_mg": "2", "schedule": "daily", "route": "oral", "purpose": "sle",
        "start": (today - timedelta(days=300)).isoformat(), **form,
    }  # fmt: skip
    return client.post(reverse("patients:new_episode", args=[place.patient.pk]), values)


def answers(place: Place) -> dict[str, Answer]:
    criteria = assess_patient(place.patient).assessment.criteria
    return {name: criteria[name].answer for name in ABOUT_DRUGS}


def identify(client: Client, place: Place, row: DoseEpisode, **form: str):
    address = reverse("patients:identify_drug", args=[place.patient.pk, "episode", row.pk])
    return client.post(address, {"version": row.version, "known_from": "asked the pharmacy", **form})


@pytest.fixture
def unknown(doctor: Client, place: Place, today: date) -> DoseEpisode:
    assert enter(doctor, place, UNKNOWN, today).status_code == 302
    return DoseEpisode.objects.get(drug_text=UNKNOWN)


def test_cellcept_is_mycophenolate_in_every_answer(doctor: Client, place: Place, today: date) -> None:
    assert enter(doctor, place, "Cellcept 1000 mg", today, dose_mg="1000").status_code == 302
    row = DoseEpisode.objects.get(drug="mycophenolate_mofetil")
    assert row.drug_text == "Cellcept 1000 mg"
    verdict = assess_patient(place.patient).assessment.criteria["C4c"]
    assert verdict.answer is Answer.NOT_MET
    assert verdict.sentence.values["drug"] == "mycophenolate mofetil"
    panel = doctor.get(reverse("patients:drugs", args=[place.patient.pk])).content.decode()
    assert "Mycophenolate mofetil" in panel
    assert "Cellcept 1000 mg" in panel


@pytest.mark.parametrize("name", ["プログラフ", "ﾌﾟﾛｸﾞﾗﾌ", "Prograf 3 mg", "タクロリムス錠1mg「サワイ」"])
def test_tacrolimus_under_another_name_is_tacrolimus(
    doctor: Client, place: Place, today: date, name: str
) -> None:
    enter(doctor, place, name, today, dose_mg="3")
    assert DoseEpisode.objects.filter(drug="tacrolimus").count() == 1
    found = assess_patient(place.patient)
    assert not found.assessment.applicable
    assert found.safety.state is Gate.CONTRAINDICATED
    page = doctor.get(reverse("patients:page", args=[place.patient.pk])).content.decode()
    assert "tacrolimus 3" in on_one_line(page)


def test_what_nobody_knows_opens_every_answer_about_drugs(place: Place, unknown: DoseEpisode) -> None:
    assert set(answers(place).values()) == {Answer.CANNOT_TELL}
    assert assess_patient(place.patient).safety.state is Gate.CANNOT_TELL


def test_the_strip_says_that_it_cannot_tell(doctor: Client, place: Place, unknown: DoseEpisode) -> None:
    """Neither "no tacrolimus" nor a total of prednisolone, until somebody says which drug it is."""
    page = on_one_line(doctor.get(reverse("patients:page", args=[place.patient.pk])).content.decode())
    assert "tacrolimus: cannot tell" in page
    assert "no tacrolimus" not in page
    assert "prednisolone at least 10" in page
    assert "1 drug not identified" in page
    identify(doctor, place, unknown, outside_classes="on")
    page = on_one_line(doctor.get(reverse("patients:page", args=[place.patient.pk])).content.decode())
    assert "no tacrolimus" in page
    assert "at least" not in page


def test_a_misspelt_name_is_asked_about_and_may_stay_as_written(
    doctor: Client, place: Place, today: date
) -> None:
    asked = enter(doctor, place, "tacrolimis", today)
    assert "tacrolimus" in str(asked.context["form"].errors["drug_name"])
    assert 'value="tacrolimis"' in asked.content.decode()
    assert not DoseEpisode.objects.filter(drug_text="tacrolimis").exists()
    assert enter(doctor, place, "tacrolimis", today, as_written="on").status_code == 302
    assert DoseEpisode.objects.get(drug_text="tacrolimis").drug == ""


@pytest.mark.parametrize("name", ["mycophenolate 500 mg", "Prograf ointment"])
def test_two_meanings_are_asked_about(doctor: Client, place: Place, today: date, name: str) -> None:
    asked = enter(doctor, place, name, today)
    assert "This may mean" in str(asked.context["form"].errors["drug_name"])


class TestWhichDrugIsIt:
    def test_the_list_leads_to_the_question_and_the_answer_to_every_verdict(
        self, doctor: Client, place: Place, unknown: DoseEpisode
    ) -> None:
        listed = doctor.get(reverse("patients:open_drugs", args=[place.patient.pk])).content.decode()
        address = reverse("patients:identify_drug", args=[place.patient.pk, "episode", unknown.pk])
        assert UNKNOWN in listed and address in listed
        assert UNKNOWN in doctor.get(address).content.decode()
        assert identify(doctor, place, unknown, drug_name="CellCept").status_code == 302
        unknown.refresh_from_db()
        assert (unknown.drug, unknown.drug_text) == ("mycophenolate_mofetil", UNKNOWN)
        assert answers(place)["C4c"] is Answer.NOT_MET
        assert Answer.CANNOT_TELL not in answers(place).values()

    def test_none_of_the_classes(self, doctor: Client, place: Place, unknown: DoseEpisode) -> None:
        before = dict.fromkeys(ABOUT_DRUGS, Answer.MET)
        identify(doctor, place, unknown, outside_classes="on")
        unknown.refresh_from_db()
        assert unknown.drug == OUTSIDE_CLASSES
        assert answers(place) == before
        panel = doctor.get(reverse("patients:drugs", args=[place.patient.pk])).content.decode()
        assert UNKNOWN in panel

    def test_it_lapses_with_another_dose(
        self, doctor: Client, place: Place, unknown: DoseEpisode, today: date
    ) -> None:
        identify(doctor, place, unknown, outside_classes="on")
        unknown.refresh_from_db()
        address = reverse("patients:change_episode", args=[place.patient.pk, unknown.pk])
        form = {"action": "change", "dose_mg": "4", "start": today.isoformat(), "reason": "more"}
        doctor.post(address, {**form, "version": unknown.version})
        assert DoseEpisode.objects.get(drug_text=UNKNOWN, last_day=None).drug == ""
        assert set(answers(place).values()) == {Answer.CANNOT_TELL}

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({}, "drug_name"),
            ({"drug_name": "Cellcept", "outside_classes": "on"}, "drug_name"),
            ({"drug_name": "Celcept"}, "drug_name"),
            ({"drug_name": "Cellcept", "known_from": ""}, "known_from"),
        ],
    )
    def test_what_is_refused(
        self, doctor: Client, place: Place, unknown: DoseEpisode, form: dict[str, str], field: str
    ) -> None:
        answer = identify(doctor, place, unknown, **form)
        assert field in answer.context["form"].errors
        unknown.refresh_from_db()
        assert unknown.drug == ""

    def test_a_second_dose_of_the_same_drug_on_one_day_is_refused(
        self, doctor: Client, place: Place, unknown: DoseEpisode, today: date
    ) -> None:
        enter(doctor, place, "Cellcept", today, dose_mg="500")
        answer = identify(doctor, place, unknown, drug_name="mycophenolate mofetil")
        assert "already being taken" in str(answer.context["form"].errors["drug_name"])
        unknown.refresh_from_db()
        assert unknown.drug == ""

    def test_two_unknown_drugs_may_both_be_outside(
        self, doctor: Client, place: Place, unknown: DoseEpisode, today: date
    ) -> None:
        enter(doctor, place, "ABC-7 drops", today)
        for row in DoseEpisode.objects.filter(drug=""):
            assert identify(doctor, place, row, outside_classes="on").status_code == 302

    def test_a_nurse_sees_the_question_and_does_not_answer_it(
        self, place: Place, unknown: DoseEpisode
    ) -> None:
        nurse = place.client(place.nurse)
        assert UNKNOWN in nurse.get(reverse("patients:open_drugs", args=[place.patient.pk])).content.decode()
        assert identify(nurse, place, unknown, drug_name="CellCept").status_code == 403

    def test_an_infusion_and_an_earlier_use_are_asked_about_too(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        given = {
            "drug_name": "trial infusion",
            "on": today.isoformat(),
            "route": "intravenous",
            "purpose": "sle",
        }
        doctor.post(reverse("patients:new_administration", args=[place.patient.pk]), given)
        doctor.post(reverse("patients:new_prior_use", args=[place.patient.pk]), {"drug_name": "trial drug"})
        listed = doctor.get(reverse("patients:open_drugs", args=[place.patient.pk])).content.decode()
        assert "trial infusion" in listed and "trial drug" in listed
        row = Administration.objects.get()
        address = reverse("patients:identify_drug", args=[place.patient.pk, "administration", row.pk])
        doctor.post(address, {"version": row.version, "known_from": "letter", "drug_name": "リツキサン"})
        assert Administration.objects.get().drug == "rituximab"

    def test_another_kind_of_row_is_not_found(self, doctor: Client, place: Place) -> None:
        address = reverse("patients:identify_drug", args=[place.patient.pk, "visit", 1])
        assert doctor.get(address).status_code == 404


class TestPlausible:
    def test_a_weekly_drug_entered_as_daily_is_asked_about(
        self, doctor: Client, place: Place, today: date
    ) -> None:
        asked = enter(doctor, place, "methotrexate", today, dose_mg="8")
        assert "rarely taken every day" in str(asked.context["form"].errors["high_dose_confirmed"])
        assert enter(doctor, place, "methotrexate", today, dose_mg="8", schedule="weekly").status_code == 302

    def test_above_its_own_usual_dose(self, doctor: Client, place: Place, today: date) -> None:
        asked = enter(doctor, place, "ネオーラル", today, dose_mg="2000")
        assert "unusually high" in str(asked.context["form"].errors["high_dose_confirmed"])
        # Usual as a pulse, and above the usual daily dose.
        asked = enter(doctor, place, "エンドキサン", today, dose_mg="300")
        assert "unusually high" in str(asked.context["form"].errors["high_dose_confirmed"])
        confirmed = enter(doctor, place, "ネオーラル", today, dose_mg="2000", high_dose_confirmed="on")
        assert confirmed.status_code == 302


def test_every_drug_of_the_catalogue_fits_its_column() -> None:
    """PostgreSQL refuses what is longer, SQLite keeps it."""
    assert max(map(len, DRUGS)) <= DoseEpisode._meta.get_field("drug").max_length


def test_names_are_offered_while_somebody_types(doctor: Client) -> None:
    options = doctor.get(reverse("patients:drug_names"), {"drug_name": "cellc"}).content.decode()
    assert '<option value="CellCept">mycophenolate mofetil</option>' in on_one_line(options)
    assert "<option" not in doctor.get(reverse("patients:drug_names"), {"drug_name": ""}).content.decode()
