"""Administration in Chromium: a first password, a threshold until patients are judged by it, an export."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from dosing.assessment.nightly import run_clinic_reassessment
from dosing.models import ReassessmentRun
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once

GIVEN = "given on a paper slip"
CHOSEN = "chosen by herself now"


@made_once
def place() -> Place:
    return make_place()


def desk(page: Page, address: str, user: User, name: str, *arguments: object) -> None:
    sign_in(page, address, user)
    page.goto(f"{address}{reverse(name, args=arguments)}")
    settle(page)


def agree(page: Page, button: str) -> None:
    """Press a button that asks once, and say yes."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=button, exact=True).click()
    settle(page)


def test_somebody_is_let_in_and_chooses_a_password(place: Place, live_site: str, page: Page) -> None:
    desk(page, live_site, place.administrator, "accounts:new_person")
    page.get_by_label("Name to sign in with").fill("mori")
    page.get_by_label("Role").select_option("nurse")
    page.get_by_label("First password").fill("short")
    page.get_by_role("button", name="Add this user").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Name to sign in with")).to_have_value("mori")
    axe(page)
    page.get_by_label("First password").fill(GIVEN)
    page.get_by_role("button", name="Add this user").click()
    expect(page.locator("#messages")).to_contain_text("mori may sign in")
    page.context.clear_cookies()
    page.goto(f"{live_site}{reverse('accounts:login')}")
    page.get_by_label("Username").fill("mori")
    page.get_by_label("Password").fill(GIVEN)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Choose your own to go on")).to_be_visible()
    axe(page)
    page.locator("#id_old_password").fill(GIVEN)
    page.locator("#id_new_password1").fill(CHOSEN)
    page.locator("#id_new_password2").fill(CHOSEN)
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()


def test_who_left_is_deactivated_after_one_question(place: Place, live_site: str, page: Page) -> None:
    desk(page, live_site, place.administrator, "accounts:person", place.nurse.pk)
    page.locator("#id_leave-reason").fill("left the clinic")
    agree(page, "Deactivate")
    expect(page.locator("#messages")).to_contain_text("Deactivated")
    expect(page.get_by_role("button", name="Let in again")).to_be_visible()
    axe(page)


def test_a_threshold_from_proposal_to_judgement(place: Place, live_site: str, page: Page) -> None:
    """One administrator, one doctor, and a worker that needs its time."""
    clinic = place.clinic.pk
    desk(page, live_site, place.administrator, "accounts:propose_settings", clinic)
    page.get_by_label("Visit to compare with: at least so long before").fill("140")
    page.get_by_label("Visit to compare with: at most so long before").fill("141")
    page.get_by_label("Why?").fill("visits are half-yearly here")
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("#messages")).to_contain_text("Proposed")
    page.context.clear_cookies()
    desk(page, live_site, place.doctor, "dosing:worklist")
    page.get_by_role("link", name="Hazard clinic, version 1").click()
    expect(page.get_by_role("row", name="at least so long before")).to_contain_text("140")
    axe(page)
    agree(page, "Approve")
    progress = page.get_by_role("region", name="Re-assessment")
    expect(progress).to_contain_text("waiting for the worker")
    run_clinic_reassessment(ReassessmentRun.objects.get().pk)
    expect(progress).to_contain_text("1 of 1 patients", timeout=10_000)
    expect(progress).to_contain_text("1 verdict changed")
    expect(progress.locator("[hx-trigger]")).to_have_count(0)
    axe(page)


def test_an_audit_is_filtered_and_exported(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    desk(page, live_site, place.administrator, "patients:audit_changes")
    page.get_by_label("What").select_option("visit")
    page.get_by_label("Patient number").fill("1")
    page.get_by_role("button", name="Show").click()
    settle(page)
    kinds = set(page.locator("table.audit tbody tr td:nth-child(5)").all_inner_texts())
    assert kinds == {"Visits"}
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    assert download.value.suggested_filename.startswith("tacsle-audit-changes-")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("When,Who,Role,Patient,Kind,What,Why") and "Laboratory" not in text
    # A download ends the request as if one had left the page.
    watch.problems = [problem for problem in watch.problems if "/export/" not in problem]
