"""Each error page has its status, and the reference that the response header and the log share."""

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.house.conftest import Lines

pytestmark = [pytest.mark.urls("tests.house.failing_urls"), pytest.mark.django_db]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing/here/", 404),
        ("/house/refuse", 403),
        ("/house/suspect?name=x", 400),
        ("/house/fail?name=x", 500),
    ],
)
def test_an_error_page_shows_the_reference_of_its_request(visitor: Client, path: str, status: int) -> None:
    response = visitor.get(path)
    assert response.status_code == status
    reference = response["X-Request-Reference"]
    assert len(reference) == 8
    assert reference in response.content.decode()


def test_two_requests_have_two_references(visitor: Client) -> None:
    assert visitor.get("/a")["X-Request-Reference"] != visitor.get("/a")["X-Request-Reference"]


def test_a_form_without_its_token_gets_a_page_of_its_own() -> None:
    response = Client(enforce_csrf_checks=True).post("/house/read", {"a": "1"})
    assert response.status_code == 403
    assert next(template.name for template in response.templates) == "errors/403_csrf.html"
    assert response["X-Request-Reference"] in response.content.decode()


def test_a_request_that_declares_too_much_is_refused_unread(visitor: Client, settings: LazySettings) -> None:
    settings.MAX_REQUEST_BYTES = 1000
    assert visitor.post("/house/read", {"note": "x" * 500}).status_code == 200
    response = visitor.post("/house/read", {"note": "x" * 1000})
    assert response.status_code == 413
    assert response["X-Request-Reference"] in response.content.decode()


def test_fields_beyond_the_form_size_are_too_large(visitor: Client, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert visitor.post("/house/read", {"note": "x" * 1001}).status_code == 413


def test_more_fields_than_any_form_has_are_too_large(visitor: Client, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert visitor.post("/house/read", {"a": "1", "b": "2", "c": "3"}).status_code == 200
    assert visitor.post("/house/read", {"a": "1", "b": "2", "c": "3", "d": "4"}).status_code == 413


def test_a_failure_is_logged_with_its_place_and_reference(visitor: Client, log_lines: Lines) -> None:
    response = visitor.get("/house/fail?name=x")
    (line,) = [line for line in log_lines() if line["event"] == "request_failed"]
    assert line["reference"] == response["X-Request-Reference"]
    assert line["exception"][0] == "RuntimeError"
    assert "ValueError" in line["exception"]
    assert any("failing_urls.py" in place and place.endswith(" fail") for place in line["exception"])


def test_when_even_the_error_page_fails_the_reference_is_still_shown(
    visitor: Client, settings: LazySettings
) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    response = visitor.get("/house/fail?name=x")
    assert response.status_code == 500
    assert response["X-Request-Reference"] in response.content.decode()
