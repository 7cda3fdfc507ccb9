"""Nurses as programs: each signs in over HTTP and sends rows of the sheet of levels, like the page does."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

TIMEOUT_SECONDS = 60
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Sent:
    """What came back for one row: the status, how long it took, and the first of the page where it failed."""

    status: int
    seconds: float
    said: str


class Nurse:
    """One signed-in nurse with their cookies; the other roles sign in alike."""

    def __init__(self, port: int, username: str, password: str) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        token = TOKEN.search(self._ask("GET", "/accounts/login/")[1])
        assert token is not None
        answer, _page = self._ask(
            "POST",
            "/accounts/login/",
            {"username": username, "password": password, "csrfmiddlewaretoken": token[1]},
        )
        assert answer.status == 302, answer.status

    def send(self, row: dict[str, str]) -> Sent:
        """Save one row of the sheet."""
        began = time.perf_counter()
        answer, page = self._ask("POST", "/levels/rows/", row)
        return Sent(answer.status, time.perf_counter() - began, page[:2000])

    def read(self, path: str) -> str:
        """A page."""
        return self._ask("GET", path)[1]

    def post(self, path: str, form: dict[str, str]) -> str:
        """Send a form; returns where it leads."""
        answer, page = self._ask("POST", path, form)
        assert answer.status == 302, page
        return answer.headers["Location"]

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[HTTPResponse, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        connection.request(method, path, urlencode(form or {}), headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        for header, value in answer.getheaders():
            if header.lower() == "set-cookie":
                name, _, rest = value.partition("=")
                self.cookies[name] = rest.split(";")[0]
        connection.close()
        return answer, page


def row(patient: str, drawn: str, submission: str, value: str = "6.1") -> dict[str, str]:
    """A row as the sheet sends it; drawn as 2026-11-20T08:30."""
    return {
        "laboratory": "Central",
        "row-0-patient": patient,
        "row-0-drawn_at": drawn,
        "row-0-value": value,
        "row-0-submission": submission,
        "row-0-confirmed": "on",
    }
