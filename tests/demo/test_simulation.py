"""The simulated year: what it draws, and that it notices alerts that misbehave."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from random import Random
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.clock import local_today, pretending
from accounts.models import Clinic
from demo.management.commands import simulate_year
from demo.simulation import clinic as simulated
from demo.simulation.plan import CONTROLS, Rates, course, dangers
from dosing.models import Alert, TacrolimusLevel, Task
from dosing.rules import watching
from dosing.rules.case import Case
from dosing.rules.findings import AlertFinding, Severity
from dosing.rules.signals import kidney
from dosing.rules.signals.matter import matter
from patients.rules.verdict import say

pytestmark = pytest.mark.django_db
CERTAIN = Rates(
    level_missed=0,
    creatinine_rise=1,
    flare=1,
    interacting_drug=1,
    high_potassium=1,
    muscle=1,
    new_statin=1,
    diarrhoea=1,
)
SEED_WITH_AN_EARLY_RISE = 6
QUIET = Rates(**dict.fromkeys(Rates.__dataclass_fields__, 0.0))


def run(patients: int = 3, days: int = 40, seed: int = 5) -> str:
    said = StringIO()
    call_command("simulate_year", patients=patients, days=days, seed=seed, stdout=said)
    return said.getvalue()


class TestPlan:
    def test_the_same_seed_is_the_same_year(self) -> None:
        assert course(Random(7), Rates()) == course(Random(7), Rates())
        assert course(Random(7), Rates()) != course(Random(8), Rates())

    def test_controls_follow_the_calendar_of_the_specification(self) -> None:
        """4.4: day 7, weeks 4, 8 and 12, then every eight weeks to 52; a few days early or late."""
        found = [day for day, happens in course(Random(1), QUIET).items() if happens.visit]
        assert CONTROLS == (7, 28, 56, 84, 140, 196, 252, 308, 364)
        assert all(abs(day - planned) <= 3 for day, planned in zip(found, CONTROLS, strict=False))

    def test_everything_that_can_go_wrong_goes_wrong(self) -> None:
        rules = {rule for seed in range(30) for _day, rule in dangers(course(Random(seed), CERTAIN))}
        assert rules == {"kidney", "potassium", "muscle", "level_high", "interaction"}
        assert list(dangers(course(Random(1), QUIET))) == []

    def test_rates_are_rates(self) -> None:
        years = [course(Random(seed), Rates()) for seed in range(2000)]
        rises = sum(any(rule == "kidney" for _day, rule in dangers(year)) for year in years)
        assert 0.07 < rises / len(years) < 0.13
        levels = [day.level_ng_ml for year in years for day in year.values() if day.visit]
        missed = sum(level is None for level in levels) / len(levels)
        assert 0.08 < missed < 0.12


class TestRun:
    def test_two_months_of_three_patients(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(simulated, "KILL_EVERY", 20)
        said = run()
        assert "Flapping 0, doubled 0" in said
        assert "Stored otherwise than judged: 0" in said
        assert "2 nightly checks killed half-way" in said
        assert TacrolimusLevel.objects.count() > 3
        assert Task.objects.filter(kind="control", state="settled").exists()

    def test_each_day_is_judged_as_of_itself(self) -> None:
        """Day by day: an alert is raised on the day of the result that it rests on."""
        result = simulated.simulate(1, 70, SEED_WITH_AN_EARLY_RISE, CERTAIN, lambda _line: None)
        raised = Alert.objects.filter(rule="kidney").values_list("raised_on", flat=True)
        planned = [day for year in result.courses.values() for day, rule in dangers(year) if rule == "kidney"]
        assert [result.since + timedelta(days=planned[0])] == list(raised)


class TestItNotices:
    def test_a_danger_without_its_alert(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("demo.management.commands.simulate_year.Rates", lambda: CERTAIN)
        without = tuple(watch for watch in watching.signals.WATCHED if watch is not kidney.raised)
        monkeypatch.setattr(watching.signals, "WATCHED", without)
        with pytest.raises(CommandError, match="kidney"):
            run(patients=1, days=70, seed=SEED_WITH_AN_EARLY_RISE)

    def test_an_alert_that_flaps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def every_other_day(case: Case) -> Iterator[AlertFinding]:
            if case.on.toordinal() % 2:
                yield matter("odd_days", Severity.KNOW, say("odd"), ())

        monkeypatch.setattr(watching, "WATCHERS", (every_other_day,))
        with pytest.raises(CommandError, match="odd_days"):
            run(patients=1, days=12)

    def test_too_many_alerts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def many(case: Case) -> Iterator[AlertFinding]:
            for number in range(5):
                yield matter("many", Severity.KNOW, say("many"), (), subject=str(number))

        monkeypatch.setattr(watching, "WATCHERS", (many,))
        monkeypatch.setattr(simulate_year, "ENOUGH_WEEKS", 1)
        with pytest.raises(CommandError, match="misbehave"):
            run(patients=1, days=12)


@pytest.mark.parametrize("hour", [0, 13, 23])
def test_every_simulated_day_is_over_at_any_hour(hour: int) -> None:
    """In a clinic where it is one o'clock at night, the morning's sample of today lies ahead."""
    zone = ZoneInfo(Clinic(name="anywhere").time_zone)
    days = min(day for day, happens in course(Random(5), CERTAIN).items() if happens.level_ng_ml)
    with time_machine.travel(datetime(2026, 11, 24, hour, 30, tzinfo=zone), tick=False):
        result = simulated.simulate(1, days, 5, CERTAIN, lambda _line: None)
    assert result.since + timedelta(days=days) == date(2026, 11, 23)
    assert TacrolimusLevel.objects.get(drawn_at__date=date(2026, 11, 23))


def test_a_pretended_day_ends_with_its_block() -> None:
    clinic = Clinic.objects.create(name="Clock")
    real = local_today(clinic)
    with pretending(date(2020, 2, 29)):
        assert local_today(clinic) == date(2020, 2, 29)
    assert local_today(clinic) == real
