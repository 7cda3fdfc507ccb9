"""The sheet of results: what folds away, opened by keyboard; each page of it passes axe and fits a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.harness import axe, sign_in
from tests.hazards import make_place

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_what_folds_away_is_reached_and_passed_over_by_keyboard(page: Page, live_site: str) -> None:
    place = make_place()
    sign_in(page, live_site, place.doctor)
    page.goto(live_site + reverse("patients:new_laboratory", args=[place.patient.pk]))
    folded, last = page.locator("[name=ldl_value]"), page.locator("[name=qtc_value]")
    expect(folded).to_be_hidden()
    last.press("Enter")
    expect(page.get_by_role("button", name="Save the results")).to_be_focused()
    more = page.locator("summary", has_text="More analytes")
    more.focus()
    page.keyboard.press("Enter")
    expect(folded).to_be_visible()
    last.press("Enter")
    expect(page.locator("details.more [name$=_value]").first).to_be_focused()
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_order_of_the_sheet(page: Page, live_site: str) -> None:
    place = make_place()
    sign_in(page, live_site, place.doctor)
    page.goto(live_site + reverse("patients:sheet_order", args=[place.clinic.pk]))
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
