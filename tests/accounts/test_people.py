"""People and clinics: making them, their history, the commands that make them."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from accounts.models import Clinic, Role, User
from accounts.services import create_user
from tests.factories_accounts import PASSWORD, ClinicFactory, UserFactory


def test_a_user_belongs_to_a_clinic(db: None) -> None:
    with pytest.raises(ValidationError, match="at least one clinic"):
        create_user(username="new", password=PASSWORD, role=Role.NURSE, clinics=[])
    assert not User.objects.exists()


def test_a_weak_password_makes_no_user(clinic: Clinic) -> None:
    with pytest.raises(ValidationError, match="too short"):
        create_user(username="new", password="short", role=Role.NURSE, clinics=[clinic])
    assert not User.objects.exists()


def test_a_name_is_taken_once(clinic: Clinic, nurse: User) -> None:
    with pytest.raises(ValidationError) as refused:
        create_user(username="nurse", password=PASSWORD, role=Role.NURSE, clinics=[clinic])
    assert "username" in refused.value.message_dict


def test_the_database_knows_three_roles(doctor: User) -> None:
    doctor.role = "owner"
    with pytest.raises(IntegrityError), transaction.atomic():
        doctor.save()


def test_history_of_a_person_keeps_roles_and_clinics(clinic: Clinic) -> None:
    person = create_user(username="new", password=PASSWORD, role=Role.NURSE, clinics=[clinic])
    person.role = Role.RHEUMATOLOGIST
    person.save()
    person.clinics.set([ClinicFactory(name="South")])
    entries = list(person.history.order_by("history_id"))
    assert entries[0].role == "nurse"
    assert entries[-1].role == "rheumatologist"
    names = [sorted(row.clinic.name for row in entry.clinics.all()) for entry in entries]
    assert ["North"] in names
    assert names[-1] == ["South"]


def test_history_of_a_person_keeps_no_password(doctor: User) -> None:
    columns = {field.name for field in User.history.model._meta.get_fields()}
    assert {"role", "is_active"} <= columns
    assert not columns & {"password", "last_login"}


def test_history_of_a_clinic(clinic: Clinic) -> None:
    clinic.time_zone = "Europe/London"
    clinic.save()
    kept = clinic.history.order_by("history_id").values_list("time_zone", flat=True)
    assert list(kept) == ["Asia/Tokyo", "Europe/London"]


def run(name: str, *arguments: str) -> str:
    said = io.StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


NEW = ("--username=mori", "--role=rheumatologist", "--clinic=West")


def test_create_user_reads_the_password_from_a_pipe(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, f"{PASSWORD}\n")
    assert "mori may sign in" in run("create_user", *NEW)
    person = User.objects.get(username="mori")
    assert person.check_password(PASSWORD)
    assert (person.role, [str(clinic) for clinic in person.clinics.all()]) == ("rheumatologist", ["West"])


def test_create_user_refuses_a_weak_password_and_makes_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "short\n")
    with pytest.raises(CommandError, match="too short"):
        run("create_user", *NEW)
    assert not User.objects.exists()
    assert not Clinic.objects.exists()


def test_create_user_refuses_a_role_that_does_not_exist(db: None) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        run("create_user", "--username=mori", "--role=owner", "--clinic=West")


def test_demonstration_users_exist_only_in_a_demonstration(db: None, settings: Settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="only in a demonstration"):
        run("create_demo_users")
    assert not User.objects.exists()


def test_demonstration_users_one_per_role_and_a_stranger(db: None, settings: Settings) -> None:
    settings.DEMONSTRATION = True
    said = run("create_demo_users")
    roles: dict[str, Any] = dict(User.objects.values_list("username", "role"))
    assert roles == {
        "doctor": "rheumatologist",
        "nurse": "nurse",
        "admin": "administrator",
        "doctor2": "rheumatologist",
    }
    assert all(f"  {name}" in said for name in roles)
    shared = set(User.objects.get(username="doctor").clinics.all())
    assert not shared & set(User.objects.get(username="doctor2").clinics.all())


def test_demonstration_users_are_made_once(db: None, settings: Settings) -> None:
    settings.DEMONSTRATION = True
    first = run("create_demo_users")
    doctor = User.objects.get(username="doctor")
    doctor.set_password("changed by the owner")
    doctor.save()
    assert run("create_demo_users") == first
    assert User.objects.count() == 4
    assert User.objects.get(username="doctor").check_password("changed by the owner")


def test_the_printed_password_signs_in(db: None, client: Client, settings: Settings) -> None:
    settings.DEMONSTRATION = True
    line = next(line for line in run("create_demo_users").splitlines() if line.split()[0] == "nurse")
    form = {"username": "nurse", "password": line.split()[1]}
    assert client.post("/accounts/login/", form).status_code == 302


def test_own_clinics_are_in_order_of_name(db: None) -> None:
    person = UserFactory(clinics=[ClinicFactory(name="South"), ClinicFactory(name="East")])
    assert [str(clinic) for clinic in person.own_clinics] == ["East", "South"]
