"""Using a page without a mouse."""

from playwright.sync_api import Locator, Page

MOST_TABS = 400


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; fail when the keyboard cannot reach it."""
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def follow(page: Page, target: Locator) -> None:
    """Go to a link or button and press Enter; wait for the page and its panels."""
    tab_to(page, target)
    page.keyboard.press("Enter")
    settle(page)


def fill(page: Page, target: Locator, text: str) -> None:
    """Go to a field and type; a select takes the option that begins so."""
    tab_to(page, target)
    page.keyboard.type(text)


def tick(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Space")


def settle(page: Page) -> None:
    """Wait until every panel of the page has arrived."""
    page.wait_for_load_state("load")
    page.wait_for_function("() => !document.querySelector('.panel > .loading, .htmx-request')")
