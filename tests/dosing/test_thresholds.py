"""A number of the rules stands once: with another urgent level everything that people read says the other."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.urls import reverse

from dosing.forecast.chart import picture
from dosing.forecast.patient_forecast import forecast_patient
from dosing.forecast.serialization import numbers_json
from dosing.help import topic
from dosing.rules.levels import LevelCategory, interpret_level
from dosing.rules.levels.thresholds import LEVELS
from dosing.rules.treatment import Level
from tests.dosing.courses import NOW, TODAY
from tests.dosing.forecasts import with_levels
from tests.hazards import Place

HAND_WRITTEN = re.compile(r"\b\d+(\.\d+)?( |&nbsp;)ng/ml")


@pytest.fixture
def urgent_from_14(monkeypatch: pytest.MonkeyPatch) -> None:
    """The set that every module shares, with another urgent level."""
    monkeypatch.setitem(vars(LEVELS), "urgent_ng_ml", Decimal(14))


def page(place: Place, name: str) -> str:
    html = place.client(place.doctor).get(reverse(f"dosing:{name}", args=[place.patient.pk])).content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.usefixtures("urgent_from_14")
class TestWithAnotherUrgentLevel:
    def test_the_rule(self) -> None:
        found = interpret_level(Level(1, TODAY, Decimal(14)))
        assert found.category is LevelCategory.URGENT
        assert found.sentence.values["urgent"] == 14

    def test_the_help(self) -> None:
        text = topic("level_timing").text
        assert "From 14 ng/ml a level is urgent" in text and "15" not in text

    @pytest.mark.django_db
    class TestOfAPatient:
        @pytest.fixture(autouse=True)
        def clock(self) -> Iterator[Any]:
            with time_machine.travel(NOW, tick=False) as moved:
                yield moved

        @pytest.fixture
        def place(self) -> Place:
            return with_levels()

        def test_the_forecast_and_what_is_stored_of_it(self, place: Place) -> None:
            now = forecast_patient(place.patient)
            assert now.found is not None and now.inputs is not None
            assert now.inputs.question.urgent_ng_ml == 14
            stored = numbers_json(now.found, has_target=now.has_target)["next"]["urgent"]
            assert stored == {"limit_ng_ml": 14, "chance_at_or_above": round(now.found.next.urgent, 3)}

        def test_the_picture_reaches_it(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
            monkeypatch.setitem(vars(LEVELS), "urgent_ng_ml", Decimal(190))
            shown = picture(forecast_patient(place.patient, pictured=True))
            assert shown is not None
            assert max(int(word.text) for word in shown.words if word.kind == "number") >= 150

        def test_the_pages(self, place: Place) -> None:
            forecast = page(place, "forecast")
            assert "at 14 ng/ml or more" in forecast and "14 or more" in forecast
            assert "Levels of 14 ng/ml or more stay urgent" in page(place, "target")
            for name in ("forecast", "forecast_panel", "target", "levels_panel"):
                assert not re.search(r"15 ng/ml|15 or more", page(place, name)), name

        def test_the_command(self, place: Place) -> None:
            text, numbers = StringIO(), StringIO()
            call_command("forecast", place.patient.number, stdout=text)
            call_command("forecast", place.patient.number, "--json", stdout=numbers)
            assert "below/in/above/from 14" in text.getvalue()
            assert json.loads(numbers.getvalue())["next"]["urgent"]["limit_ng_ml"] == 14


class TestNoNumberByHand:
    """A concentration in the words of a page comes from the rules, as a placeholder."""

    @pytest.mark.parametrize("folder", ["templates", "static/js"])
    def test_in_pages_and_scripts(self, folder: str) -> None:
        files = [
            path for path in Path(settings.BASE_DIR, folder).rglob("*") if path.suffix in {".html", ".js"}
        ]
        found = [f"{path}: {hit[0]}" for path in files for hit in HAND_WRITTEN.finditer(path.read_text())]
        assert files and not found

    def test_in_help(self) -> None:
        sources = [Path(settings.BASE_DIR, app, "help.py").read_text() for app in ("patients", "dosing")]
        assert not [hit[0] for text in sources for hit in HAND_WRITTEN.finditer(text)]


def test_the_tag_gives_the_sets_in_force(urgent_from_14: None) -> None:
    template = "{% load thresholds facts %}{% thresholds as limits %}{{ limits.levels.urgent_ng_ml|written }}"
    assert Template(template).render(Context()) == "14"
