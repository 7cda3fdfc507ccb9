"""No page shows a variable that its view does not give: Django would leave it out without a word."""

import re

import pytest
from django.template import engines
from django.urls import reverse

from tests.hazards import Place, make_place
from tests.sharing import made_once
from tests.test_access import TABLE, arguments_of

pytestmark = pytest.mark.django_db
MARKER = "[no such variable: %s]"
# Given where a template is included, and with a default for where they are not.
OPTIONAL = {"level", "q", "show"}


@made_once
def place() -> Place:
    return make_place()


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", MARKER)


def test_the_marker_is_shown() -> None:
    template = engines["django"].from_string("{{ level.ng_ml }}")
    assert template.render({"level": object()}) == MARKER % "level.ng_ml"


def test_every_page(place: Place) -> None:
    arguments = arguments_of(place)
    found = set()
    for who, user in (
        ("doctor", place.doctor),
        ("nurse", place.nurse),
        ("administrator", place.administrator),
    ):
        client = place.client(user)
        for row in TABLE:
            if getattr(row, who) != 200:
                continue
            answer = client.get(reverse(row.name, args=arguments[row.name]))
            page = b"".join(answer).decode(errors="replace")
            found |= {(row.name, name) for name in re.findall(re.escape(MARKER).replace("%s", "(.*?)"), page)}
    assert {missing for missing in found if missing[1] not in OPTIONAL} == set()
