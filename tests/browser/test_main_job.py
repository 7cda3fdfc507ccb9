"""The first job, end to end, with the keyboard alone: from a verdict that cannot tell to a started course."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import Watch, axe
from tests.browser.keyboard import fill, follow, settle, tab_to, tick
from tests.services.demonstration import Demonstration

PATIENT = "Mori Aya"
PASSWORD = "demonstration"


def sign_in(page: Page, address: str, username: str) -> None:
    page.goto(address)
    # The page puts the cursor there by itself; typing earlier would lose a letter.
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text(username, exact=True)).to_be_visible()


def worklist_row(page: Page) -> object:
    return page.locator(".worklist li").filter(has_text=PATIENT)


def open_from_cannot_tell(page: Page) -> str:
    """The worklist's list of undecided patients, and the patient in it; returns the page's address."""
    follow(page, page.get_by_role("link", name="Cannot tell"))
    axe(page)
    follow(page, page.locator(".worklist").get_by_role("link", name=PATIENT).first)
    expect(page.locator(".verdict")).to_contain_text("Cannot tell yet: one thing is missing")
    expect(page.locator(".missing")).to_contain_text("Urine protein is 41 days old (limit 30)")
    axe(page)
    return page.url


def enter_urine_protein(page: Page) -> None:
    follow(page, page.get_by_role("link", name="Enter the result").first)
    axe(page)
    fill(page, page.get_by_label("Urine protein/creatinine", exact=True), "0.2")
    follow(page, page.get_by_role("button", name="Save the results"))
    expect(page.locator("#messages")).to_contain_text("1 result is saved")


def enter_visit_with_rash(page: Page) -> None:
    page.locator("main").focus()
    page.keyboard.press("n")
    page.wait_for_url("**/visits/new/")
    axe(page)
    for symptom in ("headache", "arthritis"):
        fill(page, page.locator(f"#id_{symptom}_severity"), "0")
    fill(page, page.locator("#id_rash_severity"), "1")
    fill(page, page.locator("#id_rash_attribution"), "due")
    for symptom in ("alopecia", "mucosal_ulcers", "fever"):
        fill(page, page.locator(f"#id_{symptom}_severity"), "0")
    for section in ("joints", "sledai", "organs"):
        follow(page, page.locator(f"#{section} [data-answer-rest]"))
    correct_rash_and_complement(page)
    fill(page, page.get_by_label("Systolic pressure, mmHg"), "118")
    fill(page, page.get_by_label("Diastolic pressure, mmHg"), "72")
    fill(page, page.get_by_label("Doses taken as prescribed, %"), "95")
    expect(page.locator("#sledai-total")).to_have_text("4")
    follow(page, page.get_by_role("button", name="Sign", exact=True))
    expect(page.locator("#messages")).to_contain_text("The visit is signed")


def correct_rash_and_complement(page: Page) -> None:
    """Two SLEDAI items are yes; the group of three choices is entered backwards and left at "yes"."""
    page.get_by_role("heading", name="SLEDAI-2K").first.focus()
    for code in ("rash", "low_complement"):
        chosen = page.locator(f"input[name=sledai_{code}][value=no]")
        chosen.focus()
        page.keyboard.press("ArrowLeft")
        expect(page.locator(f"input[name=sledai_{code}][value=yes]")).to_be_checked()


def start_tacrolimus(page: Page) -> None:
    follow(page, page.get_by_role("link", name="Start tacrolimus"))
    axe(page)
    fill(page, page.get_by_label("Dose, mg once daily in the evening"), "3")
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    # The browser under test writes dates in the American order.
    fill(page, page.get_by_label("First dose on"), f"{today:%m%d%Y}")
    fill(page, page.get_by_label("Formulation"), "capsule")
    for name in ("Infection is excluded", "Adherence was asked", "Other treatments were considered"):
        tick(page, page.get_by_label(name))
    follow(page, page.get_by_role("button", name="Start tacrolimus"))
    expect(page.locator("#messages")).to_contain_text("Your decision is kept")


def assert_started(page: Page, address: str, patient: str) -> None:
    """No alert is left, the obligation is planned work, and the course runs."""
    page.goto(address)
    settle(page)
    expect(worklist_row(page)).to_have_count(0)
    follow(page, page.get_by_role("link", name="Planned work"))
    expect(
        page.locator(".worklist li").filter(has_text="mizoribine").filter(has_text=PATIENT)
    ).to_be_visible()
    page.goto(patient)
    settle(page)
    expect(page.locator(".banner")).to_contain_text("tacrolimus 3 mg/day")


def assert_status(browser: Browser, address: str, username: str, path: str, status: int) -> None:
    page = browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo").new_page()
    sign_in(page, address, username)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    axe(page)
    page.context.close()


def test_from_cannot_tell_to_a_started_course(
    demonstration: Demonstration, browser: Browser, page: Page, watch: Watch
) -> None:
    site = demonstration.url
    sign_in(page, site, "doctor")
    axe(page)
    expect(worklist_row(page)).to_have_count(0)
    patient = open_from_cannot_tell(page)

    enter_urine_protein(page)
    enter_visit_with_rash(page)
    settle(page)
    expect(page.locator(".verdict")).to_contain_text("Consider tacrolimus")
    trigger = page.locator(".checklist li").filter(has_text="C6").first
    tab_to(page, trigger.locator("summary"))
    page.keyboard.press("Enter")
    expect(trigger.locator(".evidence")).to_contain_text("Rash")
    axe(page)
    page.goto(site)
    expect(worklist_row(page)).to_contain_text("Criteria for adding tacrolimus are met")
    page.goto(patient)
    settle(page)

    start_tacrolimus(page)
    assert_started(page, site, patient)
    assert_status(browser, site, "nurse", patient, 200)
    assert_status(browser, site, "nurse", f"{patient}tacrolimus/start/", 403)
    assert_status(browser, site, "doctor2", patient, 404)

    demonstration.restart()
    page.context.clear_cookies()
    sign_in(page, site, "doctor")
    assert_started(page, site, patient)
