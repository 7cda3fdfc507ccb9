"""Chromium, and a site for it to visit.

Here a test's writes are committed, since the site's threads have connections of their own. What it found is
put back after it from a copy of the whole database, which costs less than to empty eighty tables.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.browser.harness import Watch, launch
from tests.browser.requests import RequestsUnderWay
from tests.browser.snapshot import Snapshot
from tests.services.conftest import loaded
from tests.services.demonstration import Demonstration
from tests.sharing import made_for

__all__ = ["loaded"]

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


@pytest.fixture(scope="module")
def _made_for_the_module(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Any]:
    """See `made_once`; here it is committed."""
    with django_db_blocker.unblock():
        empty = Snapshot()
        made = made_for(request.module.__name__)
    yield made
    with django_db_blocker.unblock():
        empty.restore()


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's, whose transaction the site's threads could not look into."""
    with django_db_blocker.unblock():
        found = Snapshot()
        yield
        found.restore()


@pytest.fixture
def transactional_db(db: None) -> None:
    """In place of pytest-django's, which empties every table."""


@pytest.fixture(scope="session")
def under_way() -> RequestsUnderWay:
    return RequestsUnderWay()


@pytest.fixture
def page(browser: Browser, watch: Watch, under_way: RequestsUnderWay, db: None) -> Iterator[Page]:
    """A fresh profile: no cookie, no storage. It ends before the database is put back.

    A page that closes may still send its draft, which must not reach the next test's database.
    """
    context = browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo")
    opened = context.new_page()
    watch.attach(opened)
    yield opened
    context.close()
    under_way.wait_until_none()


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[LiveServer]:
    """One server for all tests, in this process."""
    server = LiveServer("localhost")
    with server._live_server_modified_settings:
        yield server
    server.stop()


@pytest.fixture
def live_site(site: LiveServer, page: Page) -> str:
    """The address of the site on the test's own database."""
    return site.url


@pytest.fixture
def demonstration(loaded: Path, tmp_path: Path) -> Iterator[Demonstration]:
    """`script/demo` in a folder of its own, with its web server and worker; can be restarted."""
    running = Demonstration(Path(shutil.copytree(loaded, tmp_path / "var")))
    running.start()
    yield running
    running.stop()
