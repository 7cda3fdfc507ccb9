"""The frame around every page: dates, the bar, what a role is shown, components, error summary."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from accounts.clock import local_today
from accounts.forms import SignInForm
from accounts.models import Clinic, Role, User
from accounts.templatetags.frame import ago, clinic_date, clinic_time
from tests.factories_accounts import UserFactory
from tests.markup import on_one_line

# Noon of 22 Nov 2026 in Tokyo, where the tests' site is.
NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 11, 22), "22 Nov 2026"),
        (date(2026, 3, 1), "1 Mar 2026"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "23 Nov 2026"),
        (None, ""),
    ],
)
def test_dates_are_written_alike(value: date | None, written: str) -> None:
    assert clinic_date(value) == written


def test_a_moment_has_its_time() -> None:
    assert clinic_time(datetime(2026, 11, 21, 21, 10, tzinfo=UTC)) == "22 Nov 2026, 06:10"
    assert clinic_time(None) == ""


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 21), "1 day ago"),
        (date(2026, 11, 9), "13 days ago"),
        (date(2026, 11, 8), "2 weeks ago"),
        (date(2026, 11, 1), "3 weeks ago"),
        (date(2026, 8, 24), "3 months ago"),
        (date(2025, 11, 22), "1 year ago"),
        (date(2023, 11, 22), "3 years ago"),
        (date(2026, 11, 24), "in 2 days"),
        (date(2027, 1, 3), "in 6 weeks"),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), "today"),
        (None, ""),
    ],
)
def test_how_long_ago(day: date | None, said: str) -> None:
    with time_machine.travel(NOON, tick=False):
        assert ago(day) == said


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Tokyo", date(2026, 11, 23)), ("Europe/London", date(2026, 11, 22))],
)
def test_today_is_the_clinics_own(zone: str, day: date) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 16, 0, tzinfo=UTC), tick=False):
        assert local_today(Clinic(time_zone=zone)) == day


def page_of(client: Client, user: User, path: str = "/") -> str:
    client.force_login(user)
    return on_one_line(client.get(path).content.decode())


def test_a_doctor_sees_worklist_patients_and_search(client: Client, doctor: User) -> None:
    page = page_of(client, doctor)
    assert 'href="/patients/"' in page
    assert 'role="search"' in page
    assert '<li><a href="/" aria-current="page">Worklist</a></li>' in page


def test_an_administrator_sees_no_way_to_a_record(client: Client, administrator: User) -> None:
    page = page_of(client, administrator)
    assert 'href="/patients/"' not in page
    assert 'role="search"' not in page


@pytest.mark.parametrize("role", Role)
def test_every_link_of_the_bar_opens_for_whom_it_is_shown(client: Client, clinic: Clinic, role: Role) -> None:
    """Pages of later work appear in the bar with their address; none may lead to a 403 or 404."""
    page = page_of(client, UserFactory(role=role, clinics=[clinic]))
    bar = page[page.index("<header") : page.index("</header>")]
    links = re.findall(r'href="([^"]+)"', bar)
    assert "/" in links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_the_bar_says_who_where_and_as_what(client: Client, clinic: Clinic) -> None:
    person = UserFactory(first_name="Aya", last_name="Mori", role=Role.NURSE, clinics=[clinic])
    page = page_of(client, person)
    assert "<strong>Aya Mori</strong> · Nurse" in page
    assert "<small>North</small>" in page


def test_without_a_clinic_the_bar_says_what_to_do(client: Client, db: None) -> None:
    page = page_of(client, UserFactory(clinics=[]))
    assert "no clinic: an administrator must give you one" in page
    assert 'href="/patients/"' not in page


def test_a_name_cannot_write_html(client: Client, clinic: Clinic) -> None:
    person = UserFactory(first_name="<script>alert(1)</script>", clinics=[clinic])
    assert "<script>alert(1)" not in page_of(client, person)


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_demonstration_says_so(
    client: Client, doctor: User, settings: Settings, demonstration: bool
) -> None:
    settings.DEMONSTRATION = demonstration
    assert ("all patients are invented" in page_of(client, doctor)) is demonstration


def test_pages_keep_patients_out_of_the_browsers_storage(client: Client, doctor: User) -> None:
    """htmx would keep whole pages for the Back button."""
    page = page_of(client, doctor)
    assert '"historyCacheSize":0' in page
    assert '"allowEval":false' in page
    assert '"includeIndicatorStyles":false' in page


def test_pages_know_when_the_session_ends(client: Client, doctor: User, settings: Settings) -> None:
    settings.IDLE_SESSION_SECONDS = 600
    page = page_of(client, doctor)
    assert 'data-idle-seconds="600"' in page
    assert 'data-keep-alive="/accounts/keep-alive/"' in page
    assert 'data-sign-out="/accounts/logout/"' in page


def test_who_is_not_signed_in_is_not_counted_down(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "data-idle-seconds" not in page
    assert "idle.js" not in page


def test_no_page_of_ours_has_inline_script_or_style(client: Client, doctor: User) -> None:
    client.force_login(doctor)
    for path in ("/", "/patients/", "/patients/new/", "/accounts/password/"):
        page = client.get(path).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert page.count("<script") == page.count("<script src=")
        assert " onclick" not in page


@pytest.mark.parametrize(
    ("answer", "word", "icon"),
    [("met", "met", "fine"), ("not_met", "not met", "cross"), ("cannot_tell", "cannot tell", "cannot-tell")],
)
def test_an_answer_has_icon_and_word(answer: str, word: str, icon: str) -> None:
    html = render_to_string("components/answer.html", {"answer": answer})
    assert f">{word}<" in html
    assert f"icon-{icon}" in html
    assert f"answer-{answer}" in html


@pytest.mark.parametrize(
    ("severity", "word", "icon"),
    [(3, "Act now", "act-now"), (2, "This visit", "this-visit"), (1, "Know", "know")],
)
def test_a_severity_has_icon_and_word(severity: int, word: str, icon: str) -> None:
    html = render_to_string("components/severity.html", {"severity": severity})
    assert word in html
    assert f"icon-{icon}" in html


def test_a_day_says_how_long_ago() -> None:
    with time_machine.travel(NOON, tick=False):
        html = render_to_string("components/day.html", {"day": date(2026, 11, 1)})
    assert "1 Nov 2026 <small>3 weeks ago</small>" in html


def test_a_fragment_loads_itself_and_can_be_tried_again() -> None:
    html = render_to_string(
        "components/fragment.html", {"url": "/patients/7/panels/drugs/", "label": "Drugs"}
    )
    assert 'hx-get="/patients/7/panels/drugs/"' in html
    assert "Loading Drugs …" in html
    assert "Drugs could not be loaded." in html
    assert "data-try-again" in html


def bound(**typed: str) -> SignInForm:
    return SignInForm(None, typed)


def test_errors_are_summed_up_with_links_to_their_fields() -> None:
    html = render_to_string("components/error_summary.html", {"form": bound(username="doctor")})
    assert 'role="alert"' in html
    assert 'href="#id_password"' in html
    assert 'href="#id_username"' not in html


def test_without_errors_there_is_no_summary() -> None:
    assert "alert" not in render_to_string("components/error_summary.html", {"form": SignInForm(None)})


def test_a_fields_error_is_tied_to_it() -> None:
    """What aria-describedby names must be on the page."""
    field = bound(username="doctor")["password"]
    html = Template('{% include "components/field.html" %}').render(Context({"field": field}))
    assert 'aria-describedby="id_password_error"' in html
    assert 'id="id_password_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_shows_the_last_value_beside_it_also_when_it_is_zero() -> None:
    field = SignInForm(None)["username"]
    page = Template('{% include "components/field.html" %}')
    assert "before: 0" in page.render(Context({"field": field, "before": 0}))
    assert "before:" not in page.render(Context({"field": field, "before": ""}))
    assert "before:" not in page.render(Context({"field": field, "before": None}))


def test_after_an_error_the_summary_takes_the_focus_and_not_a_field() -> None:
    assert "autofocus" in str(SignInForm(None)["username"])
    assert "autofocus" not in str(bound(username="doctor")["username"])
