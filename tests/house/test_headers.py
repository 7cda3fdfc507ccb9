"""What every response tells the browser."""

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory

from tacsle_site import client as requester

# Every directive a page needs, and no more; style attributes and inline scripts stay refused.
POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def test_the_content_security_policy_is_exactly_this(visitor: Client) -> None:
    sent = visitor.get("/health/live")["Content-Security-Policy"]
    assert set(sent.split("; ")) == POLICY


@pytest.mark.parametrize(("header", "value"), HEADERS.items())
def test_a_page_has_its_security_headers(visitor: Client, header: str, value: str) -> None:
    assert visitor.get("/health/live")[header] == value


def test_browser_features_are_off(visitor: Client) -> None:
    policy = visitor.get("/health/live")["Permissions-Policy"]
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policy.split(", "))


@pytest.mark.django_db
@pytest.mark.urls("tests.house.failing_urls")
def test_an_error_page_has_them_too(visitor: Client) -> None:
    response = visitor.get("/house/fail?name=x")
    assert response.status_code == 500
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_vendored_file_is_served_and_may_be_cached(visitor: Client) -> None:
    response = visitor.get("/static/vendor/htmx/htmx.min.js")
    assert response.status_code == 200
    assert "max-age" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()


@pytest.mark.django_db
@pytest.mark.urls("tests.house.failing_urls")
def test_a_view_that_says_nothing_about_login_asks_for_it(visitor: Client) -> None:
    response = visitor.get("/house/private")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/house/private"


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "expected"),
    [
        (False, "203.0.113.9", "192.0.2.1"),
        (True, "", "192.0.2.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        # The client wrote the first, our proxy the last.
        (True, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
    ],
)
def test_an_address_is_forwarded_by_our_own_proxy_only(
    settings: LazySettings, rf: RequestFactory, behind_proxy: bool, forwarded: str, expected: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert requester.address(rf.get("/", REMOTE_ADDR="192.0.2.1", headers=headers)) == expected
