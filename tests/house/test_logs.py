"""No patient in the log, whatever goes wrong."""

import logging

import pytest
from django.test import Client

from accounts.models import Role, User
from tacsle_site.logs import log
from tests.house.conftest import Lines

NAME = "Sato Yuki"
database = pytest.mark.django_db
failing = pytest.mark.urls("tests.house.failing_urls")


@database
@failing
@pytest.mark.parametrize(
    "path", ["/house/fail", "/house/suspect", "/house/read", "/nothing/here/", "/house/private"]
)
def test_a_name_in_query_and_form_never_reaches_the_log(
    visitor: Client, log_lines: Lines, capfd: pytest.CaptureFixture[str], path: str
) -> None:
    visitor.post(f"{path}?name={NAME}", {"name": NAME})
    visitor.get(f"{path}?name={NAME}")
    written = str(log_lines()) + "".join(capfd.readouterr())
    assert "request" in written
    assert "Sato" not in written
    assert "Yuki" not in written


@database
@failing
def test_a_request_leaves_one_line_that_names_the_view_and_not_the_path(
    visitor: Client, log_lines: Lines
) -> None:
    visitor.get("/house/read?name=x")
    (line,) = [line for line in log_lines() if line["event"] == "request"]
    assert {key: line[key] for key in ("method", "view", "status", "user")} == {
        "method": "GET",
        "view": "house-read",
        "status": 200,
        "user": None,
    }
    assert line["milliseconds"] >= 0
    assert "house/read" not in str(line)


@database
@failing
def test_the_line_names_the_signed_in_user_by_id(client: Client, log_lines: Lines) -> None:
    user = User.objects.create_user("abe", password="a long pass phrase", role=Role.NURSE)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/house/private").status_code == 200
    (line,) = [line for line in log_lines() if line["event"] == "request"]
    assert line["user"] == user.pk
    assert "abe" not in str(line)


def test_a_style_sheet_leaves_no_line(visitor: Client, log_lines: Lines) -> None:
    b"".join(visitor.get("/static/vendor/htmx/htmx.min.js"))
    assert log_lines() == []


def test_a_path_that_nobody_serves_is_not_repeated(visitor: Client, log_lines: Lines) -> None:
    visitor.get("/health/live")
    visitor.get("/static/Sato-Yuki.css")
    assert "Sato" not in str(log_lines())


def test_a_key_that_nobody_declared_safe_is_dropped_and_named(log_lines: Lines) -> None:
    log.info("job", task="sweep", surname=NAME)
    (line,) = log_lines()
    assert line["task"] == "sweep"
    assert line["dropped"] == ["surname"]
    assert NAME not in str(line)


def test_a_library_message_is_kept_without_its_values(log_lines: Lines) -> None:
    logging.getLogger("some.library").warning("cannot read %s", NAME)
    (line,) = log_lines()
    assert line["event"] == "cannot read %s"
    assert line["logger"] == "some.library"


def test_a_security_message_is_replaced(log_lines: Lines) -> None:
    logging.getLogger("django.security.DisallowedHost").error(f"Invalid host {NAME}")
    (line,) = log_lines()
    assert line["event"] == "suspicious"
    assert line["logger"] == "django.security.DisallowedHost"


def test_an_exception_is_kept_without_its_message(log_lines: Lines) -> None:
    try:
        raise KeyError(NAME)
    except KeyError:
        logging.getLogger("some.library").exception("failed")
    (line,) = log_lines()
    assert line["exception"][0] == "KeyError"
    assert line["exception"][1].endswith("test_an_exception_is_kept_without_its_message")
    assert NAME not in str(line)
