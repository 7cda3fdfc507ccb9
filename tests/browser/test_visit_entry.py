"""Entering a visit as a doctor does all day: quickly, with what is known beside it, and two at once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.clock import local_today
from demo.samples import base
from patients.models import Laboratory, LaboratoryResult, Visit
from patients.services.laboratory import record_result
from tests.browser.harness import Watch, axe, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once

# The issue's own limit for a follow-up visit of an ordinary patient, besides typed numbers.
MOST_PRESSES = 25
TRIGGER = "Symptoms worse or C3 falling"


class Fingers:
    """Presses keys and clicks, and counts them; typed numbers do not count."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def click(self, selector: str) -> None:
        self.count += 1
        self.page.locator(selector).click()

    def numbers(self, *typed: str) -> None:
        """Numbers into one field after another, with Tab between them."""
        for number, text in enumerate(typed):
            if number:
                self.press("Tab")
            self.page.keyboard.type(text)


@made_once
def place() -> Place:
    return make_place("Entry", record=base.base_record(date.today()))


@pytest.fixture
def form(place: Place, live_site: str, page: Page) -> Page:
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/patients/{place.patient.pk}/visits/new/")
    settle(page)
    return page


def test_a_follow_up_visit_takes_few_key_presses(place: Place, live_site: str, page: Page) -> None:
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/patients/{place.patient.pk}/")
    settle(page)
    fingers = Fingers(page)
    fingers.press("n")
    page.wait_for_url("**/visits/new/")
    settle(page)
    fingers.click("#symptoms [data-copy-all]")
    fingers.click("#id_swollen_joints")
    fingers.numbers("0", "0")
    fingers.click("#joints [data-answer-rest]")
    fingers.click("#sledai [data-accept-all]")
    fingers.click("#sledai [data-answer-rest]")
    fingers.click("#organs [data-answer-rest]")
    fingers.click("#id_systolic_mm_hg")
    fingers.numbers("118", "72", "70", "36.5", "52", "36.8", "95", "0.8")
    expect(page.locator("#id_physician_global")).to_have_value("0.8")
    fingers.click("button[name=sign]")
    expect(page.locator("#messages")).to_contain_text("The visit is signed")
    assert fingers.count <= MOST_PRESSES
    visit = Visit.objects.signed().get(patient=place.patient, on=local_today(place.clinic))
    assert (visit.inflamed_joints, visit.weight_kg, visit.adherence_percent) == (0, 52, 95)
    assert visit.sledai_seizure is False and visit.organ_myocarditis is False


def test_a_first_time_user_goes_by_what_the_page_says(place: Place, live_site: str, page: Page) -> None:
    """By number to the patient, then by the words on the buttons until nothing is left open."""
    last = Visit.objects.signed().filter(patient=place.patient).latest("on")
    Visit.objects.filter(pk=last.pk).update(rash_severity=1, rash_attribution="yes")
    sign_in(page, live_site, place.doctor)
    page.goto(live_site)
    fingers = Fingers(page)
    fingers.press("/")
    fingers.numbers("1")
    fingers.press("Enter")
    fingers.click("text='New visit'")
    settle(page)
    fingers.click("#id_rash_severity")
    fingers.numbers("0")
    fingers.press("Enter")
    fingers.click("#symptoms >> text='Fill the rest: none'")
    fingers.click("#id_swollen_joints")
    fingers.numbers("0", "0")
    fingers.click("#joints >> text='Fill the rest: no'")
    fingers.click("#sledai >> text=/Accept what was measured/")
    fingers.click("#sledai >> text='Fill the rest: no'")
    fingers.click("#organs >> text='Fill the rest: no'")
    fingers.click("#id_systolic_mm_hg")
    fingers.numbers("118", "72", "70", "36.5", "52", "36.8", "95", "0.8")
    expect(page.locator("#still-open")).to_have_text("Nothing is left open.")
    fingers.click("button:text-is('Sign')")
    expect(page.locator("#messages")).to_contain_text("The visit is signed")
    assert fingers.count <= MOST_PRESSES
    visit = Visit.objects.signed().get(patient=place.patient, on=local_today(place.clinic))
    assert (visit.rash_severity, visit.sledai_rash, visit.weight_kg) == (0, False, 52)


def test_f2_copies_the_last_value_and_marks_it(form: Page) -> None:
    rash = form.get_by_label("rash", exact=True)
    rash.focus()
    form.keyboard.press("F2")
    expect(rash).to_have_value("0")
    row = form.get_by_role("group", name="Rash").first
    copied = row.locator(".copied-mark").first
    expect(copied).to_be_visible()
    rash.select_option("2")
    expect(copied).to_be_hidden()
    expect(form.locator("#changes")).to_contain_text("Rash: 0 none → 2 moderate")


def test_the_same_number_written_otherwise_is_no_change(form: Page, place: Place) -> None:
    """A weight of 55.0 kg is the 55 kg of the last visit, and is copied as people write it."""
    Visit.objects.signed().filter(patient=place.patient).update(weight_kg=55)
    form.reload()
    weight, changes = form.get_by_label("Weight, kg"), form.locator("#changes")
    weight.focus()
    form.keyboard.press("F2")
    expect(weight).to_have_value("55")
    weight.fill("55.0")
    expect(changes).to_have_text("Nothing yet.")
    weight.fill("55.5")
    expect(changes).to_have_text("Weight, kg: 55 → 55.5")


def test_a_symptom_that_is_gone_takes_no_cause_from_the_last_visit(form: Page, place: Place) -> None:
    last = Visit.objects.signed().filter(patient=place.patient).latest("on")
    Visit.objects.filter(pk=last.pk).update(
        rash_severity=1, rash_attribution="yes", fever_severity=1, fever_attribution="no"
    )
    form.reload()
    form.get_by_label("rash", exact=True).select_option("0")
    form.get_by_role("button", name="Fill the rest: as at the last visit").first.click()
    expect(form.get_by_label("fever", exact=True)).to_have_value("1")
    expect(form.get_by_label("fever: due to SLE?")).to_have_value("no")
    expect(form.get_by_label("rash: due to SLE?")).to_have_value("")


def test_what_is_still_open_is_said_until_it_is_answered(form: Page) -> None:
    """Numbers from the form: 6 symptoms, 24 SLEDAI items, 7 organs; each name leads to its section."""
    still_open = form.locator("#still-open")
    for said in ("Still open:", "Symptoms 6", "SLEDAI-2K 24", "Organs 7"):
        expect(still_open).to_contain_text(said)
    still_open.get_by_role("link", name="Organs 7").click()
    expect(form.get_by_role("heading", name="Other organs")).to_be_in_viewport()
    form.locator("#organs [data-answer-rest]").click()
    expect(still_open).not_to_contain_text("Organs")


def test_sign_stays_where_it_is_while_the_words_above_it_change(form: Page) -> None:
    sign, signed = form.get_by_role("button", name="Sign", exact=True), form.locator("#if-signed")
    expect(signed).to_contain_text("cannot tell")
    before = sign.bounding_box()
    form.get_by_label("rash", exact=True).select_option("2")
    form.locator("#symptoms [data-answer-rest]").click()
    expect(form.locator("#changes")).to_contain_text("Rash")
    expect(form.locator("[data-draft]")).to_contain_text("Draft kept")
    assert sign.bounding_box() == before


def test_proposals_are_taken_by_a_key_never_by_themselves(form: Page) -> None:
    item = form.locator("fieldset[data-code=proteinuria]")
    expect(item.get_by_role("radio", name="not assessed")).to_be_checked()
    proposal = item.locator("[data-accept]")
    expect(proposal).to_contain_text("g/g")
    proposal.focus()
    form.keyboard.press("Enter")
    expect(item.get_by_role("radio", name="no", exact=True)).to_be_checked()
    expect(item.locator(".asks")).to_be_hidden()
    item.get_by_role("radio", name="yes").check()
    expect(item.locator(".asks")).to_be_visible()


def test_the_rail_follows_every_answer(form: Page) -> None:
    total, signed = form.locator("#sledai-total"), form.locator("#if-signed")
    expect(total).to_have_text("0 – 105, 24 items open")
    expect(signed).to_contain_text("cannot tell")
    form.locator("#sledai [data-answer-rest]").click()
    expect(total).to_have_text("0")
    rash = form.locator("fieldset[data-code=rash]")
    rash.get_by_role("radio", name="yes").check()
    expect(total).to_have_text("2")
    rash.get_by_role("combobox").select_option("no")
    expect(form.locator("#sledai-original")).to_have_text("original SLEDAI: 0")
    rash.get_by_role("combobox").select_option("yes")
    expect(form.locator("#sledai-original")).to_have_text("original SLEDAI: 2")


def test_the_answers_stand_in_their_items(form: Page) -> None:
    item = form.locator("fieldset[data-code=fever]")
    around, answer = item.bounding_box(), item.get_by_role("radio", name="yes").bounding_box()
    assert around and answer
    assert around["x"] <= answer["x"] and answer["x"] + answer["width"] <= around["x"] + around["width"]
    assert around["y"] <= answer["y"] and answer["y"] + answer["height"] <= around["y"] + around["height"]


def test_the_verdict_if_signed_now(form: Page) -> None:
    """A rash that is worse than before, with everything else answered, meets the criteria."""
    signed = form.locator("#if-signed")
    form.locator("#symptoms [data-answer-rest]").click()
    form.locator("#joints [data-answer-rest]").click()
    form.locator("#sledai [data-answer-rest]").click()
    form.locator("#organs [data-answer-rest]").click()
    expect(signed).to_contain_text(TRIGGER)
    form.get_by_label("rash", exact=True).select_option("2")
    form.get_by_label("rash: due to SLE?").select_option("yes")
    expect(signed).to_contain_text(f"{TRIGGER}: Rash")
    form.get_by_label("Weight, kg").fill("5o")
    expect(signed).to_contain_text("Not counted, because it cannot be read yet: Weight, kg")
    assert not Visit.objects.filter(signed_at=None).exists()


def test_two_editors(form: Page, browser: Browser, place: Place, live_site: str, watch: Watch) -> None:
    """The nurse saves first; the doctor sees both versions, chooses, and loses nothing."""
    watch.expect(409)
    form.get_by_label("Note", exact=True).fill("doctor's note")
    form.get_by_label("Weight, kg").fill("61")
    expect(form.locator("[data-draft]")).to_contain_text("Draft kept")
    nurse = browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo").new_page()
    sign_in(nurse, live_site, place.nurse)
    nurse.goto(f"{live_site}/patients/{place.patient.pk}/visits/new/")
    expect(nurse.get_by_text("is typing in this form too")).to_be_visible()
    nurse.get_by_label("Weight, kg").fill("51")
    nurse.get_by_label("Heart rate").fill("70")
    nurse.get_by_role("button", name="Save without signing").click()
    expect(nurse.locator("#messages")).to_contain_text("The visit is saved")
    nurse.context.close()
    form.get_by_role("button", name="Save without signing").click()
    expect(form.get_by_role("heading", name="Two versions of the visit")).to_be_visible()
    axe(form)
    weight = form.get_by_role("row").filter(has_text="Weight")
    expect(weight.get_by_text("both changed")).to_be_visible()
    weight.get_by_role("radio", name="51").check()
    form.get_by_role("button", name="Save without signing").click()
    expect(form.locator("#messages")).to_contain_text("The visit is saved")
    visit = Visit.objects.get(patient=place.patient, on=local_today(place.clinic))
    assert (visit.note, visit.weight_kg, visit.heart_rate_per_minute) == ("doctor's note", 51, 70)


def test_an_amendment_shows_what_it_would_change(place: Place, live_site: str, page: Page) -> None:
    """The amended visit is replaced in the question, not asked beside itself."""
    visit = Visit.objects.signed().filter(patient=place.patient).latest("on")
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/patients/{place.patient.pk}/visits/{visit.pk}/amend/")
    settle(page)
    signed = page.locator("#if-signed")
    expect(signed).to_contain_text("No criterion changes")
    page.get_by_label("rash", exact=True).select_option("2")
    page.get_by_label("rash: due to SLE?").select_option("yes")
    expect(signed).to_contain_text(TRIGGER)
    page.get_by_label("rash", exact=True).select_option("0")
    expect(signed).to_contain_text("No criterion changes")


def test_a_sheet_of_results_with_the_keyboard(place: Place, live_site: str, page: Page) -> None:
    """Enter goes down the results, F2 takes method and limit of the last one, nothing is taken by itself."""
    measured_before = Laboratory.objects.get(clinic=place.clinic)
    last = LaboratoryResult(
        patient=place.patient, analyte="dsdna", value=14, entered="14", method="ELISA", upper_limit=12,
        laboratory=measured_before, collected_at=timezone.now() - timedelta(days=30),
    )  # fmt: skip
    record_result(result=last, by=place.doctor)
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/patients/{place.patient.pk}/laboratory/new/?analyte=dsdna")
    row = page.get_by_role("row").filter(has=page.locator("#id_dsdna_value"))
    expect(page.locator("#id_dsdna_value")).to_be_focused()
    expect(page.locator("#id_dsdna_method")).to_have_value("")
    page.keyboard.type("9")
    page.keyboard.press("F2")
    expect(row).to_contain_text("ELISA, upper limit 12")
    expect(page.locator("#id_dsdna_method")).to_have_value("ELISA")
    page.keyboard.press("Enter")
    expect(page.locator("#id_dsdna_value")).not_to_be_focused()
    page.get_by_role("button", name="Save the results").click()
    expect(page.locator("#messages")).to_contain_text("1 result is saved.")
    saved = LaboratoryResult.objects.latest("pk")
    assert (saved.method, saved.upper_limit, saved.value) == ("ELISA", 12, 9)


def test_enter_above_the_sheet_goes_to_its_first_result(place: Place, live_site: str, page: Page) -> None:
    """The day is offered; whoever agrees with it by Enter has not sent an empty sheet."""
    sign_in(page, live_site, place.nurse)
    page.goto(f"{live_site}/patients/{place.patient.pk}/laboratory/new/")
    expect(page.locator("#id_collected_on")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#id_c3_value")).to_be_focused()
    expect(page.get_by_text("Nothing was saved yet")).to_have_count(0)


def test_classifying_item_by_item(place: Place, live_site: str, page: Page) -> None:
    """The total and what it says follow each answer; what the record shows is taken by one key."""
    sign_in(page, live_site, place.doctor)
    page.goto(f"{live_site}/patients/{place.patient.pk}/classification/eular_acr_2019/new/")
    settle(page)
    result, total = page.locator("#classification-result"), page.locator("#classification-total")
    expect(result).to_contain_text("Open")
    page.locator("[data-answer-rest]").click()
    expect(total).to_have_text("0")
    expect(result).to_contain_text("not classified")
    for code in ("ana", "joints", "fever", "low_c3_or_c4"):
        page.locator(f"[data-code={code}]").get_by_role("radio", name="yes").check()
    expect(total).to_have_text("11")
    expect(result).to_have_text("SLE is classified.")
    axe(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("SLE is classified (11)")
