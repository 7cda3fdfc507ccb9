"""On paper: the patient page is one summary, a form shows what is filled in, the dark scheme stays off."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.clock import local_today
from accounts.models import Role
from accounts.services import create_user
from demo.samples.load import load_samples
from patients.models import Patient
from patients.services import visits
from tests.browser.harness import sign_in
from tests.hazards import PASSWORD, Place, make_place
from tests.sharing import made_once

pytestmark = pytest.mark.usefixtures("transactional_db")
WHITE = "rgb(255, 255, 255)"


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture
def today(place: Place) -> date:
    return local_today(place.clinic)


def pages(pdf: bytes) -> int:
    """How many sheets a PDF has."""
    return pdf.count(b"/Type /Page\n")


def opened(page: Page, site: str, address: str) -> str:
    """The text that is visible on paper."""
    page.goto(site + address)
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    return page.inner_text("body")


def test_the_patient_page_is_a_summary_of_two_sheets(page: Page, live_site: str, place: Place) -> None:
    sign_in(page, live_site, place.doctor)
    text = opened(page, live_site, reverse("patients:page", args=[place.patient.pk]))
    diagnosed = place.patient.diagnosis
    assert diagnosed is not None
    for said in (
        "Test Person", "Consider tacrolimus", "Prednisolone stable", "Criterion C2 · Source: Study:",
        "Safety before start", "Last signed visit", "Rash 2", "86–160 mg/dl",
        f"Diagnosis of SLE {diagnosed.earliest:%b %Y}", "renal involvement: yes", "Data as of",
    ):  # fmt: skip
        assert said in text, said
    assert "Hydroxychloroquine\t200 mg every day" in text
    for screen in ("New visit", "Start tacrolimus …", "Sign out", "days ago", "Earlier results", "Loading"):
        assert screen not in text, screen
    assert 1 <= pages(page.pdf(prefer_css_page_size=True)) <= 2


def test_the_dark_scheme_stays_off_on_paper(page: Page, live_site: str, place: Place) -> None:
    sign_in(page, live_site, place.doctor)
    page.emulate_media(color_scheme="dark")
    opened(page, live_site, reverse("patients:page", args=[place.patient.pk]))
    colours = "element => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]"
    assert page.eval_on_selector(".panel", colours) == ["rgb(0, 0, 0)", WHITE]


def test_a_visit_form_prints_what_is_filled_in(page: Page, live_site: str, place: Place, today: date) -> None:
    values = {
        "sledai_rash": True,
        "sledai_fever": False,
        "rash_severity": 1,
        "note": "One line.\nAnother line.",
    }
    visit = visits.open_visit(patient=place.patient, on=today, values=values, by=place.doctor)
    sign_in(page, live_site, place.doctor)
    text = opened(page, live_site, reverse("patients:visit", args=[place.patient.pk, visit.pk]))
    assert "SLEDAI-2K" in text and "Save without signing" not in text
    chosen = page.eval_on_selector_all(
        '[name="sledai_rash"]',
        "all => all.filter(one => one.closest('label').offsetParent).map(one => one.value)",
    )
    assert chosen == ["yes"]
    note = page.locator('[name="note"]')
    assert note.is_visible() and note.evaluate("box => box.scrollHeight <= box.clientHeight")
    assert note.evaluate("box => getComputedStyle(box).borderTopStyle") == "none"


def test_a_history_prints_what_is_folded_away(page: Page, live_site: str, place: Place, today: date) -> None:
    sign_in(page, live_site, place.doctor)
    text = opened(page, live_site, reverse("patients:history", args=[place.patient.pk]))
    assert "prednisolone from" in text and "Show everything" not in text


def test_the_chart_of_a_treated_patient_is_one_sheet(page: Page, live_site: str) -> None:
    """Everything that stands now, of a patient with levels, a taper, other drugs and an adverse event."""
    load_samples(lambda _line: None)
    patient = Patient.objects.get(number="1027")
    doctor = create_user(
        username="chart-doctor", password=PASSWORD, role=Role.RHEUMATOLOGIST, clinics=[patient.clinic]
    )
    sign_in(page, live_site, doctor)
    text = opened(page, live_site, reverse("dosing:chart", args=[patient.pk]))
    for said in (
        "Nagata Eri", "Keep 3 mg", "6.9 ng/ml", "Go: 8 mg", "LLDAS", "Responder", "rosuvastatin", "tremor",
        "SLEDAI-2K 0", "Creatinine", "Next step of the taper: 8 mg", "Data as of",
    ):  # fmt: skip
        assert said.casefold() in text.casefold(), said
    assert pages(page.pdf(prefer_css_page_size=True)) == 1
