"""Nothing typed is ever lost: each way in which people lose it, in Chromium, on a real form."""

import time
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import Settings

from accounts.clock import local_today
from patients.models import Draft, Visit
from tests.browser.harness import Watch, sign_in
from tests.browser.keyboard import settle
from tests.hazards import PASSWORD, Place, make_place
from tests.services.demonstration import Demonstration
from tests.sharing import made_once

NOTE = "The rash on both cheeks is back since Sunday."
LAST_ACTIVITY = "tacsle-last-activity"


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


@pytest.fixture
def patient_page(place: Place, live_site: str) -> str:
    return f"{live_site}/patients/{place.patient.pk}/"


@pytest.fixture
def form(place: Place, live_site: str, page: Page, patient_page: str) -> Page:
    """A new visit, opened by the doctor."""
    sign_in(page, live_site, place.doctor)
    page.goto(f"{patient_page}visits/new/")
    settle(page)
    return page


def note_of(page: Page):
    return page.get_by_label("Note", exact=True)


def kept(page: Page) -> None:
    """Wait until the server has what is typed."""
    expect(page.locator("[data-draft]")).to_contain_text("Draft kept")


def waiting(page: Page) -> None:
    expect(page.locator("[data-draft]")).to_contain_text("kept in this browser")


def without_lost_connections(watch: Watch) -> None:
    """The browser reports each request that found no server, which is what these tests are about."""
    watch.problems = [
        problem
        for problem in watch.problems
        if not any(
            words in problem
            for words in ("ERR_INTERNET_DISCONNECTED", "ERR_CONNECTION", "ERR_FAILED", "htmx:")
        )
    ]


def test_a_closed_tab(form: Page, patient_page: str) -> None:
    note_of(form).fill(NOTE)
    form.get_by_label("Weight, kg").press_sequentially("51.")
    kept(form)
    form.close()
    again = form.context.new_page()
    again.goto(patient_page)
    again.get_by_role("link", name="Go on").click()
    expect(note_of(again)).to_have_value(NOTE)
    expect(again.get_by_label("Weight, kg")).to_have_value("51.")


def test_a_tab_closed_at_the_very_last_key(form: Page, patient_page: str, watch: Watch) -> None:
    """Before the server heard of it: the browser's own copy reaches the server from the next page."""
    form.route("**/patients/drafts/*/", lambda route: route.abort())
    note_of(form).fill(NOTE)
    waiting(form)
    context = form.context
    form.close()
    again = context.new_page()
    again.goto(patient_page)
    again.get_by_role("link", name="Go on").click()
    expect(note_of(again)).to_have_value(NOTE)
    without_lost_connections(watch)


def test_a_draft_found_again_is_not_replaced_under_the_pointer(form: Page, patient_page: str) -> None:
    """The panel is asked for once more when a copy reaches the server; the same entries stay."""
    note_of(form).fill(NOTE)
    kept(form)
    form.goto(patient_page)
    go_on = form.get_by_role("link", name="Go on")
    go_on.evaluate("link => { link.dataset.seen = 'before'; }")
    with form.expect_response("**/patients/drafts/?*"):
        form.evaluate("window.htmx.trigger(document.querySelector('[data-drafts-panel]'), 'refresh')")
    form.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert go_on.evaluate("link => link.dataset.seen") == "before"


def test_offline_for_a_minute(form: Page, watch: Watch, place: Place) -> None:
    form.context.set_offline(True)
    note_of(form).fill(NOTE)
    waiting(form)
    form.get_by_role("button", name="Save without signing").click()
    expect(form.locator("[data-draft]")).to_contain_text("No connection: nothing was sent.")
    expect(note_of(form)).to_have_value(NOTE)
    form.context.set_offline(False)
    kept(form)
    form.get_by_role("button", name="Save without signing").click()
    expect(form.locator("#messages")).to_contain_text("The visit is saved")
    assert Visit.objects.filter(note=NOTE).count() == 1
    without_lost_connections(watch)


def test_a_reload_while_the_server_does_not_answer(form: Page, watch: Watch) -> None:
    """A crash of the browser between two keys looks the same: the address and the copy are what is left."""
    form.route("**/patients/drafts/*/", lambda route: route.abort())
    note_of(form).fill(NOTE)
    form.get_by_role("radio", name="yes").first.check()
    waiting(form)
    form.reload()
    expect(note_of(form)).to_have_value(NOTE)
    expect(form.get_by_role("radio", name="yes").first).to_be_checked()
    without_lost_connections(watch)


def test_a_session_that_ended_while_typing(
    form: Page, watch: Watch, place: Place, settings: Settings, live_site: str
) -> None:
    watch.expect(401)
    note_of(form).fill("first")
    kept(form)
    form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    note_of(form).fill(NOTE)
    form.get_by_role("link", name="Sign in and go on").click()
    form.get_by_label("Username").fill(place.doctor.username)
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Sign in").click()
    expect(note_of(form)).to_have_value(NOTE)


def test_the_end_of_an_idle_session(form: Page, watch: Watch, place: Place, settings: Settings) -> None:
    """Signing out wipes the browser's copies: the server has them by then."""
    note_of(form).fill(NOTE)
    kept(form)
    form.evaluate(f"localStorage.setItem('{LAST_ACTIVITY}', String(Date.now() - 3600000))")
    form.wait_for_url("**/accounts/login/?next=*")
    assert (
        form.evaluate("Object.keys(localStorage).filter(name => name.startsWith('tacsle-draft')).length") == 0
    )
    form.get_by_label("Username").fill(place.doctor.username)
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Sign in").click()
    expect(note_of(form)).to_have_value(NOTE)
    watch.problems = [problem for problem in watch.problems if "Clear-Site-Data" not in problem]


def test_a_double_submit(form: Page) -> None:
    note_of(form).fill(NOTE)
    kept(form)
    form.get_by_role("button", name="Save without signing").dblclick()
    expect(form.locator("#messages")).to_contain_text("The visit is saved")
    assert Visit.objects.filter(note=NOTE).count() == 1


def test_the_back_button(form: Page, patient_page: str) -> None:
    """Away and back with the form half filled; then back to a form that was saved."""
    note_of(form).fill(NOTE)
    kept(form)
    form.goto(patient_page)
    form.go_back()
    expect(note_of(form)).to_have_value(NOTE)
    form.get_by_role("button", name="Save without signing").click()
    expect(form.locator("#messages")).to_contain_text("The visit is saved")
    form.go_back()
    form.wait_for_url(patient_page)
    expect(form.locator("#messages")).to_contain_text("saved or discarded already")
    assert Visit.objects.filter(note=NOTE).count() == 1


def test_a_reload_that_was_answered_before_the_last_words_arrived(form: Page) -> None:
    """The server was asked for the page, then took the last words, then answered with those before."""
    note_of(form).fill("The rash is back.")
    kept(form)

    def late(route: Route) -> None:
        answer = route.fetch()
        eventually_kept(NOTE)
        route.fulfill(response=answer)

    note_of(form).fill(NOTE)
    form.route("**/visits/new/?draft=*", late, times=1)
    form.reload()
    expect(note_of(form)).to_have_value(NOTE)


def eventually_kept(text: str) -> None:
    """Wait, outside of any page, until a draft with this note is on the server."""
    deadline = time.monotonic() + 15
    while not any(text in str(draft.fields) for draft in Draft.objects.all()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_tabs(form: Page, patient_page: str, watch: Watch) -> None:
    """Two forms of the same patient, and a tab that was duplicated: three drafts, none over another."""
    note_of(form).fill("first tab")
    kept(form)
    second = form.context.new_page()
    watch.attach(second)
    second.goto(f"{patient_page}visits/new/")
    expect(second.get_by_role("link", name="Go on")).to_be_visible()
    note_of(second).fill("second tab")
    kept(second)
    duplicate = form.context.new_page()
    watch.attach(duplicate)
    duplicate.goto(form.url)
    expect(note_of(duplicate)).to_have_value("first tab")
    note_of(duplicate).fill("duplicate of the first")
    kept(duplicate)
    # "Draft kept" stands there already: wait for the answer to what is typed now.
    with form.expect_response("**/patients/drafts/*/"):
        note_of(form).fill("first tab, longer")
    kept(form)
    for tab in (form, second, duplicate):
        tab.reload()
    expect(note_of(form)).to_have_value("first tab, longer")
    expect(note_of(second)).to_have_value("second tab")
    expect(note_of(duplicate)).to_have_value("duplicate of the first")


def test_a_tab_that_was_open_while_signing_in_again(form: Page, place: Place, live_site: str) -> None:
    """Signing in changes the token; the first tab's form is still taken."""
    # What the verdict would be is asked for a moment after typing: here before the token changes.
    with form.expect_response("**/panels/if-signed/"):
        note_of(form).fill(NOTE)
    kept(form)
    second = form.context.new_page()
    second.goto(f"{live_site}/")
    second.get_by_role("button", name="Sign out").first.click()
    second.get_by_label("Username").fill(place.doctor.username)
    second.get_by_label("Password").fill(PASSWORD)
    second.get_by_role("button", name="Sign in").click()
    second.get_by_role("heading", name="Worklist").wait_for()
    form.get_by_role("button", name="Save without signing").click()
    expect(form.locator("#messages")).to_contain_text("The visit is saved")
    assert Visit.objects.get(note=NOTE).created_by == place.doctor


def test_somebody_else_signs_in_in_another_tab(
    form: Page, place: Place, live_site: str, watch: Watch
) -> None:
    """Neither the draft nor the form goes out in the second person's name."""
    watch.expect(409)
    note_of(form).fill(NOTE)
    kept(form)
    sign_in(form, live_site, place.nurse)
    note_of(form).press("End")
    note_of(form).press_sequentially(" More.")
    expect(form.locator("[data-draft]")).to_contain_text("Somebody else is signed in")
    form.get_by_role("button", name="Save without signing").click()
    expect(form.get_by_role("heading", name="Somebody else typed this")).to_be_visible()
    assert not Visit.objects.filter(note__startswith=NOTE).exists()
    sign_in(form, live_site, place.doctor)
    form.goto(live_site)
    form.get_by_role("link", name="Go on").click()
    expect(note_of(form)).to_have_value(f"{NOTE} More.")
    watch.problems = [problem for problem in watch.problems if "Error Code 409" not in problem]


def test_a_server_killed_between_two_keys(
    demonstration: Demonstration, browser: Browser, page: Page, watch: Watch
) -> None:
    page.goto(demonstration.url)
    page.get_by_label("Username").fill("doctor")
    page.get_by_label("Password").fill("demonstration")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Patients").click()
    page.get_by_role("link", name="Mori Aya").click()
    page.get_by_role("link", name="New visit").click()
    note_of(page).press_sequentially("Rash on b")
    demonstration.stop()
    note_of(page).press_sequentially("oth cheeks")
    waiting(page)
    page.get_by_role("button", name="Save without signing").click()
    expect(page.locator("[data-draft]")).to_contain_text("No connection")
    demonstration.start()
    kept(page)
    page.get_by_role("button", name="Save without signing").click()
    expect(page.locator("#messages")).to_contain_text("The visit is saved")
    expect(note_of(page)).to_have_value("Rash on both cheeks")
    without_lost_connections(watch)
