"""Signing in, being locked out, staying signed in, signing out."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Clinic, Role, User
from tests.factories_accounts import PASSWORD, UserFactory

MORNING = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
LOCKED = 429
LOGIN = "/accounts/login/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(LOGIN, {"username": username, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_leads_to_the_worklist(client: Client, doctor: User) -> None:
    response = sign_in(client, "doctor")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, doctor: User) -> None:
    asked = client.get("/patients/?q=Sato")
    assert asked.status_code == 302
    assert client.get(asked["Location"]).context["next"] == "/patients/?q=Sato"
    assert sign_in(client, "doctor", next="/patients/?q=Sato")["Location"] == "/patients/?q=Sato"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_off_the_site(client: Client, doctor: User, elsewhere: str) -> None:
    assert sign_in(client, "doctor", next=elsewhere)["Location"] == "/"


@pytest.mark.parametrize(
    ("username", "password"), [("doctor", "wrong"), ("nobody", PASSWORD), ("doctor", PASSWORD.upper())]
)
def test_a_wrong_name_or_password_says_the_same(
    client: Client, doctor: User, username: str, password: str
) -> None:
    response = sign_in(client, username, password)
    assert response.status_code == 200
    assert "Please enter a correct username and password" in response.content.decode()
    assert f'value="{username}"' in response.content.decode()
    assert not is_signed_in(client)


def test_who_left_cannot_sign_in(client: Client, clinic: Clinic) -> None:
    UserFactory(username="gone", clinics=[clinic], is_active=False)
    assert sign_in(client, "gone").status_code == 200
    assert not is_signed_in(client)


def test_the_fifth_wrong_password_locks_the_name_out(client: Client, doctor: User, nurse: User) -> None:
    answers = [sign_in(client, "doctor", "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, LOCKED]
    right = sign_in(client, "doctor")
    assert right.status_code == LOCKED
    assert "Locked for a while" in right.content.decode()
    assert not is_signed_in(client)
    assert sign_in(client, "nurse").status_code == 302


def test_the_lock_is_of_one_address(client: Client, doctor: User) -> None:
    for _ in range(5):
        sign_in(client, "doctor", "wrong")
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert sign_in(elsewhere, "doctor").status_code == 302


def test_the_lock_ends_a_quarter_of_an_hour_after_the_last_try(client: Client, doctor: User) -> None:
    with time_machine.travel(MORNING, tick=False):
        for _ in range(5):
            sign_in(client, "doctor", "wrong")
    with time_machine.travel(MORNING + timedelta(minutes=14), tick=False):
        assert sign_in(client, "doctor").status_code == LOCKED
    with time_machine.travel(MORNING + timedelta(minutes=30), tick=False):
        assert sign_in(client, "doctor").status_code == 302


def test_the_right_password_forgets_the_wrong_ones(client: Client, doctor: User) -> None:
    for _ in range(4):
        sign_in(client, "doctor", "wrong")
    sign_in(client, "doctor")
    client.logout()
    assert [sign_in(client, "doctor", "wrong").status_code for _ in range(4)] == [200] * 4


def test_the_session_number_changes_with_signing_in(client: Client, doctor: User) -> None:
    session = client.session
    session["before"] = "yes"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    sign_in(client, "doctor")
    assert client.session.session_key != before


def test_signing_out_ends_the_session_and_wipes_the_browser(client: Client, doctor: User) -> None:
    client.force_login(doctor)
    response = client.post(reverse("accounts:logout"))
    assert (response.status_code, response["Location"]) == (302, LOGIN)
    assert '"storage"' in response["Clear-Site-Data"]
    assert '"cache"' in response["Clear-Site-Data"]
    assert not is_signed_in(client)


def test_a_link_cannot_sign_anybody_out(client: Client, doctor: User) -> None:
    client.force_login(doctor)
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert is_signed_in(client)


def test_signing_out_twice_asks_nothing(client: Client, doctor: User) -> None:
    client.force_login(doctor)
    client.post(reverse("accounts:logout"))
    again = client.post(reverse("accounts:logout"))
    assert (again.status_code, again["Location"]) == (302, LOGIN)


def test_keep_alive_moves_the_end_of_the_session(client: Client, doctor: User) -> None:
    url = reverse("accounts:keep_alive")
    with time_machine.travel(MORNING, tick=False) as clock:
        client.force_login(doctor)
        for _ in range(3):
            clock.shift(timedelta(minutes=14))
            assert client.post(url).status_code == 204
        clock.shift(timedelta(minutes=16))
        assert client.post(url).status_code == 401


def test_keep_alive_is_for_posts_of_who_is_signed_in(client: Client, doctor: User) -> None:
    url = reverse("accounts:keep_alive")
    assert client.post(url).status_code == 401
    client.force_login(doctor)
    assert client.get(url).status_code == 405


def test_changing_the_password(client: Client, doctor: User) -> None:
    client.force_login(doctor)
    new = "another long password"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    page = client.post(reverse("accounts:password"), form, follow=True)
    assert "Your password is changed" in page.content.decode()
    assert sign_in(Client(), "doctor").status_code == 200
    assert sign_in(Client(), "doctor", new).status_code == 302


@pytest.mark.parametrize("weak", ["too short", "password1234", "582047193264", "rheumatologist1"])
def test_a_weak_password_is_refused_with_its_reason(client: Client, clinic: Clinic, weak: str) -> None:
    client.force_login(UserFactory(username="rheumatologist", clinics=[clinic]))
    form = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    response = client.post(reverse("accounts:password"), form)
    assert response.status_code == 200
    assert response.context["form"].errors["new_password2"]
    assert sign_in(Client(), "rheumatologist", weak).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_first_page(client: Client, clinic: Clinic, role: Role) -> None:
    UserFactory(username="somebody", role=role, clinics=[clinic])
    sign_in(client, "somebody")
    page = client.get("/").content.decode()
    assert "somebody" in page
    assert str(role.label) in page
    assert "North" in page
