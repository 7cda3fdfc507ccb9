"""A session that ended on the way: nothing typed is lost, nothing is sent under another's name."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse

from accounts import expired
from accounts.models import User
from tests.factories_accounts import PASSWORD

TYPED = {"family_name": "Sato <b>", "note": 'two\nlines "quoted"', "kind": ["a", "b"], "empty": ""}
LATE_AT = "/patients/new/?from=list"
MORNING = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
NOT_SENT = "Somebody else typed this"


@pytest.fixture
def resume_url() -> str:
    return reverse("accounts:resume")


def carried_by(page: HttpResponse) -> str:
    found = re.search(r'name="carried" value="([^"]+)"', page.content.decode())
    assert found
    return unescape(found[1])


def hidden_fields(page: HttpResponse) -> list[tuple[str, str]]:
    """The hidden fields of the form that sends everything again."""
    form = re.search(
        r'<form method="post" action="/patients/new/.*?</form>', page.content.decode(), re.DOTALL
    )
    assert form
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[0])
    return [(unescape(name), unescape(value)) for name, value in pairs if name != "csrfmiddlewaretoken"]


def come_back(
    client: Client, url: str, carried: str, username: str, password: str = PASSWORD
) -> HttpResponse:
    return client.post(url, {"carried": carried, "username": username, "password": password})


def test_a_late_form_is_kept_through_signing_in(client: Client, doctor: User, resume_url: str) -> None:
    late = client.post(LATE_AT, TYPED)
    assert late.status_code == 401
    assert "Your session ended before this was saved" in late.content.decode()
    page = come_back(client, resume_url, carried_by(late), "doctor")
    assert page.status_code == 200
    assert 'action="/patients/new/?from=list"' in page.content.decode()
    assert hidden_fields(page) == [
        ("family_name", "Sato <b>"),
        ("note", 'two\nlines "quoted"'),
        ("kind", "a"),
        ("kind", "b"),
        ("empty", ""),
    ]
    assert int(client.session["_auth_user_id"]) == doctor.pk


def test_the_fields_go_on_with_a_fresh_token(doctor: User, resume_url: str) -> None:
    client = Client(enforce_csrf_checks=True)
    token = client.get("/accounts/login/").cookies["csrftoken"].value
    late = client.post(LATE_AT, {**TYPED, "csrfmiddlewaretoken": token})
    form = {"carried": carried_by(late), "username": "doctor", "password": PASSWORD}
    page = client.post(resume_url, {**form, "csrfmiddlewaretoken": token})
    assert "csrfmiddlewaretoken" in page.content.decode()
    assert token not in page.content.decode()
    fresh = client.cookies["csrftoken"].value
    sent = client.post(LATE_AT, {**dict(hidden_fields(page)), "csrfmiddlewaretoken": fresh})
    assert sent.status_code == 200, "the form itself answers: some needed fields are missing"


def test_passwords_never_travel(client: Client, doctor: User) -> None:
    secrets = {
        "old_password": "first-secret",
        "new_password1": "second-secret",
        "new_password2": "second-secret",
    }
    late = client.post(reverse("accounts:password"), {**secrets, "password": "third-secret", "kept": "yes"})
    content = expired.unpack(carried_by(late))
    assert content is not None
    assert content["fields"] == {"kept": ["yes"]}


def test_a_wrong_password_keeps_what_was_typed(client: Client, doctor: User, resume_url: str) -> None:
    carried = carried_by(client.post(LATE_AT, TYPED))
    refused = come_back(client, resume_url, carried, "doctor", "wrong")
    assert refused.status_code == 401
    assert carried_by(refused) == carried
    assert hidden_fields(come_back(client, resume_url, carried, "doctor"))


def test_wrong_passwords_there_lock_out_as_well(client: Client, doctor: User, resume_url: str) -> None:
    carried = carried_by(client.post(LATE_AT, TYPED))
    answers = [come_back(client, resume_url, carried, "doctor", "wrong").status_code for _ in range(5)]
    assert answers == [401, 401, 401, 401, 429]
    assert come_back(client, resume_url, carried, "doctor").status_code == 429
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "nonsense",
        signing.dumps({"path": "/patients/new/", "fields": {}, "author": None}, salt="another"),
    ],
)
def test_forged_content_is_refused(client: Client, doctor: User, resume_url: str, forged: str) -> None:
    assert come_back(client, resume_url, forged, "doctor").status_code == 400
    assert "_auth_user_id" not in client.session


def test_altered_content_is_refused(client: Client, doctor: User, resume_url: str) -> None:
    carried = carried_by(client.post(LATE_AT, TYPED))
    altered = ("A" if carried[0] != "A" else "B") + carried[1:]
    assert come_back(client, resume_url, altered, "doctor").status_code == 400


def test_content_is_too_old_after_an_hour(client: Client, doctor: User, resume_url: str) -> None:
    with time_machine.travel(MORNING, tick=False):
        carried = carried_by(client.post(LATE_AT, TYPED))
    with time_machine.travel(MORNING + timedelta(minutes=59), tick=False):
        assert come_back(Client(), resume_url, carried, "doctor").status_code == 200
    with time_machine.travel(MORNING + timedelta(minutes=61), tick=False):
        assert come_back(Client(), resume_url, carried, "doctor").status_code == 400


def end_session(client: Client) -> None:
    """As the browser does: it drops the session's cookie and keeps the others."""
    client.session.flush()
    del client.cookies["sessionid"]


def test_nobody_else_sends_it_under_her_name(
    client: Client, doctor: User, colleague: User, resume_url: str
) -> None:
    client.post("/accounts/login/", {"username": "doctor", "password": PASSWORD})
    end_session(client)
    carried = carried_by(client.post(LATE_AT, TYPED))
    refused = come_back(client, resume_url, carried, "colleague")
    assert refused.status_code == 401
    assert NOT_SENT in refused.content.decode()
    assert "_auth_user_id" not in client.session
    sent = come_back(client, resume_url, carried_by(refused), "doctor")
    assert dict(hidden_fields(sent))["family_name"] == "Sato <b>"


def test_who_resumed_is_the_author_from_then_on(
    client: Client, doctor: User, colleague: User, resume_url: str
) -> None:
    come_back(client, resume_url, carried_by(client.post(LATE_AT, TYPED)), "doctor")
    end_session(client)
    carried = carried_by(client.post(LATE_AT, TYPED))
    assert NOT_SENT in come_back(client, resume_url, carried, "colleague").content.decode()


def test_an_altered_author_cookie_names_nobody(client: Client, doctor: User) -> None:
    client.cookies[expired.AUTHOR_COOKIE] = "1:forged:signature"
    content = expired.unpack(carried_by(client.post(LATE_AT, TYPED)))
    assert content is not None
    assert content["author"] is None


def test_the_author_cookie_is_kept_from_scripts(client: Client, doctor: User) -> None:
    client.post("/accounts/login/", {"username": "doctor", "password": PASSWORD})
    cookie = client.cookies[expired.AUTHOR_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_resuming_needs_a_post(client: Client, db: None, resume_url: str) -> None:
    assert client.get(resume_url).status_code == 405


def test_a_page_asked_for_too_late_comes_after_signing_in(client: Client, db: None) -> None:
    response = client.get("/patients/7/?tab=drugs")
    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query) == {"next": ["/patients/7/?tab=drugs"]}


def next_of(client: Client, current_url: str | None, method: str = "get") -> str:
    headers = {"HX-Request": "true"} | ({"HX-Current-URL": current_url} if current_url else {})
    response = getattr(client, method)("/patients/7/panels/drugs/", headers=headers)
    assert response.status_code == 204
    sign_in = urlsplit(response["HX-Redirect"])
    assert sign_in.path == "/accounts/login/"
    return parse_qs(sign_in.query)["next"][0]


def test_a_fragment_leads_to_signing_in_and_back_to_its_page(client: Client, db: None) -> None:
    assert next_of(client, "http://testserver/patients/7/?tab=drugs") == "/patients/7/?tab=drugs"
    assert next_of(client, "http://testserver/patients/7/", method="post") == "/patients/7/"


@pytest.mark.parametrize(
    "shown", [None, "https://evil.example/patients/7/", "javascript:alert(1)", "http://["]
)
def test_a_fragment_never_leads_elsewhere(client: Client, db: None, shown: str | None) -> None:
    assert next_of(client, shown) == "/"


@pytest.fixture
def signed_out_meanwhile(client: Client, doctor: User) -> Iterator[Client]:
    """Another tab signs out while the server answers: the session is gone when the answer is ready."""

    def end_it(**_kwargs: Any) -> None:
        Session.objects.all().delete()

    client.force_login(doctor, backend="django.contrib.auth.backends.ModelBackend")
    template_rendered.connect(end_it)
    yield client
    template_rendered.disconnect(end_it)


def test_a_page_under_way_while_signing_out_leads_to_signing_in(signed_out_meanwhile: Client) -> None:
    response = signed_out_meanwhile.get("/patients/?q=Sato")
    assert response.status_code == 302
    assert urlsplit(response["Location"]).path == "/accounts/login/"
    assert parse_qs(urlsplit(response["Location"]).query) == {"next": ["/patients/?q=Sato"]}
    assert b"Sato" not in response.content


def test_a_form_refused_while_signing_out_is_not_led_back_to_its_address(
    signed_out_meanwhile: Client,
) -> None:
    response = signed_out_meanwhile.post("/patients/new/", {"family_name": "Sato"})
    assert parse_qs(urlsplit(response["Location"]).query) == {"next": ["/"]}


def test_a_fragment_under_way_while_signing_out_is_no_bad_request(signed_out_meanwhile: Client) -> None:
    shown = "http://testserver/patients/7/?tab=drugs"
    response = signed_out_meanwhile.get("/patients/", headers={"HX-Request": "true", "HX-Current-URL": shown})
    assert (response.status_code, response.content) == (204, b"")
    assert parse_qs(urlsplit(response["HX-Redirect"]).query) == {"next": ["/patients/7/?tab=drugs"]}


def test_signing_in_and_health_are_open_to_everybody(client: Client, db: None) -> None:
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/health/live").status_code == 200
