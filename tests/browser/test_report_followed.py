"""A report in Chromium: followed while it is made, left, found again, read by cell, deleted meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from analytics import jobs, tasks
from analytics.models import Report
from analytics.report.document_json import from_json
from analytics.services.reports import delete_report
from demo.study.load import load_patient
from demo.study.rows import read_rows
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once

# Cramps in month 11; rhabdomyolysis on day 7.
STUDIED = ("TS23", "TS38")
SLOW = 60_000


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is told nothing: the test is the worker."""
    monkeypatch.setattr(tasks.make_report, "delay", lambda _key: None)


@made_once
def place() -> Place:
    """A clinic with two patients of the study."""
    made = make_place()
    rows = {row.patient: row for row in read_rows()}
    for name in STUDIED:
        load_patient(rows[name], made.clinic, made.doctor)
    return made


def ask(page: Page, address: str) -> Report:
    """Press the button of the form; the page is then that of the report."""
    page.goto(f"{address}{reverse('analytics:cohort')}")
    settle(page)
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_role("heading", name="Cohort report")).to_be_visible()
    return Report.objects.latest("pk")


def at_each_step(monkeypatch: pytest.MonkeyPatch, look: Callable[[str], None]) -> None:
    tell = jobs._tell

    def telling(report: Report, step: str, *far: Any) -> None:
        tell(report, step, *far)
        look(step)

    monkeypatch.setattr(jobs, "_tell", telling)


def test_followed_left_found_again_and_read(
    place: Place, live_site: str, page: Page, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(page, live_site, place.administrator)
    page.goto(f"{live_site}{reverse('accounts:administration')}")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cohort").click()
    expect(page.get_by_text("No report was made until now.")).to_be_visible()
    page.get_by_label("Data up to").fill("2099-01-01")
    page.get_by_role("button", name="Make the report").click()
    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)
    report = ask(page, live_site)
    progress = page.locator("main [hx-get]")
    expect(progress).to_contain_text("waiting for the worker")
    axe(page)
    seen = []

    def look(step: str) -> None:
        """Some of the steps, as the page shows them by itself; then away and back."""
        if step in ("Reading the patients", "Reckoning: Tacrolimus", "Writing report.pdf"):
            expect(progress).to_contain_text(step)
            seen.append(step)
        if step == "Reckoning: Tacrolimus":
            page.get_by_role("link", name="All reports").click()
            listed = page.get_by_role("region", name="Reports until now")
            expect(listed).to_contain_text("being made")
            listed.get_by_role("link", name=f"Report {report.pk}").click()
            expect(progress).to_contain_text("Tacrolimus")
            axe(page)

    at_each_step(monkeypatch, look)
    assert jobs.run(report.pk)
    assert seen == ["Reading the patients", "Reckoning: Tacrolimus", "Writing report.pdf"]
    expect(page.get_by_role("heading", name="What this report was made from")).to_be_visible(timeout=SLOW)
    row = Report.objects.get()
    expect(page.locator("main")).to_contain_text(row.snapshot)
    axe(page)


def test_a_cell_on_the_page_is_the_number_of_the_document(
    place: Place, live_site: str, page: Page, watch: Watch
) -> None:
    """Rheumatologists read what administrators asked for: the same cells, in the same order, and no files."""
    sign_in(page, live_site, place.administrator)
    report = ask(page, live_site)
    assert jobs.run(report.pk)
    # The page that follows the report reloads itself when it is made: two ways at once end in neither.
    expect(page.get_by_role("heading", name="What this report was made from")).to_be_visible(timeout=SLOW)
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}{reverse('analytics:report', args=[report.pk])}")
    settle(page)
    for table in from_json(Report.objects.get().document).tables():
        shown = page.get_by_role("region", name=table.title, exact=True).or_(
            page.locator(f'details [aria-label="{table.title}"]')
        )
        cells = shown.first.locator("tbody th, tbody td").evaluate_all(
            "all => all.map(one => one.textContent)"
        )
        assert cells == [cell.text for row in table.rows for cell in row.cells], table.key
    assert page.get_by_role("heading", name="Files").count() == 0


def test_a_report_that_somebody_else_deletes_says_so_by_itself(
    place: Place, live_site: str, page: Page, watch: Watch
) -> None:
    sign_in(page, live_site, place.administrator)
    report = ask(page, live_site)
    delete_report(report=report, by=place.administrator)
    expect(page.locator("main")).to_contain_text("This report was deleted.")
    axe(page)


def test_the_count_follows_the_form(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    sign_in(page, live_site, place.administrator)
    page.goto(f"{live_site}{reverse('analytics:cohort')}")
    told = page.locator("form [aria-live]")
    expect(told).to_contain_text("2 patients would be in it, of 2")
    page.get_by_label("First tacrolimus dose up to").fill("2000-01-01")
    page.get_by_label("Renal involvement").focus()
    expect(told).to_contain_text("0 patients would be in it, of 2")
    page.get_by_label("Data up to").fill("")
    expect(told).to_contain_text("is told once")
    axe(page)
