"""An explanation opens and closes by keyboard alone, stays on the page, and one closes the other."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.harness import axe, sign_in
from tests.hazards import make_place

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_by_keyboard(page: Page, live_site: str) -> None:
    place = make_place()
    sign_in(page, live_site, place.nurse)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_site + reverse("patients:new_laboratory", args=[place.patient.pk]))
    units = page.locator("summary", has_text="Help: Numbers")
    limits = page.locator("summary", has_text="Help: Limits")
    text = page.get_by_text("are kept as they are")
    units.focus()
    page.keyboard.press("Enter")
    expect(text).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe(page)
    page.keyboard.press("Escape")
    expect(text).to_be_hidden()
    expect(units).to_be_focused()
    units.press("Space")
    limits.press("Enter")
    expect(page.get_by_text("go first, then those of its assay")).to_be_visible()
    expect(text).to_be_hidden()
