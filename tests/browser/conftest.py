"""Chromium, and a site for it to visit."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.harness import Watch, launch
from tests.services.demonstration import Demonstration

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# A busy machine answers late; what never comes still fails.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the test's pages complained about; the test fails when it is not empty at the end."""
    watching = Watch()
    yield watching
    assert not watching.problems, "\n".join(watching.problems)


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A fresh profile: no cookie, no storage."""
    context = browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo")
    opened = context.new_page()
    watch.attach(opened)
    yield opened
    context.close()


@pytest.fixture
def live_site(live_server: object, page: Page) -> str:
    """The address of the site on the test's own database; the page ends before the database is emptied."""
    return str(live_server)


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Demonstration]:
    """`script/demo` in a folder of its own, with its web server and worker; can be restarted."""
    running = Demonstration(tmp_path / "var")
    running.start()
    yield running
    running.stop()
