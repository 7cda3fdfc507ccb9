"""Handling alerts in Chromium: in their rows, by the keyboard, and when something goes wrong on the way."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.clock import local_today
from dosing.models import Alert, Task
from patients.rules.verdict import say
from patients.rules.verdict_json import message_to_json
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import fill, follow, settle, tab_to
from tests.hazards import PASSWORD, Place, make_place
from tests.sharing import made_once


@made_once
def place() -> Place:
    return make_place("Rows")


@pytest.fixture
def worklist(place: Place, page: Page, live_site: str) -> Page:
    sign_in(page, live_site, place.doctor)
    page.goto(live_site + reverse("dosing:worklist"))
    settle(page)
    return page


def row(page: Page) -> object:
    return page.locator(".worklist [data-matter]").first


def test_acknowledged_and_taken_back_by_the_keyboard(worklist: Page, watch: Watch) -> None:
    follow(worklist, worklist.get_by_role("button", name="Acknowledge"))
    said = worklist.locator(".said")
    expect(said).to_contain_text("stays on the patient's page until it is settled")
    expect(said).to_be_focused()
    expect(worklist.locator("#lists")).to_contain_text("Needs you now (0)")
    expect(worklist.locator("#lists [aria-current=page]")).to_have_text("Needs you now (0)")
    axe(worklist)
    follow(worklist, worklist.get_by_role("button", name="Take back"))
    expect(worklist.locator("#lists")).to_contain_text("Needs you now (1)")
    assert Alert.objects.get().state == "open"


def test_put_aside_in_its_row(worklist: Page, place: Place, watch: Watch) -> None:
    follow(worklist, worklist.get_by_role("link", name="put aside or override"))
    until = worklist.get_by_label("Put aside until")
    expect(until).to_be_focused()
    axe(worklist)
    day: date = local_today(place.clinic) + timedelta(days=7)
    until.fill(day.isoformat())
    follow(worklist, worklist.get_by_role("button", name="Put aside", exact=True))
    expect(worklist.locator(".said")).to_contain_text("comes back on its day")
    assert Alert.objects.get().snoozed_until == day


def test_an_override_without_a_reason_stays_and_shows_where(worklist: Page, watch: Watch) -> None:
    follow(worklist, worklist.get_by_role("link", name="put aside or override"))
    fill(worklist, worklist.get_by_label("In words"), "seen at the ward round")
    follow(worklist, worklist.get_by_role("button", name="Override", exact=True))
    expect(worklist.get_by_text("Choose a reason.")).to_be_visible()
    expect(worklist.get_by_label("Override because")).to_be_focused()
    expect(worklist.get_by_label("In words")).to_have_value("seen at the ward round")
    axe(worklist)
    fill(worklist, worklist.get_by_label("Override because"), "Known")
    follow(worklist, worklist.get_by_role("button", name="Override", exact=True))
    expect(row(worklist)).to_contain_text("Known and accepted: seen at the ward round")


def test_leaving_it_closes_the_forms(worklist: Page, watch: Watch) -> None:
    follow(worklist, worklist.get_by_role("link", name="put aside or override"))
    follow(worklist, worklist.get_by_role("link", name="Leave it"))
    expect(worklist.get_by_label("Put aside until")).to_have_count(0)
    assert Alert.objects.get().state == "open"


def test_a_server_that_does_not_answer_is_said_beside_the_row(worklist: Page, watch: Watch) -> None:
    worklist.route("**/acknowledge/", lambda route: route.fulfill(status=503))
    follow(worklist, worklist.get_by_role("button", name="Acknowledge"))
    expect(worklist.locator("[data-not-sent]")).to_contain_text("Nothing was sent")
    watch.problems.clear()  # htmx says on the console, too, that the server did not answer
    worklist.unroute("**/acknowledge/")
    follow(worklist, worklist.get_by_role("button", name="Acknowledge"))
    expect(worklist.locator(".said")).to_be_visible()


def test_what_was_typed_survives_the_end_of_the_session(worklist: Page, place: Place, watch: Watch) -> None:
    watch.expect(401)
    follow(worklist, worklist.get_by_role("link", name="put aside or override"))
    fill(worklist, worklist.get_by_label("Override because"), "Another")
    fill(worklist, worklist.get_by_label("In words"), "moves abroad in spring")
    worklist.context.clear_cookies(name="sessionid")
    tab_to(worklist, worklist.get_by_role("button", name="Override", exact=True))
    worklist.keyboard.press("Enter")
    expect(worklist.get_by_role("heading", level=1)).to_contain_text("Your session ended")
    worklist.get_by_label("Username").fill(place.doctor.username)
    worklist.get_by_label("Password").fill(PASSWORD)
    worklist.keyboard.press("Enter")
    worklist.get_by_role("button", name="Continue").click()
    expect(worklist.locator("#messages")).to_contain_text("Overridden")
    assert Alert.objects.get().comment == "moves abroad in spring"


def test_on_the_patients_page_the_banner_follows(
    place: Place, page: Page, live_site: str, watch: Watch
) -> None:
    sign_in(page, live_site, place.doctor)
    page.goto(live_site + reverse("patients:page", args=[place.patient.pk]))
    settle(page)
    expect(page.locator(".banner")).to_contain_text("Criteria for adding tacrolimus are met")
    follow(page, page.get_by_role("button", name="Acknowledge"))
    expect(page.locator(".matters .said")).to_be_visible()
    expect(page.locator(".banner")).not_to_contain_text("Criteria for adding tacrolimus are met")


def test_a_nurse_says_why_work_is_not_needed(place: Place, page: Page, live_site: str, watch: Watch) -> None:
    today = local_today(place.clinic)
    Task.objects.create(
        patient=place.patient, clinic=place.clinic, by_rules=True, kind="control", due_on=today,
        overdue_from=today, sentence=message_to_json(say("Week 4 control: creatinine")),
    )  # fmt: skip
    sign_in(page, live_site, place.nurse)
    page.goto(live_site + reverse("dosing:worklist"))
    settle(page)
    expect(row(page)).to_contain_text("Overdue")
    follow(page, page.get_by_role("link", name="Not needed"))
    expect(page.get_by_label("Why is it not needed?")).to_be_focused()
    page.keyboard.type("drawn in the other hospital")
    follow(page, page.get_by_role("button", name="Not needed", exact=True))
    expect(row(page)).to_contain_text("no longer needed")
    expect(page.locator("#lists")).to_contain_text("Overdue (0)")
    axe(page)
