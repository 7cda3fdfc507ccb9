"""Makes the README's pictures from a running, fresh demonstration: python docs/screenshots.py ADDRESS."""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Username").fill("doctor")
    page.get_by_label("Password").fill("demonstration")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{name}.png")


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        sign_in(page, address)
        take(page, "worklist")
        page.get_by_role("link", name="Abe Rin").first.click()
        take(page, "patient")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
