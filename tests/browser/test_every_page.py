"""Every page of the product in Chromium: accessible in light and dark, on a phone, by the keyboard alone.

The pages are those of the table of URLs, so that a new one is looked at or the table's own test fails.
"""

from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once
from tests.test_access import TABLE, arguments_of

# Shown within another page, and looked at there.
FRAGMENTS = {
    "dosing:criteria", "dosing:matters", "dosing:worst_alert", "dosing:history", "dosing:reassessment",
    "dosing:timeline", "dosing:timeline_table", "dosing:levels_panel", "dosing:level_choices",
    "dosing:level_moment",
    "dosing:tacrolimus_panel",
    "dosing:adverse_events_panel", "dosing:taper_panel",
    "dosing:safety_panel", "dosing:forecast_panel", "dosing:what_if",
    "patients:visits", "patients:laboratory", "patients:drugs",
    "patients:statements", "patients:drafts", "patients:drug_names", "accounts:waiting_settings",
    "analytics:report_progress", "analytics:report_count",
}  # fmt: skip
# Handed out as a file, in tests of their own.
FILES = {"analytics:report_file"}
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# The widest page of ours has fewer fields than this.
MOST_TABS = 420
LAYOUT_MS = 5000
FITS = "(width) => document.documentElement.scrollWidth <= width"

# Notes of everything that can be used whether the focus has been there, and shows it.
WATCH_THE_FOCUS = """() => {
    const selector = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled
        && element.tabIndex >= 0 && !element.closest('dialog:not([open])');
    const key = (element) => element.type === 'radio' ? `radio ${element.name}` : element;
    window.unreached = new Map();
    window.unmarked = [];
    [...document.querySelectorAll(selector)].filter(shown).forEach((element) => {
        if (!window.unreached.has(key(element))) window.unreached.set(key(element), element);
    });
    document.addEventListener('focusin', ({ target }) => {
        if (!window.unreached.delete(key(target))) return;
        const style = getComputedStyle(target);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        if (!outlined) window.unmarked.push(target.outerHTML.slice(0, 120));
    });
}"""
UNREACHED = "() => [...window.unreached.values()].map((element) => element.outerHTML.slice(0, 120))"


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


def test_every_fragment_is_in_the_table() -> None:
    assert {row.name for row in TABLE} >= FRAGMENTS | FILES


def accessible(page: Page) -> None:
    """axe finds nothing; one heading, a title that names the page, a way past the navigation."""
    axe(page)
    assert page.locator("h1").count() == 1, "one h1"
    assert page.title().endswith("· TACSLE"), f"title: {page.title()}"
    assert not page.title().startswith("·"), f"title: {page.title()}"
    assert page.locator("a.skip").count() == 1, "a way past the navigation"


def legible_in_the_dark(page: Page) -> None:
    """Of all that axe asks only the contrast of colours depends on the scheme."""
    page.emulate_media(color_scheme="dark")
    axe(page, "color-contrast")
    page.emulate_media(color_scheme="light")


def reached_by_the_keyboard(page: Page) -> None:
    """Tab reaches everything that can be used, and shows where it is."""
    page.evaluate(WATCH_THE_FOCUS)
    pressed = 0
    while (unreached := page.evaluate(UNREACHED)) and pressed < MOST_TABS:
        for _ in unreached:
            page.keyboard.press("Tab")
        pressed += len(unreached)
    assert not unreached, f"the keyboard does not reach {unreached}"
    unmarked = page.evaluate("window.unmarked")
    assert not unmarked, f"no visible focus: {unmarked}"


def fits_a_phone(page: Page) -> None:
    """At 390 px nothing must be scrolled sideways but tables in their own frames, and axe is content."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    try:
        with suppress(PlaywrightTimeoutError):
            # A busy browser is asked before it has laid the page out again.
            page.wait_for_function(FITS, arg=PHONE["width"], timeout=LAYOUT_MS)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], f"{wide} px wide"
        axe(page)
    finally:
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]


LOOKS = (accessible, legible_in_the_dark, reached_by_the_keyboard, fits_a_phone)


def test_every_page(
    place: Place, visits: dict[str, list[Visited]], live_site: str, page: Page, watch: Watch
) -> None:
    """Each is opened once, by who may, and looked at in each way; all that is wrong is told at once."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    # A colour on its way from light to dark is neither.
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    problems = []
    for who, pages in visits.items():
        sign_in(page, live_site, getattr(place, who))
        for visited in pages:
            page.goto(f"{live_site}{visited.path}")
            settle(page)
            for look in LOOKS:
                try:
                    look(page)
                except AssertionError as error:
                    problems.append(f"{visited.name}, {look.__name__}: {error}")
    assert not problems, "\n\n".join(problems)


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
