"""A drug as somebody writes it, in Chromium: names that are offered, one that nobody knows, on a phone."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from accounts.clock import local_today
from patients.models import DoseEpisode
from patients.services.drugs import start_episode
from tests.browser.harness import axe, sign_in
from tests.browser.keyboard import fill, follow, settle
from tests.hazards import Place, make_place
from tests.sharing import made_once

PHONE_WIDTH = 390


@made_once
def place() -> Place:
    made = make_place()
    start = local_today(made.clinic) - timedelta(days=30)
    row = DoseEpisode(
        patient=made.patient, drug_text="X" * 60 + " " + "mixture of the clinic " * 2, start=start
    )
    start_episode(episode=row, by=made.doctor)
    return made


def test_it_is_named_with_the_keyboard(place: Place, live_site: str, page: Page) -> None:
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/patients/{place.patient.pk}/")
    settle(page)
    follow(page, page.get_by_role("link", name="1 drug not identified"))
    axe(page)
    follow(page, page.locator("main li a").first)
    name = page.get_by_label("It is")
    fill(page, name, "cellc")
    # Options of a list are never visible to the page.
    expect(page.locator("#drug-names option")).to_have_attribute("value", "CellCept")
    fill(page, name, "ept")
    fill(page, page.get_by_label("How do you know?"), "label of the box")
    axe(page)
    follow(page, page.get_by_role("button", name="Save"))
    expect(page.locator("#messages")).to_contain_text("The drug is known now")
    assert DoseEpisode.objects.get(drug_text__startswith="XXX").drug == "mycophenolate_mofetil"


def test_a_long_text_widens_no_page_of_a_phone(place: Place, live_site: str, page: Page) -> None:
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    sign_in(page, live_site, place.doctor)
    for path in ("", "drugs/open/", "drugs/new/"):
        page.goto(f"{live_site}/patients/{place.patient.pk}/{path}")
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH, path
