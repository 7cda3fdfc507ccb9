"""The time axis in Chromium, under the real Content-Security-Policy: keys, mouse, dark, phone, paper."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from accounts.clock import local_today
from accounts.models import Clinic
from patients.rules.dates import PartialDate
from patients.services.registration import register_patient
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle, tab_to
from tests.hazards import Place, make_place
from tests.sharing import made_once
from tests.timelines import WEEKS_ON_TACROLIMUS, add_decision, add_levels, full_record

DRAWN = "[data-chart] svg"
LIBRARY = "**/echarts.common.min.js"


@made_once
def place() -> Place:
    made = make_place("Axis", record=full_record(local_today(Clinic())))
    on = local_today(made.clinic)
    add_levels(made.patient, made.doctor, on)
    add_decision(made.patient, made.doctor, on)
    return made


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def opened(page: Page, site: str, place: Place) -> Locator:
    """The page of the patient with its chart drawn; the chart's box."""
    sign_in(page, site, place.doctor)
    page.goto(f"{site}/patients/{place.patient.pk}/")
    settle(page)
    expect(page.locator(DRAWN)).to_be_visible()
    return page.get_by_role("application", name="Time axis")


@pytest.fixture
def chart(place: Place, live_site: str, page: Page) -> Locator:
    return opened(page, live_site, place)


def said(page: Page) -> Locator:
    return page.locator("[data-said]")


def tooltip(page: Page) -> str:
    """The words that stand in the chart beside the cross-hair."""
    texts = page.locator(f"{DRAWN} text").all_text_contents()
    days = [place for place, text in enumerate(texts) if re.match(r"\d+ \w+ \d{4}", text)]
    return "\n".join(texts[days[-1] :]) if days else ""


def years_on_the_axis(page: Page) -> set[str]:
    return {
        text for text in page.locator(f"{DRAWN} text").all_text_contents() if re.fullmatch(r"20\d\d", text)
    }


def test_it_is_drawn_without_any_complaint_of_the_browser(chart: Locator, page: Page) -> None:
    """The watch fails on every console message, and so on every refused style or script."""
    texts = page.locator(f"{DRAWN} text").all_text_contents()
    for title in (
        "Tacrolimus, mg/day",
        "SLEDAI-2K",
        "C3, mg/dl · dashed: lower limit",
        "Visits and events",
        "<1.5",
    ):
        assert title in texts
    assert page.locator(f"{DRAWN} path").count() > 100
    assert page.locator("[data-undrawn]").is_hidden()


def test_the_keyboard_reaches_it_and_hears_every_value_of_a_day(
    chart: Locator, page: Page, today: date
) -> None:
    tab_to(page, chart)
    page.keyboard.press("ArrowLeft")
    expect(said(page)).to_contain_text(f"week {WEEKS_ON_TACROLIMUS} of tacrolimus")
    for words in (
        "SLEDAI-2K 0 (signed visit)",
        "C3 94 mg/dl (lower limit 86 mg/dl, City laboratory (invented))",
        "Anti-dsDNA, ELISA 16 IU/ml (upper limit 12 IU/ml",
        "Creatinine 0.72 mg/dl",
        "Taken: prednisolone equivalent 7.5 mg/day; tacrolimus 3 mg/day; hydroxychloroquine 200 mg every day",
    ):
        expect(said(page)).to_contain_text(words)
    page.keyboard.press("ArrowLeft")
    expect(said(page)).to_contain_text("tacrolimus level <1.5 ng/ml (morning level, 12 h after the dose")
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("SLEDAI-2K 0")
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("SLEDAI-2K 0")


def test_home_end_and_escape(chart: Locator, page: Page, today: date) -> None:
    chart.focus()
    page.keyboard.press("Home")
    first = today - timedelta(days=1200)
    expect(said(page)).to_contain_text(f"{first.day} {first:%b %Y}: new dose: hydroxychloroquine 200 mg")
    assert str((today - timedelta(days=900)).year) in years_on_the_axis(page)
    page.keyboard.press("End")
    expect(said(page)).to_contain_text(f"{today.day} {today:%b %Y}, week")
    assert tooltip(page).startswith(f"{today.day} {today:%b %Y}")
    page.keyboard.press("Escape")
    expect(said(page)).to_be_empty()
    page.keyboard.press("Tab")
    expect(chart).not_to_be_focused()


def test_keys_with_a_modifier_stay_the_browsers(chart: Locator, page: Page) -> None:
    chart.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Alt+ArrowUp")
    expect(said(page)).to_be_empty()


def pressed(page: Page) -> list[str]:
    return page.locator("[data-period][aria-pressed=true]").all_text_contents()


def test_periods_and_zoom(chart: Locator, page: Page, today: date) -> None:
    """A record of more than three years opens with its last year."""
    assert pressed(page) == ["1 year"]
    page.get_by_role("button", name="All").click()
    assert pressed(page) == ["All"]
    assert len(years_on_the_axis(page)) >= 3
    page.get_by_role("button", name="6 months").click()
    assert pressed(page) == ["6 months"]
    page.get_by_role("button", name="Since tacrolimus").click()
    assert pressed(page) == ["Since tacrolimus"]
    chart.focus()
    page.keyboard.press("-")
    assert pressed(page) == []
    for _ in range(5):
        page.keyboard.press("-")
    assert pressed(page) == ["All"]
    for _ in range(12):
        page.keyboard.press("+")
    assert pressed(page) == []
    page.keyboard.press("End")
    expect(said(page)).to_contain_text("SLEDAI-2K")


def test_the_mouse_shows_the_nearest_day_and_a_click_keeps_it(chart: Locator, page: Page) -> None:
    # Higher than the window: its upper lanes, below the patient's banner.
    chart.evaluate("element => element.scrollIntoView({ block: 'start' })")
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + 200)
    page.wait_for_function(
        "() => /week \\d+ of tacrolimus/.test(document.querySelector('[data-chart] svg').textContent)"
    )
    shown = tooltip(page)
    assert "mg/day" in shown
    expect(said(page)).to_be_empty()
    page.mouse.click(box["x"] + box["width"] - 20, box["y"] + 200)
    expect(said(page)).to_contain_text(shown.splitlines()[0])


def test_the_table_has_everything_and_comes_when_it_is_opened(chart: Locator, page: Page) -> None:
    table = page.get_by_role("region", name="Everything on the time axis")
    expect(table).to_have_count(0)
    summary = page.locator("summary").filter(has_text="As a table")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    data = json.loads(page.locator("[data-timeline] script").text_content() or "")
    drawn = sum(
        len(series["points"]) + len(series["marks"]) + len(series["stretches"])
        for lane in data["lanes"]
        for series in lane["series"]
    )
    expect(table.get_by_role("row")).to_have_count(drawn + 1)


def test_a_table_that_fails_can_be_tried_again(chart: Locator, page: Page, watch: Watch) -> None:
    watch.expect(500)
    page.route("**/timeline/table/", lambda route: route.fulfill(status=500, body=""))
    page.locator("summary").filter(has_text="As a table").click()
    failed = page.get_by_role("alert").filter(has_text="The table could not be loaded.")
    expect(failed).to_be_visible()
    page.unroute("**/timeline/table/")
    failed.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="Everything on the time axis")).to_be_visible()
    watch.problems = [
        problem for problem in watch.problems if "Response Status Error Code 500" not in problem
    ]


def test_without_the_library_the_table_is_still_there(
    place: Place, live_site: str, page: Page, watch: Watch
) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route(LIBRARY, refuse)
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/patients/{place.patient.pk}/")
    settle(page)
    expect(
        page.get_by_text("The picture could not be drawn. The table below has everything.")
    ).to_be_visible()
    page.locator("summary").filter(has_text="As a table").click()
    expect(page.get_by_role("region", name="Everything on the time axis")).to_be_visible()
    watch.problems = [
        problem
        for problem in watch.problems
        if "net::ERR_FAILED" not in problem and "not loaded" not in problem
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, chart: Locator, page: Page) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    chart.focus()
    page.keyboard.press("End")
    page.locator("summary").filter(has_text="As a table").click()
    expect(page.get_by_role("region", name="Everything on the time axis")).to_be_visible()
    axe(page)


def test_the_dark_scheme_changes_its_colours(chart: Locator, page: Page) -> None:
    ink = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
    assert page.locator(f'{DRAWN} text[fill="{ink}"]').count() > 5
    page.emulate_media(color_scheme="dark")
    bright = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
    assert bright != ink
    expect(page.locator(f'{DRAWN} text[fill="{bright}"]').first).to_be_visible()
    expect(page.locator(f'{DRAWN} text[fill="{ink}"]')).to_have_count(0)


def test_a_phone(place: Place, live_site: str, browser: Browser, watch: Watch) -> None:
    context = browser.new_context(
        locale="en-GB",
        timezone_id="Asia/Tokyo",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    page = context.new_page()
    watch.attach(page)
    chart = opened(page, live_site, place)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    width = page.locator(DRAWN).evaluate("svg => svg.getBoundingClientRect().width")
    assert 280 <= width <= 390
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] - 30, box["y"] + 150)
    expect(said(page)).to_contain_text("Taken: prednisolone equivalent 7.5 mg/day")
    expect(said(page)).to_be_in_viewport()
    context.close()


def test_a_window_that_changes_its_width(chart: Locator, page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function(
        """() => {
          const svg = document.querySelector('[data-chart] svg');
          return svg.getBoundingClientRect().width === document.querySelector('.timeline-chart').clientWidth;
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 700


def test_on_paper_a_drawing_stands_in_place_of_the_chart(chart: Locator, page: Page, tmp_path: Path) -> None:
    page.emulate_media(media="print")
    expect(page.locator("[data-timeline]")).to_be_hidden()
    drawing = page.get_by_role("img", name="Time axis")
    expect(drawing).to_be_visible()
    for words in ("Tacrolimus, mg/day", "C3, mg/dl · dashed: lower limit", "Hydroxychloroquine"):
        expect(drawing.get_by_text(words, exact=True)).to_be_visible()
    latest = page.locator(".timeline-latest")
    expect(latest).to_contain_text("C3 94 mg/dl")
    expect(latest).to_contain_text(f"week {WEEKS_ON_TACROLIMUS}")
    page.emulate_media(media="print", color_scheme="dark")
    black = drawing.locator("path.axis").first.evaluate("path => getComputedStyle(path).stroke")
    assert black in ("rgb(0, 0, 0)", "rgb(51, 51, 51)")


def test_a_record_of_ten_years_and_a_thousand_values_is_drawn(
    live_site: str, page: Page, transactional_db: None
) -> None:
    """Drawn, and every key answered; how long it takes is measured by the benchmarks, not here."""
    long = make_place("Long", record=full_record(local_today(Clinic()), visits=130))
    chart = opened(page, live_site, long)
    page.get_by_role("button", name="All").click()
    chart.focus()
    for key in ("Home", "End", "+", "ArrowLeft"):
        page.keyboard.press(key)
    expect(said(page)).to_contain_text("of tacrolimus")
    assert page.locator(f"{DRAWN} path").count() > 300


def test_a_patient_without_anything_to_draw(place: Place, live_site: str, page: Page) -> None:
    empty = register_patient(
        clinic=place.clinic, by=place.nurse, number="77", family_name="New", given_name="Person", sex="F",
        birth=PartialDate.parse("1990"),
    )  # fmt: skip
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/patients/{empty.pk}/")
    settle(page)
    expect(page.get_by_text("No results, doses or visits yet.")).to_be_visible()
    assert not [url for url in asked if "echarts" in url]


def test_a_chart_that_arrives_on_paper_is_drawn_when_the_screen_is_back(
    place: Place, live_site: str, page: Page
) -> None:
    page.emulate_media(media="print")
    sign_in(page, live_site, place.doctor)
    with page.expect_response(LIBRARY):
        page.goto(f"{live_site}/patients/{place.patient.pk}/")
    settle(page)
    page.emulate_media(media="screen")
    expect(page.locator(f"{DRAWN} text").first).to_be_visible()
