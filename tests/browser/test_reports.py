"""A report in Chromium: asked for, watched, read, downloaded; and who may not."""

from __future__ import annotations

import csv
import io
from datetime import date
from zipfile import ZipFile

import openpyxl
import pypdf
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import AuditExport
from analytics import jobs
from analytics.models import Report
from demo.study.load import load_patient
from demo.study.rows import read_rows
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once

CUT_OFF = date(2014, 1, 1)
# One responder of the study's reconstruction, and the two with an adverse event.
CHOSEN = ("TS01", "TS23", "TS38")


@made_once
def place() -> Place:
    place = make_place("Reports")
    for row in read_rows():
        if row.patient in CHOSEN:
            load_patient(row, place.clinic, place.doctor)
    return place


@pytest.fixture
def asked(place: Place, live_site: str, page: Page) -> Report:
    """A report that the administrator asked for in the browser; their page shows that it waits."""
    sign_in(page, live_site, place.administrator)
    page.goto(f"{live_site}{reverse('analytics:cohort')}")
    settle(page)
    axe(page)
    choice = page.get_by_label("Renal involvement")
    assert choice.evaluate("element => getComputedStyle(element).appearance") == "auto"
    page.get_by_label("Data up to").fill(CUT_OFF.isoformat())
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_text("waiting for the worker")).to_be_visible()
    return Report.objects.get()


def test_from_the_form_to_the_files(
    asked: Report, page: Page, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    seen: list[str] = []
    tell = jobs._tell

    def told(report: Report, step: str, done: int, total: int) -> None:
        tell(report, step, done, total)
        if step.startswith("Reckoning") and not seen:
            expect(page.locator("[aria-live=polite]").last).to_contain_text(step)
            seen.append(step)

    monkeypatch.setattr(jobs, "_tell", told)
    assert jobs.run(asked.pk)
    assert seen
    expect(page.get_by_role("heading", name="Table 2. Before and after")).to_be_visible()
    expect(page.locator("[data-plot] svg")).to_have_count(8)
    axe(page)
    files = {
        name: downloaded(page, name) for name in ("report.pdf", "report.xlsx", "tables.zip", "report.zip")
    }
    on_page = lines(page)
    with ZipFile(io.BytesIO(files["tables.zip"])) as archive:
        text = archive.read("table_2_before_after.csv").decode("utf-8-sig")
    of_csv = [line[2::2] for line in csv.reader(io.StringIO(text))][1:]
    assert of_csv == on_page and len(on_page) == 7
    sheet = openpyxl.load_workbook(io.BytesIO(files["report.xlsx"]))["table_2_before_after"]
    assert str(sheet["B2"].value) == on_page[0][1] == "2"
    assert len(pypdf.PdfReader(io.BytesIO(files["report.pdf"])).pages) > 5
    with ZipFile(io.BytesIO(files["report.zip"])) as archive:
        assert archive.read("report.pdf") == files["report.pdf"]
    taken = AuditExport.objects.filter(clinic=place.clinic, subject="cohort_report")
    assert taken.count() == len(files)


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as waited:
        page.get_by_role("link", name=name, exact=True).click()
    return waited.value.path().read_bytes()


def lines(page: Page) -> list[list[str]]:
    """The cells of a table of the report as they are read on the page."""
    table = page.get_by_role("region", name="Table 2. Before and after", exact=True)
    rows = table.locator("tbody tr")
    return [rows.nth(place).locator("th, td").all_inner_texts() for place in range(rows.count())]


def test_cancelled_and_tried_again(asked: Report, page: Page) -> None:
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cancelled", exact=True)).to_be_visible()
    assert not jobs.run(asked.pk)
    axe(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("waiting for the worker")).to_be_visible()


def test_a_report_deleted_while_somebody_reads_it(asked: Report, page: Page, watch: Watch) -> None:
    jobs.run(asked.pk)
    expect(page.get_by_role("link", name="report.pdf")).to_be_visible()
    second = page.context.new_page()
    second.goto(page.url)
    second.once("dialog", lambda dialog: dialog.accept())
    second.get_by_role("button", name="Delete the report").click()
    expect(second.locator("#messages")).to_contain_text("deleted")
    page.reload()
    expect(page.get_by_text("This report was deleted.")).to_be_visible()
    axe(page)


def test_a_bad_day_says_so_beside_its_field(place: Place, live_site: str, page: Page) -> None:
    sign_in(page, live_site, place.administrator)
    page.goto(f"{live_site}{reverse('analytics:cohort')}")
    page.get_by_label("Data up to").fill("2999-01-01")
    page.get_by_role("button", name="Make the report").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".field-error")).to_contain_text("This day lies ahead")
    expect(page.get_by_label("Data up to")).to_have_value("2999-01-01")
    assert not Report.objects.exists()


def test_a_nurse_finds_no_cohort(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    sign_in(page, live_site, place.nurse)
    expect(page.get_by_role("link", name="Cohort")).to_have_count(0)
    answer = page.request.get(f"{live_site}{reverse('analytics:cohort')}")
    assert answer.status == 403
