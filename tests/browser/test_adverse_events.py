"""A nurse reports an adverse event, a doctor reads the report, confirms it, and prints it on one sheet."""

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.clock import local_today
from demo.samples import base
from dosing.models import AdverseEvent
from dosing.rules.naranjo import QUESTIONS
from patients.rules.record import Episode
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.browser.test_print import opened, pages
from tests.hazards import Place, make_place
from tests.rules.test_naranjo import RHABDOMYOLYSIS
from tests.sharing import made_once


@made_once
def place() -> Place:
    """The study's first case: seven days on tacrolimus and a statin, CK 1 240 U/l today."""
    today = local_today(make_place("Minato").clinic)
    record = base.with_episodes(
        base.base_record(today),
        Episode(0, "tacrolimus", today - timedelta(days=7), Decimal(3), formulation="capsule"),
        Episode(0, "atorvastatin", today - timedelta(days=400), Decimal(10)),
    )
    return make_place("Shibuya", base.with_results(record, "ck", (today, "1240")))


def home(live_site: str, place: Place) -> str:
    return f"{live_site}{reverse('patients:page', args=[place.patient.pk])}"


def report(page: Page, live_site: str, place: Place) -> None:
    """The nurse's part."""
    sign_in(page, live_site, place.nurse)
    page.goto(home(live_site, place))
    # A panel that arrives between the press and the release of the mouse takes the link away with it.
    settle(page)
    page.get_by_role("link", name="Report an adverse event").click()
    page.get_by_label("What happened", exact=True).select_option("rhabdomyolysis")
    page.get_by_label("Began").fill(local_today(place.clinic).isoformat())
    page.get_by_label("CTCAE grade").select_option("3")
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_text("The event is reported. A doctor confirms it.")).to_be_visible()


def test_a_nurse_reports_and_a_doctor_confirms(
    place: Place, live_site: str, page: Page, watch: Watch
) -> None:
    report(page, live_site, place)
    expect(page.get_by_text("reported, to be confirmed")).to_be_visible()

    sign_in(page, live_site, place.doctor)
    page.goto(home(live_site, place))
    expect(page.get_by_text("reported, not yet confirmed by a doctor").first).to_be_visible()
    panel = page.get_by_role("region", name="List of adverse events")
    expect(panel.get_by_text("reported, to be confirmed")).to_be_visible()
    settle(page)
    axe(page)
    panel.get_by_role("link", name="Rhabdomyolysis").click()
    page.get_by_role("link", name="Complete and confirm").click()
    expect(page.get_by_text("is grade 3 (CPK increased)")).to_be_visible()
    page.get_by_label("Serious", exact=True).select_option(label="no")
    for question in QUESTIONS:
        field = page.locator(f"[name=naranjo_{question.code}][value={RHABDOMYOLYSIS[question.code].value}]")
        field.check()
    page.get_by_role("button", name="Save and confirm").click()
    # Clinical specification 4.7: these replies are 4 points, possible.
    expect(page.get_by_text("Naranjo: 4, possible")).to_be_visible()
    assert AdverseEvent.objects.get().confirmed_by == place.doctor

    page.goto(home(live_site, place))
    expect(panel.get_by_text("confirmed", exact=True)).to_be_visible()
    settle(page)
    expect(page.get_by_text("reported, not yet confirmed by a doctor")).to_have_count(0)


def test_the_report_prints_on_one_sheet_with_a_line_to_sign(
    place: Place, live_site: str, page: Page, watch: Watch
) -> None:
    report(page, live_site, place)
    event = AdverseEvent.objects.get()
    text = opened(page, live_site, reverse("dosing:adverse_event", args=[place.patient.pk, event.pk]))
    for said in ("Rhabdomyolysis", "Day 7 of tacrolimus", "Atorvastatin", "Date, signature", "Data as of"):
        assert said in text, said
    for screen in ("History of this event", "Sign out", "Change"):
        assert screen not in text, screen
    assert pages(page.pdf(prefer_css_page_size=True)) == 1
