"""Makes the pictures of `docs/` from a running, fresh demonstration: python docs/screenshots.py ADDRESS."""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
WIDE, PHONE = (1280, 900), (390, 844)
TALL = 3000
PATIENT = "Mori Aya"
TOKYO = ZoneInfo("Asia/Tokyo")


def sign_in(
    browser: Browser, address: str, user: str, size: tuple[int, int] = WIDE, dark: bool = False
) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        timezone_id="Asia/Tokyo",
    )
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill("demonstration")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    return page


def take(page: Page, name: str, whole: bool = False) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{name}.png", full_page=whole)


def open_patient(page: Page, address: str, name: str = PATIENT) -> str:
    """The patient's page; returns its address."""
    page.goto(f"{address}/patients/?q={name}")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state("networkidle")
    return page.url


def doctors_pages(browser: Browser, address: str) -> None:
    page = sign_in(browser, address, "doctor")
    take(page, "worklist")
    open_patient(page, address, "Abe Rin")
    take(page, "patient")
    patient = open_patient(page, address)
    open_patient(page, address, "Nagata Eri")
    take(page, "treatment")
    page.set_viewport_size({"width": WIDE[0], "height": TALL})  # so that the banner lies over nothing
    page.get_by_role("region", name="Prednisolone taper").screenshot(path=HERE / "taper.png")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.get_by_role("link", name="Summary for the chart").click()
    take(page, "chart")
    page.goto(f"{patient}visits/new/")
    page.locator("#symptoms [data-copy-all]").click()
    page.locator("#sledai [data-accept-all]").click()
    page.locator("#sledai").scroll_into_view_if_needed()
    take(page, "visit")
    page.goto(f"{patient}laboratory/new/")
    take(page, "laboratory")
    page.goto(f"{patient}classification/eular_acr_2019/new/")
    take(page, "classification")
    page.goto(f"{patient}history/")
    take(page, "history")


def forecast(browser: Browser, address: str) -> None:
    """A patient with four levels on tacrolimus."""
    page = sign_in(browser, address, "doctor")
    open_patient(page, address, "Nagata Eri")
    page.get_by_role("link", name="Forecast: the next level and each dose …").click()
    take(page, "forecast", whole=True)


def time_axis(browser: Browser, address: str) -> None:
    """A patient of the reconstructed cohort, who has a year of tacrolimus behind them."""
    page = sign_in(browser, address, "doctor")
    page.goto(f"{address}/patients/?q=TS10")
    page.locator("main tbody a").first.click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("region", name="Time axis").first.screenshot(path=HERE / "time-axis.png")


def nurses_pages(browser: Browser, address: str) -> None:
    """One level of an invented patient is really logged, and taken back."""
    page = sign_in(browser, address, "nurse")
    page.goto(f"{address}/levels/")
    page.get_by_label("Laboratory").fill("City laboratory (invented)")
    page.locator("[name=row-0-patient]").fill("1027")
    page.locator("[name=row-0-dose_mg]").fill("3")
    for name, hours in (("last_dose_at", 12), ("drawn_at", 0)):
        moment = datetime.now(TOKYO) - timedelta(hours=hours)
        page.locator(f"[name=row-0-{name}]").fill(f"{moment:%Y-%m-%dT%H:%M}")
    page.locator("[name=row-0-value]").fill("7.4")
    page.keyboard.press("Enter")
    page.locator(".level-saved").wait_for()
    take(page, "levels")
    page.get_by_role("button", name="Undo").click()
    page.locator(".level-undone").wait_for()


def administrators_report(browser: Browser, address: str) -> None:
    """The report of the reconstructed cohort, made by the demonstration's worker."""
    page = sign_in(browser, address, "admin")
    page.goto(f"{address}/cohort/")
    names = page.get_by_label("Clinic").locator("option").all_inner_texts()
    page.get_by_label("Clinic").select_option(label=next(name for name in names if "reconstructed" in name))
    page.get_by_role("button", name="Make the report").click()
    section = page.locator("#steroid")
    section.wait_for(timeout=120_000)
    section.locator("svg").last.wait_for()
    section.screenshot(path=HERE / "report.png")


def others_pages(browser: Browser, address: str) -> None:
    page = sign_in(browser, address, "admin")
    page.goto(f"{address}/accounts/administration/settings/")
    page.get_by_role("link", name="Demonstration clinic").first.click()
    take(page, "settings")
    page = sign_in(browser, address, "doctor", dark=True)
    open_patient(page, address, "Abe Rin")
    take(page, "patient-dark")
    page = sign_in(browser, address, "nurse", size=PHONE)
    open_patient(page, address)
    take(page, "patient-phone")


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        doctors_pages(browser, address)
        forecast(browser, address)
        time_axis(browser, address)
        nurses_pages(browser, address)
        administrators_report(browser, address)
        others_pages(browser, address)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
