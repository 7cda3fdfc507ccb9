"""Every page of the product in Chromium: accessible in light and dark, on a phone, by the keyboard alone.

The pages are those of the table of URLs, so that a new one is looked at or the table's own test fails.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once
from tests.test_access import TABLE, arguments_of

# Shown within another page, and looked at there.
FRAGMENTS = {
    "dosing:criteria", "dosing:matters", "dosing:worst_alert", "dosing:history", "dosing:reassessment",
    "dosing:timeline", "dosing:timeline_table", "dosing:levels_panel", "dosing:level_choices",
    "dosing:tacrolimus_panel",
    "dosing:adverse_events_panel", "dosing:taper_panel",
    "dosing:safety_panel", "dosing:forecast_panel", "dosing:what_if",
    "patients:visits", "patients:laboratory", "patients:drugs",
    "patients:statements", "patients:drafts", "accounts:waiting_settings",
    "analytics:report_progress", "analytics:report_count",
}  # fmt: skip
# Handed out as a file, in tests of their own.
FILES = {"analytics:report_file"}
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# The widest page of ours has fewer fields than this.
MOST_TABS = 420

INTERACTIVE = """() => {
    const selector = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled
        && element.tabIndex >= 0 && !element.closest('dialog:not([open])');
    window.seen = new Map();
    [...document.querySelectorAll(selector)].filter(shown).forEach((element) => {
        const key = element.type === 'radio' ? `radio ${element.name}` : element;
        if (!window.seen.has(key)) window.seen.set(key, element);
    });
    return window.seen.size;
}"""
FOCUSED = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { done: true };
    const key = element.type === 'radio' ? `radio ${element.name}` : element;
    const known = window.seen.has(key);
    window.seen.delete(key);
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const what = element.outerHTML.slice(0, 120);
    return { done: false, left: window.seen.size, is_new: known, outlined, what };
}"""
LEFT = "() => [...window.seen.values()].map((element) => element.outerHTML.slice(0, 120))"


@dataclass(frozen=True)
class Visited:
    """A page's URL name and its address."""

    name: str
    path: str


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def visits(place: Place) -> dict[str, list[Visited]]:
    """The pages by who may open them: the doctor, else the administrator."""
    arguments = arguments_of(place)
    found: dict[str, list[Visited]] = {"doctor": [], "administrator": []}
    for row in TABLE:
        who = "doctor" if row.doctor == 200 else "administrator" if row.administrator == 200 else None
        if who is not None and row.name not in FRAGMENTS | FILES:
            found[who].append(Visited(row.name, reverse(row.name, args=arguments[row.name])))
    return found


def each_page(
    page: Page, address: str, place: Place, visits: dict[str, list[Visited]], look: Callable[[Page], None]
) -> None:
    """Open each page as who may, and look at it; all that is wrong is told at once."""
    problems = []
    for who, pages in visits.items():
        sign_in(page, address, getattr(place, who))
        for one in pages:
            page.goto(f"{address}{one.path}")
            settle(page)
            try:
                look(page)
            except AssertionError as error:
                problems.append(f"{one.name}: {error}")
    assert not problems, "\n\n".join(problems)


def test_every_fragment_is_in_the_table() -> None:
    assert {row.name for row in TABLE} >= FRAGMENTS | FILES


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(
    place: Place, visits: dict[str, list[Visited]], live_site: str, page: Page, watch: Watch, scheme: str
) -> None:
    """axe finds nothing; one heading, a title that names the page, a way past the navigation."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]

    def look(page: Page) -> None:
        axe(page)
        assert page.locator("h1").count() == 1, "one h1"
        assert page.title().endswith("· TACSLE"), f"title: {page.title()}"
        assert not page.title().startswith("·"), f"title: {page.title()}"
        assert page.locator("a.skip").count() == 1, "a way past the navigation"

    each_page(page, live_site, place, visits, look)


def test_on_a_phone(
    place: Place, visits: dict[str, list[Visited]], live_site: str, page: Page, watch: Watch
) -> None:
    """At 390 px nothing must be scrolled sideways but tables in their own frames, and axe is content."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def look(page: Page) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{wide} px wide"
        axe(page)

    each_page(page, live_site, place, visits, look)


def test_by_the_keyboard_alone(
    place: Place, visits: dict[str, list[Visited]], live_site: str, page: Page, watch: Watch
) -> None:
    """Tab reaches everything that can be used, and shows where it is."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]

    def look(page: Page) -> None:
        page.evaluate(INTERACTIVE)
        rounds = 0
        for _ in range(MOST_TABS):
            page.keyboard.press("Tab")
            now = page.evaluate(FOCUSED)
            if now["done"]:
                rounds += 1  # a page may begin in its first field, and goes on from its top
                if rounds > 1:
                    break
                continue
            if now["left"] == 0:
                break
            # Within one date field the focus moves on to parts of its own, which the browser marks.
            assert now["outlined"] or not now["is_new"], f"no visible focus: {now['what']}"
        left = page.evaluate(LEFT)
        assert not left, f"the keyboard does not reach {left}"

    each_page(page, live_site, place, visits, look)


def test_pages_of_those_who_are_refused(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    """No permission, nothing there, nothing found: each says what to do next."""
    watch.expect(403, 404)
    stranger = make_place("Stranger")
    patient = reverse("patients:page", args=[place.patient.pk])
    start = reverse("dosing:start", args=[place.patient.pk])
    for user, path, words in (
        (place.nurse, start, "Your role does not include it"),
        (stranger.doctor, patient, "There is no such page"),
        (place.doctor, reverse("patients:list") + "?q=Nobody", "Nobody matches"),
    ):
        sign_in(page, live_site, user)
        page.goto(f"{live_site}{path}")
        assert words in page.locator("main").inner_text(), page.locator("main").inner_text()
        assert page.locator("main a, main form, header a").count() > 0
        axe(page)
