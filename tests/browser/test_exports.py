"""Exports for analysis in Chromium: asked for, downloaded, read again, listed; a nurse finds no way there."""

from django.urls import reverse
from playwright.sync_api import Page, expect

from analytics.models import DataExport
from tests.analytics.exports.reading import Export
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once

REASON = "Study 1195, for the statistician"


@made_once
def place() -> Place:
    return make_place()


def test_an_administrator_takes_data_out(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    sign_in(page, live_site, place.administrator)
    page.goto(f"{live_site}{reverse('accounts:administration')}")
    page.locator("dl.menu").get_by_role("link", name="Exports for analysis").click()
    expect(page.get_by_text("No data of patients left the application until now.")).to_be_visible()
    page.get_by_label("Kind").select_option("identified")
    page.get_by_label("Shape").select_option("both")
    page.get_by_role("button", name="Export").click()
    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)
    page.get_by_label("Why?").fill(REASON)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    export = Export(download.value.path())
    assert [row["family_name"] for row in export.rows("patients")] == [place.patient.family_name]
    # A download ends the request as if one had left the page.
    watch.problems = [problem for problem in watch.problems if "/exports/" not in problem]
    page.goto(f"{live_site}{reverse('analytics:exports')}")
    settle(page)
    listed = page.get_by_role("region", name="Exports until now")
    expect(listed).to_contain_text(REASON)
    listed.get_by_text("and columns").click()
    expect(listed).to_contain_text(DataExport.objects.get().sha256)
    axe(page)


def test_a_nurse_finds_no_way_there(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    watch.expect(403)
    sign_in(page, live_site, place.nurse)
    page.goto(f"{live_site}/")
    assert page.get_by_role("link", name="Exports for analysis").count() == 0
    page.goto(f"{live_site}{reverse('analytics:exports')}")
    expect(page.locator("main")).to_contain_text("Your role does not include it")
