"""The frame in Chromium: the idle end of a session, panels that fail, single-key shortcuts."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from tests.browser.harness import Watch, sign_in
from tests.hazards import make_place

IDLE_SECONDS = 900
LAST_ACTIVITY = "tacsle-last-activity"


@pytest.fixture
def doctors_page(transactional_db: None, settings: Settings, live_site: str, page: Page) -> tuple[Page, str]:
    """A doctor's patient page, and its address."""
    settings.IDLE_SESSION_SECONDS = IDLE_SECONDS
    place = make_place()
    sign_in(page, live_site, place.doctor)
    address = f"{live_site}/patients/{place.patient.pk}/"
    page.goto(address)
    return page, address


def idle_for(page: Page, seconds: int) -> None:
    """As if nothing had happened in any tab for so long; the page looks every second."""
    page.evaluate(f"localStorage.setItem('{LAST_ACTIVITY}', String(Date.now() - {seconds * 1000}))")


def leads_back_to(address: str, place: str) -> bool:
    """Whether this is the page for signing in that leads to the place.

    A panel under way when its page signs out may be the first to lead there, and escapes the place less.
    """
    parts = urlsplit(address)
    return parts.path == "/accounts/login/" and parse_qs(parts.query).get("next") == [place]


def test_two_minutes_before_the_end_it_warns(doctors_page: tuple[Page, str]) -> None:
    page, address = doctors_page
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_hidden()
    idle_for(page, IDLE_SECONDS - 119)
    expect(dialog).to_be_visible()
    with page.expect_response("**/accounts/keep-alive/") as kept:
        page.get_by_role("button", name="Stay signed in").click()
    assert kept.value.status == 204
    expect(dialog).to_be_hidden()
    assert page.url == address


def test_activity_in_another_tab_closes_the_warning(doctors_page: tuple[Page, str]) -> None:
    page, _ = doctors_page
    idle_for(page, IDLE_SECONDS - 60)
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_be_visible()
    idle_for(page, 0)
    expect(dialog).to_be_hidden()


def test_the_end_signs_out_also_while_the_server_would_go_on(
    doctors_page: tuple[Page, str], watch: Watch
) -> None:
    """The server counts from the last request. Without signing out the sign-in page led straight back."""
    page, address = doctors_page
    idle_for(page, IDLE_SECONDS + 1)
    page.wait_for_url(lambda reached: leads_back_to(reached, urlsplit(address).path))
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto(address)
    assert "/accounts/login/" in page.url
    # Chromium reports what Clear-Site-Data wiped, which is what was asked for.
    watch.problems = [problem for problem in watch.problems if "Clear-Site-Data" not in problem]


def test_a_panel_that_fails_says_so_and_can_be_tried_again(
    doctors_page: tuple[Page, str], watch: Watch
) -> None:
    page, address = doctors_page
    watch.expect(500)

    def fail(route: Route) -> None:
        route.fulfill(status=500, headers={"X-Request-Reference": "ABCD1234"}, body="")

    page.route("**/panels/drugs/", fail)
    page.goto(address)
    said = page.get_by_role("alert").filter(has_text="Drugs could not be loaded.")
    expect(said).to_contain_text("ABCD1234")
    page.unroute("**/panels/drugs/")
    said.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Drugs")).to_be_visible()
    expect(said).to_have_count(0)
    watch.problems = [
        problem for problem in watch.problems if "Response Status Error Code 500" not in problem
    ]


def test_shortcuts_never_fire_while_typing_or_with_a_modifier(doctors_page: tuple[Page, str]) -> None:
    page, address = doctors_page
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("n?/")
    expect(search).to_have_value("n?/")
    page.locator("main").focus()
    page.keyboard.press("Alt+n")
    assert page.url == address
    page.keyboard.press("n")
    page.wait_for_url("**/visits/new/")


def test_shortcuts_can_be_switched_off_and_stay_off(doctors_page: tuple[Page, str]) -> None:
    page, address = doctors_page
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts are on").uncheck()
    page.get_by_role("button", name="Close").click()
    page.goto(address)
    for key in ("n", "/", "?"):
        page.keyboard.press(key)
    assert page.url == address
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_choice_shows_that_it_is_one(doctors_page: tuple[Page, str]) -> None:
    """The framework's own arrow is an image that the page may not load: the browser draws it instead."""
    page, address = doctors_page
    page.goto(f"{address}drugs/new/")
    choice = page.get_by_label("Given")
    assert choice.evaluate("element => getComputedStyle(element).appearance") == "auto"
    assert choice.evaluate("element => getComputedStyle(element).backgroundImage") == "none"


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_typed_moves_nothing(doctors_page: tuple[Page, str], width: int) -> None:
    """The draft's line and the gravest alert have their place before they say anything."""
    page, address = doctors_page
    page.set_viewport_size({"width": width, "height": 800})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/panels/worst-alert/", hold)
    page.goto(f"{address}drugs/new/")
    expect(page.locator(".banner .worst")).to_have_class(re.compile("htmx-request"))
    name = page.get_by_label("Drug", exact=False).first
    before = name.bounding_box()
    held[0].continue_()
    expect(page.locator(".banner .worst")).to_contain_text("Criteria for adding tacrolimus are met")
    name.fill("clari")
    expect(page.locator("[data-draft]")).to_contain_text("Draft kept")
    assert name.bounding_box() == before
