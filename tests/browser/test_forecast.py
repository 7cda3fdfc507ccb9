"""A doctor looks at the forecast, tries what would be otherwise, and keeps their choice; a nurse reads it."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.clock import local_today
from accounts.models import Role
from demo.samples import base
from dosing.levels.services import record_level
from dosing.models import StoredForecast, TacrolimusLevel
from patients.rules.record import Episode
from patients.services.laboratory import laboratory_named
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.browser.test_print import pages
from tests.hazards import Place, make_place
from tests.sharing import made_once

LEVELS = ((80, "6.1"), (52, "5.4"), (24, "6.6"), (3, "5.8"))


@made_once
def place() -> Place:
    """A patient on 3 mg for 100 days with four morning levels."""
    today = local_today(make_place("Minato").clinic)
    dose = Episode(
        0, "tacrolimus", today - timedelta(days=100), Decimal(3), formulation="capsule", usual_time=time(20)
    )
    made = make_place("Shibuya", base.with_episodes(base.base_record(today), dose))
    laboratory = laboratory_named(clinic=made.clinic, name="Central", by=made.nurse)
    for days, ng_ml in LEVELS:
        day = today - timedelta(days=days)
        drawn = datetime.combine(day, time(9), tzinfo=ZoneInfo(made.clinic.time_zone))
        level = TacrolimusLevel(
            patient=made.patient,
            drawn_at=drawn,
            last_dose_at=drawn - timedelta(hours=13),
            dose_mg=Decimal(3),
            value_ng_ml=Decimal(ng_ml),
            entered=ng_ml,
            laboratory=laboratory,
        )
        record_level(level=level, by=made.nurse)
    return made


def address(place: Place, site: str) -> str:
    return f"{site}{reverse('dosing:forecast', args=[place.patient.pk])}"


def test_what_if_without_leaving_the_page(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}{reverse('patients:page', args=[place.patient.pk])}")
    settle(page)
    page.get_by_role("link", name="Forecast: the next level and each dose …").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Forecast of tacrolimus levels")
    said = page.locator("#otherwise")
    expect(said).to_contain_text("Change something above")
    here = page.url
    page.get_by_label("Tacrolimus, mg").select_option("2")
    expect(said).to_contain_text("in 90 of 100 patients like this one")
    expect(said).to_contain_text("Once settled")
    expect(said).to_contain_text("−")
    page.get_by_label("Prednisolone, mg/day").fill("a lot")
    page.get_by_label("Doses not taken").focus()
    expect(said).to_contain_text("Prednisolone, mg/day (now 10):")
    page.get_by_label("Prednisolone, mg/day").fill("5")
    page.get_by_label("Prednisolone, mg/day").press("Enter")
    expect(said).to_contain_text("Of 100 patients like this one:")
    assert page.url == here
    settle(page)


def test_a_choice_is_kept_and_leads_to_the_change(
    place: Place, live_site: str, page: Page, watch: Watch
) -> None:
    sign_in(page, live_site, place.doctor)
    page.goto(address(place, live_site))
    page.get_by_label("Dose chosen, mg").select_option("2.5")
    page.get_by_role("button", name="Keep forecast and choice").click()
    expect(page.get_by_text("Choose a reason").first).to_be_visible()
    assert not StoredForecast.objects.exists()
    page.get_by_label("Reason (needed unless 3 mg)").select_option("kidney")
    page.get_by_role("button", name="Keep forecast and choice").click()
    expect(page.get_by_text("Now change the dose itself.")).to_be_visible()
    kept = StoredForecast.objects.get()
    assert (kept.chosen_mg, kept.reason_code, kept.made_by) == (Decimal("2.5"), "kidney", place.doctor)
    settle(page)


def test_a_nurse_reads_it_and_chooses_nothing(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    sign_in(page, live_site, place.nurse)
    page.goto(address(place, live_site))
    expect(page.get_by_text("The model stands first: it uses 4 levels.")).to_be_visible()
    expect(page.get_by_role("button", name="Keep forecast and choice")).to_have_count(0)
    settle(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_accessible_and_no_wider_than_the_screen(
    place: Place, live_site: str, page: Page, watch: Watch, scheme: str, width: int
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_site, place.doctor)
    page.goto(address(place, live_site))
    page.get_by_text("The model", exact=True).click()
    page.get_by_text("Levels used, as a table").click()
    settle(page)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_the_table_and_the_picture_are_there(
    place: Place, live_site: str, page: Page, watch: Watch
) -> None:
    sign_in(page, live_site, place.doctor)
    page.goto(address(place, live_site))
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    said = page.inner_text("body")
    assert "Of 100 patients like this one" in said
    assert "Target 5–10 ng/ml, 13 h after the dose." in said
    assert "Your choice" not in said
    assert pages(page.pdf()) <= 3
    table = page.locator("table.doses")
    frame = table.locator("xpath=..")
    assert table.evaluate("one => one.scrollWidth") <= frame.evaluate("one => one.clientWidth") + 1


@pytest.mark.parametrize("who", [Role.RHEUMATOLOGIST, Role.ADMINISTRATOR])
def test_what_followed_is_there_for_doctors_and_administrators(
    place: Place, live_site: str, page: Page, watch: Watch, who: Role
) -> None:
    sign_in(page, live_site, place.doctor if who == Role.RHEUMATOLOGIST else place.administrator)
    page.goto(f"{live_site}{reverse('dosing:forecast_audit')}")
    expect(page.get_by_text("No kept forecast has met a level")).to_be_visible()
    axe(page)
