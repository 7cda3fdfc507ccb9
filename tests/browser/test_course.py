"""A doctor reads the proposal for the next dose on the patient page and follows it."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.clock import local_today
from demo.samples import base
from dosing.levels.services import record_level
from dosing.models import TacrolimusLevel
from patients.models import DoseEpisode
from patients.rules.record import Episode
from patients.services.laboratory import laboratory_named
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once


@made_once
def place() -> Place:
    """A patient on 3 mg for 40 days whose level of yesterday morning is above the range."""
    made = make_place("Minato")
    today = local_today(made.clinic)
    taken = base.with_episodes(
        base.base_record(today),
        Episode(0, "tacrolimus", today - timedelta(days=40), Decimal(3), formulation="capsule"),
    )
    made = make_place("Shibuya", taken)
    drawn = datetime.combine(today - timedelta(days=1), time(8, 30), tzinfo=ZoneInfo(made.clinic.time_zone))
    level = TacrolimusLevel(
        patient=made.patient,
        drawn_at=drawn,
        last_dose_at=drawn - timedelta(hours=12),
        dose_mg=Decimal(3),
        value_ng_ml=Decimal("11.8"),
        entered="11.8",
        laboratory=laboratory_named(clinic=made.clinic, name="Central", by=made.nurse),
    )
    record_level(level=level, by=made.nurse)
    return made


def test_following_the_proposal(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    sign_in(page, live_site, place.doctor)
    home = f"{live_site}{reverse('patients:page', args=[place.patient.pk])}"
    page.goto(home)
    panel = page.get_by_role("region", name="Tacrolimus", exact=True)
    expect(panel.get_by_text("Reduce to 2 mg")).to_be_visible()
    settle(page)
    axe(page)
    panel.get_by_role("link", name="Change the dose …").click()
    page.get_by_label("Dose, mg once daily in the evening").fill("2")
    page.get_by_label("First evening at this dose").fill(local_today(place.clinic).isoformat())
    page.get_by_role("button", name="Change the dose of tacrolimus").click()
    expect(page.get_by_text("Your decision is kept, with what was proposed.")).to_be_visible()
    expect(panel.get_by_text("The dose was lowered after 11.8 ng/ml")).to_be_visible()
    settle(page)
    last = DoseEpisode.objects.filter(patient=place.patient, drug="tacrolimus").latest("start")
    assert (last.dose_mg, last.formulation) == (2, "capsule")


@pytest.mark.parametrize("name", ["change_dose", "pause", "stop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_form_is_accessible_and_fits_a_phone(
    place: Place, live_site: str, page: Page, watch: Watch, name: str, scheme: str
) -> None:
    sign_in(page, live_site, place.doctor)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_site}{reverse(f'dosing:{name}', args=[place.patient.pk])}")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)


def test_the_panel_on_paper_has_no_buttons(place: Place, live_site: str, page: Page, watch: Watch) -> None:
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}{reverse('patients:page', args=[place.patient.pk])}")
    settle(page)
    page.emulate_media(media="print")
    panel = page.get_by_role("region", name="Tacrolimus", exact=True)
    expect(panel.get_by_text("Reduce to 2 mg")).to_be_visible()
    expect(panel.get_by_text("Change the dose …")).to_be_hidden()
