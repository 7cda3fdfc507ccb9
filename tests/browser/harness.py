"""Chromium for tests: starting it, watching what a page complains about, axe, and signing in."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response

from script.suite import chromium
from tests.signed_in import session_of

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# Nothing but our own site is asked for anything.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FIRST_ERROR_STATUS = 400
# The browser says this when the user leaves a page whose fragments still load.
LEFT_THE_PAGE = "net::ERR_ABORTED"
# It says this when signing out has wiped what the browser kept, as it should.
CLEARED_AT_SIGN_OUT = "Clear-Site-Data header on"


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium; raises when there is none, with the line to type."""
    program = os.environ.get("TEST_CHROMIUM") or chromium.installed()
    if program is None:
        raise RuntimeError(f"Chromium is needed. Type: sudo apt-get install {chromium.NAMES[0]}")
    return playwright.chromium.launch(executable_path=program, args=list(QUIET))


class Watch:
    """Collects what no page may do: console messages, script errors, failed requests, refused content.

    A refused script or style (Content-Security-Policy) reaches us as a console message. A test that asks for
    a refusal says so first: `watch.expect(403)`.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.expected: set[int] = set()

    def expect(self, *statuses: int) -> None:
        """Answers with these statuses are what the test is about."""
        self.expected.update(statuses)

    def attach(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("requestfailed", self._request_failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(CLEARED_AT_SIGN_OUT):
            return
        if not any(f"status of {status} " in message.text for status in self.expected):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request_failed(self, request: Request) -> None:
        if request.failure != LEFT_THE_PAGE:
            self.problems.append(f"request failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= FIRST_ERROR_STATUS and response.status not in self.expected:
            self.problems.append(f"answer {response.status}: {response.url}")


def eventually(page: Page, holds: Callable[[], bool], seconds: float = 15) -> None:
    """Wait, while the page goes on, for what the server does next."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


def axe(page: Page, *rules: str) -> None:
    """Fail with every accessibility rule that the page breaks, and where; rules: only these, none: all.

    The source is evaluated through the debugger, which the page's Content-Security-Policy does not govern;
    the page itself keeps its policy.
    """
    session = page.context.new_cdp_session(page)
    if _evaluate(session, "typeof window.axe") == "undefined":
        _evaluate(session, AXE.read_text())
    # Of rules that are kept it would name every element, which takes longer than to look at them.
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = rules
    run = f"axe.run(document, {json.dumps(options)}).then(result => JSON.stringify(result.violations))"
    answer = _evaluate(session, run)
    session.detach()
    broken = [
        f"{rule['id']}: {rule['help']} at {node['target']}: {node.get('failureSummary', '')}"
        for rule in json.loads(answer)
        for node in rule["nodes"]
    ]
    assert not broken, "axe found on " + page.url + ":\n" + "\n".join(broken)


def _evaluate(session: Any, expression: str) -> Any:
    answer = session.send(
        "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
    )
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")


def sign_in(page: Page, address: str, user: Any) -> None:
    """Give the page's browser a session of `user` without the login form, which has tests of its own."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
