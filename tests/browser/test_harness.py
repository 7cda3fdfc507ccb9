"""The harness itself: what it must notice, it notices."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.harness import Watch, axe

INLINE_SCRIPT = """() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
}"""


@pytest.fixture
def unwatched(browser: Browser) -> Page:
    """A page whose complaints belong to the test."""
    return browser.new_context().new_page()


def test_an_inline_script_is_refused_and_noticed(live_site: str, unwatched: Page) -> None:
    watching = Watch()
    unwatched.goto(f"{live_site}/health/live")
    watching.attach(unwatched)
    with unwatched.expect_console_message():
        unwatched.evaluate(INLINE_SCRIPT)
    assert any("Content Security Policy" in problem for problem in watching.problems)
    assert unwatched.evaluate("() => window.ran") is None


def test_a_failed_answer_is_noticed_unless_expected(live_site: str, unwatched: Page) -> None:
    watching, expecting = Watch(), Watch()
    expecting.expect(404)
    watching.attach(unwatched)
    expecting.attach(unwatched)
    unwatched.goto(f"{live_site}/health/nowhere")
    assert any("404" in problem for problem in watching.problems)
    assert not [problem for problem in expecting.problems if problem.startswith("answer")]


def test_axe_finds_what_is_not_accessible(live_site: str, unwatched: Page) -> None:
    unwatched.goto(f"{live_site}/health/live")
    unwatched.evaluate("() => document.body.append(document.createElement('input'))")
    with pytest.raises(AssertionError, match="label"):
        axe(unwatched)
