"""`manage.py forecast`: the same as the page, as text and as JSON."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from dosing.models import TacrolimusLevel
from patients.messages import sentence
from tests.dosing.courses import NOW, TODAY, paused
from tests.dosing.forecasts import now_of, with_levels

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("forecast", *arguments, stdout=out)
    return out.getvalue()


def test_as_json_what_the_page_says() -> None:
    place = with_levels()
    now = now_of(place)
    assert now.found is not None
    found = json.loads(told("1", "--json"))
    assert found["next"]["median_ng_ml"] == round(now.found.next.median, 2)
    assert found["target_ng_ml"] == [5.0, 10.0]
    assert [row["mg"] for row in found["doses"]] == [row.option.mg for row in now.rows]
    assert found["marked_dose_mg"] == 3.0
    assert found["leads_with"] == "model"
    assert (found["model"], found["levels_used"], found["refused"]) == ("woillard2011", 4, [])
    assert "Haematocrit (%) is not known: 38 is assumed" in found["warnings"]


def test_as_text() -> None:
    place = with_levels()
    now = now_of(place)
    lines = told("1").splitlines()
    row = now.rows[5].option.outlook
    of_today = next(line for line in lines if line.lstrip().startswith("3.0 "))
    assert f"{row.median:.1f} ({row.nine_tenths[0]:.1f}–{row.nine_tenths[1]:.1f})" in of_today
    assert "/".join(map(str, row.of_100)) in of_today and "today's dose" in of_today
    assert lines[0].startswith("Patient 1, 2026-11-20: 4 levels, model woillard2011")
    assert "Stands first: model. Marked dose: 3 mg. Target: 5–10 ng/ml" in lines[2]
    text = "\n".join(lines)
    assert all(sentence(row) in text for row in (*now.mark.sentences, *now.covariate_summary, *now.warnings))
    assert "settles on 2026-11-23; draw from 2026-11-25 on" in text
    assert "CYP3A5, not tested: " in text


def test_where_no_target_holds_no_chance_is_told() -> None:
    place = with_levels()
    for row in TacrolimusLevel.objects.all():
        row.last_dose_at = row.drawn_at - timedelta(hours=24)
        row.save()
    text, numbers = told("1"), json.loads(told("1", "--json"))
    assert "None" not in text
    assert "–/–/–/0" in text
    assert numbers["next"]["chance_within"] is None
    assert numbers["target_ng_ml"] is None
    assert now_of(place).mark.row is None


def test_what_the_rules_ask_for_first_is_said() -> None:
    with_levels(*((34 - 7 * n, "8") for n in range(4)), (1, "21"))
    text = told("1")
    assert "Stands first: none. Marked dose: none." in text
    assert "No dose is marked: the rules ask for something else first" in text


def test_refused_with_the_reason() -> None:
    place = with_levels()
    paused(place, TODAY - timedelta(days=2))
    assert "Tacrolimus is not taken today" in told("1")
    assert json.loads(told("1", "--json"))["refused"] == [
        "Tacrolimus is not taken today: there is no level to forecast"
    ]


def test_whose() -> None:
    with_levels()
    with_levels(name="Second")
    with pytest.raises(CommandError, match="Several clinics"):
        told("1")
    assert told("1", "--clinic", "Second")
    with pytest.raises(CommandError, match="No such patient"):
        told("77")
