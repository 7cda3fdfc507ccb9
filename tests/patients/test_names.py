"""People are found, and asked about, however their names and numbers are written."""

import pytest
from django.test import Client
from django.urls import reverse

from dosing.levels.forms import patient_named
from patients.models import Patient
from patients.rules.dates import PartialDate
from patients.services.registration import register_patient
from tests.hazards import Place, make_place
from tests.sharing import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LIST, REGISTER = reverse("patients:list"), reverse("patients:register")
PEOPLE = {
    "T1038": {"family_name": "佐藤", "given_name": "花子", "family_name_reading": "サトウ",
              "given_name_reading": "ハナコ", "former_names": "鈴木"},
    "2": {"family_name": "髙橋", "given_name": "一"},
    "3": {"family_name": "García López", "given_name": "Ana"},
    "4": {"family_name": "Smith-Jones", "given_name": "Amy"},
    "5": {"family_name": "van der Berg", "given_name": "Kees"},
    "6": {"family_name": "O'Hara", "given_name": "Müge"},
    "00977": {"family_name": "Sukarno"},
}  # fmt: skip


@made_once
def place() -> Place:
    place = make_place()
    for number, names in PEOPLE.items():
        register_patient(
            clinic=place.clinic, by=place.nurse, number=number, sex="F",
            birth=PartialDate.parse("1980-05-05"), **names,
        )  # fmt: skip
    return place


@pytest.fixture
def nurse(place: Place) -> Client:
    return place.client(place.nurse)


def found(client: Client, text: str) -> list[str]:
    return [row.number for row in client.get(LIST, {"q": text}).context["rows"]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("佐藤", "T1038"), ("佐藤花子", "T1038"), ("佐藤　花子", "T1038"), ("花子 佐藤", "T1038"),
        ("さとう", "T1038"), ("ｻﾄｳ", "T1038"), ("サトウハナ", "T1038"), ("鈴木", "T1038"), ("藤花", "T1038"),
        ("Ｔ１０３８", "T1038"), ("t10", "T1038"), ("#T1038", "T1038"),
        ("高橋", "2"), ("髙橋一", "2"), ("一", "2"),
        ("Lopez", "3"), ("garcía", "3"), ("ana garcia", "3"), ("lop", "3"), ("op", "3"),
        ("Jones", "4"), ("smith jones", "4"), ("smith‐jones", "4"), ("Ｓｍｉｔｈ", "4"),
        ("Berg", "5"), ("van der Berg", "5"), ("vanderberg", "5"),
        ("O’Hara", "6"), ("o hara", "6"), ("OHARA", "6"), ("muge", "6"),
        ("Sukarno", "00977"), ("００９７７", "00977"), ("009", "00977"),
    ],
)  # fmt: skip
def test_found(nurse: Client, text: str, number: str) -> None:
    assert number in found(nurse, text)


@pytest.mark.parametrize("text", ["サドウ", "1038", "Nobody", "佐藤 一", "%", "_", "'", "\\", "😀"])
def test_not_found(nurse: Client, text: str) -> None:
    assert found(nurse, text) == []


def test_one_letter_is_the_beginning_of_a_name(nurse: Client) -> None:
    assert set(found(nurse, "a")) == {"3", "4"}


def test_whose_name_begins_so_comes_first(place: Place, nurse: Client) -> None:
    register_patient(
        clinic=place.clinic, by=place.nurse, number="9", sex="F", family_name="Harada", given_name="B",
        birth=PartialDate.parse("1990"),
    )  # fmt: skip
    assert found(nurse, "hara") == ["9", "6"]


def form(place: Place, **changed: str) -> dict[str, str]:
    return {
        "clinic": str(place.clinic.pk), "number": "90", "sex": "F", "birth": "1980-05-05", **changed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("family_name", "given_name", "number"),
    [
        ("花子", "佐藤", "T1038"),
        ("さとう", "はなこ", "T1038"),
        ("佐藤花子", "", "T1038"),
        ("鈴木", "花子", "T1038"),
        ("高橋", "一", "2"),
        ("Garcia Lopez", "Ana", "3"),
        ("Smith–Jones", "Amy", "4"),
        ("Kuiper", "Kees", "5"),
        ("O’Hara", "Muge", "6"),
        ("SUKARNO", "", "00977"),
    ],
)
def test_a_second_registration_is_asked_about(
    place: Place, nurse: Client, family_name: str, given_name: str, number: str
) -> None:
    typed = form(place, family_name=family_name, given_name=given_name)
    asked = nurse.post(REGISTER, typed)
    assert number in [row.patient.number for row in asked.context["duplicates"]]
    assert "Nothing was saved yet" in asked.content.decode()
    assert nurse.post(REGISTER, {**typed, "not_a_duplicate": "on"}).status_code == 302


def test_a_change_of_name_is_asked_about_too(place: Place, nurse: Client) -> None:
    kees = Patient.objects.get(number="5")
    address = reverse("patients:change", args=[kees.pk])
    typed = form(
        place, number="5", family_name="OHara", given_name="Muge", version="1", reason="typing error"
    )
    assert [row.patient.number for row in nurse.post(address, typed).context["duplicates"]] == ["6"]
    kees.refresh_from_db()
    assert kees.family_name == "van der Berg"
    assert nurse.post(address, {**typed, "not_a_duplicate": "on"}).status_code == 302
    assert "5" in found(nurse, "o hara")


def test_a_change_of_something_else_asks_nobody(place: Place, nurse: Client) -> None:
    ana = Patient.objects.get(number="3")
    typed = form(
        place, number="3", family_name="García López", given_name="Ana", version="1", reason="biopsy report",
        biopsy_class="IV", biopsy="2020",
    )  # fmt: skip
    assert nurse.post(reverse("patients:change", args=[ana.pk]), typed).status_code == 302


def test_a_number_of_two_clinics_is_chosen_by_name(place: Place) -> None:
    elsewhere = make_place("Elsewhere")
    other = register_patient(
        clinic=elsewhere.clinic, by=elsewhere.nurse, number="T1038", sex="F", family_name="Brown",
        given_name="Ann", birth=PartialDate.parse("1970"),
    )  # fmt: skip
    place.nurse.clinics.add(elsewhere.clinic)
    nurse = place.client(place.nurse)
    choices = nurse.get(reverse("dosing:level_choices"), {"q": "t1038"}).context["choices"]
    assert {choice.text for choice in choices} == {
        "T1038 · 佐藤 花子 · Hazard clinic",
        "T1038 · Brown Ann · Elsewhere",
    }

    def saved_for(text: str, hour: str = "08") -> object:
        answer = nurse.post(
            reverse("dosing:level_row"),
            {
                "laboratory": "A", "row-0-patient": text, "row-0-value": "6.1",
                "row-0-drawn_at": f"2026-11-01T{hour}:00", "row-0-confirmed": "on",
            },
        )  # fmt: skip
        return answer.context["found"].row.patient if answer.status_code == 200 else None

    assert saved_for("T1038 · Brown Ann · Elsewhere") == other
    assert saved_for("t1038 · brown ann", "09") == other
    assert saved_for("T1038") is None  # two people
    assert saved_for("T1038 · Somebody Else") is None


def test_of_too_many_none_is_shown_as_if_it_were_all(
    place: Place, nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patients.finding.MOST", 1)
    answer = nurse.get(LIST, {"q": "a"})
    assert list(answer.context["rows"]) == []
    assert "type more letters" in answer.content.decode()
    assert found(nurse, "佐藤") == ["T1038"]


def test_a_name_with_a_middle_dot_is_one_name(place: Place) -> None:
    person = register_patient(
        clinic=place.clinic, by=place.nurse, number="G1", sex="F", family_name="Gal·la", given_name="Pla",
        birth=PartialDate.parse("1990"),
    )  # fmt: skip
    assert patient_named("G1 · Gal·la Pla", place.nurse) == person
    assert patient_named("g1·gal·la pla", place.nurse) == person
