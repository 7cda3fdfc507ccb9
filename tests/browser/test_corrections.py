"""A nurse corrects a result from the patient's page; a rheumatologist keeps an assay; both by keyboard."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from patients.models import Assay, Draft, LaboratoryResult
from patients.services.laboratory import correct_result, laboratory_named, record_result
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def place(transactional_db: None) -> Place:
    return make_place()


@pytest.fixture
def potassium(place: Place) -> LaboratoryResult:
    moment = datetime.now(TOKYO).replace(hour=0, minute=1, second=0, microsecond=0) - timedelta(days=1)
    row = LaboratoryResult(
        patient=place.patient, analyte="potassium", value=Decimal("6.4"), entered="6.4 mmol/L",
        collected_at=moment, laboratory=laboratory_named(clinic=place.clinic, name="Central", by=place.nurse),
    )  # fmt: skip
    return record_result(result=row, by=place.nurse)


def test_a_result_is_corrected_from_the_patients_page(
    place: Place, potassium: LaboratoryResult, live_site: str, page: Page, watch: Watch
) -> None:
    sign_in(page, live_site, place.nurse)
    page.goto(f"{live_site}/patients/{place.patient.pk}/")
    page.get_by_role("link", name=re.compile("Correct.*Potassium")).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Correct Potassium")
    value = page.get_by_label("Potassium", exact=True)
    expect(value).to_have_value("6.4")
    value.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("4,6")
    page.get_by_label("Why is it corrected?").fill("digits swapped")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Write the decimal with a point: 4.6")
    expect(page.get_by_label("Why is it corrected?")).to_have_value("digits swapped")
    axe(page)
    value.fill("4.6")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("The result is corrected")
    expect(page.locator(".history")).to_contain_text("6.4 mmol/l → 4.6 mmol/l")
    expect(page.locator(".history")).to_contain_text("digits swapped")
    axe(page)
    assert not Draft.objects.unfinished_of(place.nurse).exists()


def test_both_versions_are_seen_after_somebody_else_was_first(
    place: Place, potassium: LaboratoryResult, live_site: str, page: Page, watch: Watch
) -> None:
    watch.expect(409)
    sign_in(page, live_site, place.nurse)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_site}/patients/{place.patient.pk}/laboratory/{potassium.pk}/correct/")
    settle(page)
    page.get_by_label("Potassium", exact=True).fill("4.6")
    page.get_by_label("Why is it corrected?").fill("digits swapped")
    correct_result(
        result=potassium, values={"value": Decimal("5.1"), "entered": "5.1 mmol/L"}, reason="reread",
        by=place.doctor, expected_version=1,
    )  # fmt: skip
    page.get_by_role("button", name="Save the correction").click()
    both = page.get_by_role("region", name="Both versions")
    expect(both).to_contain_text("5.1 mmol/l")
    expect(both).to_contain_text("4.6 mmol/l")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)
    page.get_by_role("button", name="Save the correction").click()
    expect(page.locator(".history")).to_contain_text("5.1 mmol/l → 4.6 mmol/l")


def test_an_assay_is_added_changed_and_withdrawn(
    place: Place, live_site: str, page: Page, watch: Watch
) -> None:
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/accounts/administration/settings/")
    page.get_by_role("link", name="Laboratories and assays").click()
    page.get_by_role("link", name="Add an assay").click()
    page.get_by_label("Laboratory", exact=False).first.fill("Central")
    page.get_by_label("Analyte, and the unit of its limits").select_option("c3")
    page.get_by_label("Lower limit").fill("160")
    page.get_by_label("Upper limit").fill("70")
    page.get_by_label("Why?").fill("leaflet")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("must be above the lower limit")
    axe(page)
    page.get_by_label("Lower limit").fill("70")
    page.get_by_label("Upper limit").fill("160")
    page.get_by_role("button", name="Save the assay").click()
    expect(page.get_by_role("status").first).to_contain_text("The assay is kept")
    axe(page)
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Analytical variation").fill("4")
    page.get_by_label("Why?").fill("new lot")
    page.get_by_role("button", name="Save the assay").click()
    expect(page.get_by_role("region", name="History")).to_contain_text("new lot")
    page.get_by_text("Withdraw this assay").click()
    page.get_by_label("Why?").fill("closed")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("status").first).to_contain_text("withdrawn")
    axe(page)
    assert not Assay.objects.exists()
