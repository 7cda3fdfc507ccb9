"""A nurse logs levels without touching the mouse; what fails stays in its row; a minute to take one back."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Route, expect

from demo.samples import base
from dosing.models import Alert, TacrolimusLevel
from patients.models import DoseEpisode, Draft, Laboratory
from patients.rules.dates import PartialDate
from patients.rules.record import Episode
from patients.services.importing import Identity, import_record
from patients.services.registration import register_patient
from tests.browser.harness import Watch, axe, eventually, sign_in
from tests.browser.keyboard import settle
from tests.hazards import Place, make_place
from tests.sharing import made_once

TOKYO = ZoneInfo("Asia/Tokyo")


def record_of(today: date, mg: str) -> object:
    started = Episode(0, "tacrolimus", today - timedelta(days=60), Decimal(mg))
    return base.with_episodes(base.base_record(today), started)


@made_once
def place() -> Place:
    """Two patients on tacrolimus, whose usual time is eight in the evening."""
    today = date.today() - timedelta(days=1)
    made = make_place("Levels", record_of(today, "3"))  # type: ignore[arg-type]
    import_record(
        record=record_of(today, "2"),  # type: ignore[arg-type]
        identity=Identity("2", "Sato", "Yuki"),
        clinic=made.clinic,
        by=made.doctor,
    )
    for episode in DoseEpisode.objects.filter(drug="tacrolimus"):
        episode.usual_time = time(20)
        episode.save()
    Laboratory.objects.create(clinic=made.clinic, name="Central")
    return made


@pytest.fixture
def sheet(place: Place, live_site: str, page: Page) -> Page:
    sign_in(page, live_site, place.nurse)
    page.goto(f"{live_site}/levels/")
    settle(page)
    page.get_by_label("Laboratory").fill("Central")
    page.locator(".level-row [name$=-patient]").focus()
    return page


def type_row(page: Page, patient: str, value: str) -> None:
    """Letters of the name, Enter to choose, F2 for what is offered, the level, Enter to save.

    The dose was taken twelve hours ago, whatever the time of day of the test.
    """
    page.keyboard.type(patient)
    expect(page.get_by_role("option").first).to_be_visible()
    for key in ("Enter", "F2", "Enter", "F2", "Enter", "F2"):
        page.keyboard.press(key)
    expect(page.locator("[name$=-last_dose_at]:focus")).not_to_have_value("")
    taken = datetime.now(TOKYO) - timedelta(hours=12)
    page.locator("[name$=-last_dose_at]:focus").fill(f"{taken:%Y-%m-%dT%H:%M}")
    page.keyboard.press("Enter")
    page.keyboard.type(value)
    page.keyboard.press("Enter")


def test_two_levels_by_keyboard_alone(sheet: Page, place: Place) -> None:
    type_row(sheet, "tes", "7.4")
    type_row(sheet, "sat", "16")
    saved = sheet.locator(".level-saved")
    expect(saved).to_have_count(2)
    expect(saved.nth(0)).to_contain_text("in range 5–10")
    expect(saved.nth(1)).to_contain_text("Act now")
    first, second = TacrolimusLevel.objects.order_by("pk")
    assert (first.dose_mg, second.dose_mg) == (3, 2)
    assert first.last_dose_at is not None and first.last_dose_at < first.drawn_at
    assert Alert.objects.unresolved().filter(rule="level_high", patient=second.patient).count() == 1
    axe(sheet)


def test_nothing_is_filled_in_by_itself(sheet: Page) -> None:
    sheet.keyboard.type("tes")
    expect(sheet.get_by_role("option").first).to_be_visible()
    sheet.keyboard.press("Enter")
    for name in ("dose_mg", "last_dose_at", "drawn_at"):
        expect(sheet.locator(f".level-row [name$=-{name}]")).to_have_value("")
    expect(sheet.get_by_role("button", name="3 mg today (F2)")).to_be_visible()


def test_an_error_stays_on_its_row_while_the_next_is_typed(sheet: Page, watch: Watch) -> None:
    watch.expect(422)
    type_row(sheet, "tes", "7,4")
    expect(sheet.locator(".level-row.has-error")).to_contain_text("7.4")
    type_row(sheet, "sat", "6.1")
    expect(sheet.locator(".level-saved")).to_have_count(1)
    wrong = sheet.locator(".level-row.has-error [name$=-value]")
    expect(wrong).to_have_value("7,4")
    wrong.fill("7.4")
    sheet.keyboard.press("Enter")
    expect(sheet.locator(".level-saved")).to_have_count(2)
    assert TacrolimusLevel.objects.count() == 2


def test_the_next_row_is_ready_before_the_server_answers(sheet: Page) -> None:
    waiting: list[Route] = []
    sheet.route("**/levels/rows/", lambda route: waiting.append(route))  # noqa: PLW0108 - Playwright marks it
    type_row(sheet, "tes", "7.4")
    expect(sheet.locator("[name='row-1-patient']")).to_be_focused()
    sheet.keyboard.type("sat")
    waiting[0].continue_()
    expect(sheet.locator(".level-saved")).to_have_count(1)
    expect(sheet.locator("[name='row-1-patient']")).to_have_value("sat")
    expect(sheet.locator("[name='row-1-patient']")).to_be_focused()


def test_without_a_connection_the_row_stays_and_is_kept(sheet: Page, watch: Watch, place: Place) -> None:
    sheet.route("**/levels/rows/", lambda route: route.abort())
    type_row(sheet, "tes", "7.4")
    row = sheet.locator(".level-row").first
    expect(row).to_contain_text("Not saved")
    sheet.wait_for_function("() => document.querySelector('[data-draft]').textContent.includes('Draft kept')")
    watch.problems.clear()
    # The page may have kept an earlier state before this one.
    eventually(
        sheet,
        lambda: (
            ["7.4"] in [draft.fields.get("row-0-value") for draft in Draft.objects.filter(user=place.nurse)]
        ),
    )
    sheet.unroute("**/levels/rows/")
    sheet.reload()
    settle(sheet)
    expect(sheet.locator("[name='row-0-value']")).to_have_value("7.4")
    sheet.locator("[name='row-0-value']").press("Enter")
    expect(sheet.locator(".level-saved")).to_have_count(1)
    assert TacrolimusLevel.objects.count() == 1


def test_taken_back_at_once(sheet: Page) -> None:
    type_row(sheet, "tes", "25")
    expect(sheet.locator(".level-saved")).to_contain_text("hold the next dose")
    sheet.locator(".level-saved").get_by_role("button", name="Undo").click()
    expect(sheet.locator(".level-undone")).to_contain_text("Taken back")
    level = TacrolimusLevel.objects.get()
    assert level.voided_at is not None
    assert not Alert.objects.unresolved().filter(rule="level_high").exists()


def test_saving_leaves_no_draft_behind(sheet: Page, place: Place) -> None:
    type_row(sheet, "tes", "7.4")
    expect(sheet.locator(".level-saved")).to_have_count(1)
    sheet.goto(sheet.url.split("?")[0])
    settle(sheet)
    assert not Draft.objects.unfinished_of(place.nurse).exists()


def test_a_moment_is_said_in_words_before_it_is_saved(sheet: Page) -> None:
    """The draw in three keys, the dose in four; a day without a time is said to lack it."""
    sheet.keyboard.type("tes")
    expect(sheet.get_by_role("option").first).to_be_visible()
    for key in ("Enter", "Enter"):
        sheet.keyboard.press(key)
    sheet.keyboard.type("y 830")
    sheet.keyboard.press("Enter")
    sheet.keyboard.type("900p")
    sheet.keyboard.press("Enter")
    drawn = datetime.now(TOKYO) - timedelta(days=1)
    said = sheet.locator(".level-row").first.locator("[data-understood]")
    expect(said.nth(0)).to_contain_text(f"{drawn.day} {drawn:%b %Y}, 08:30")
    taken = drawn - timedelta(days=1)
    expect(said.nth(1)).to_contain_text(f"{taken.day} {taken:%b %Y}, 21:00")
    sheet.locator("[name$=-last_dose_at]").first.fill(f"{taken:%m/%d}")
    sheet.keyboard.press("Enter")
    expect(said.nth(1)).to_contain_text("Give the time too")
    axe(sheet)


def test_of_several_patients_enter_takes_nobody(sheet: Page, place: Place) -> None:
    register_patient(
        clinic=place.clinic, by=place.nurse, number="78", sex="F", family_name="Testa", given_name="Bo",
        birth=PartialDate.parse("1970"),
    )  # fmt: skip
    sheet.keyboard.type("tes")
    expect(sheet.get_by_role("option")).to_have_count(2)
    sheet.keyboard.press("Enter")
    expect(sheet.locator(".level-row").first).to_contain_text("Several patients")
    expect(sheet.locator("[name$=-patient]").first).to_have_value("tes")
    sheet.keyboard.press("ArrowDown")
    sheet.keyboard.press("Enter")
    expect(sheet.locator("[name$=-patient]").first).not_to_have_value("tes")
    expect(sheet.locator("[name$=-dose_mg]").first).to_be_focused()
