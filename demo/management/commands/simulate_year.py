"""Lets a year of an invented clinic on tacrolimus pass, day by day, and says how its alerts behaved."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.simulation.clinic import Simulated, simulate
from demo.simulation.plan import Rates
from demo.simulation.report import SimulationCounts, findings
from dosing.assessment.nightly import differences

MOST_ACT_NOW, MOST = 1.0, 8.0
ENOUGH_WEEKS = 100  # a rate per 100 patient-weeks of fewer weeks says nothing


class Command(BaseCommand):
    help = "Simulate a year of a clinic in which everybody takes tacrolimus; fails when its alerts misbehave."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, default=38)
        parser.add_argument("--days", type=int, default=364)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        rates = Rates()
        self.stdout.write("Rates: " + ", ".join(f"{name} {rate:g}" for name, rate in asdict(rates).items()))
        result = simulate(options["patients"], options["days"], options["seed"], rates, self.stdout.write)
        found = findings(result, differences())
        self._tell(found, result)
        wrong = [*found.flapping, *found.doubled, *found.missed, *found.differences]
        act_now, every = found.per_100_weeks
        too_many = found.patient_weeks >= ENOUGH_WEEKS and (act_now > MOST_ACT_NOW or every > MOST)
        if wrong or too_many:
            raise CommandError("\n".join(["The alerts misbehave.", *wrong]))

    def _tell(self, found: SimulationCounts, result: Simulated) -> None:
        act_now, every = found.per_100_weeks
        lines = [f"  {rule}: {number}, act now {now}" for rule, (number, now) in found.by_rule.items()]
        nights = f"{result.killed} nightly checks killed half-way"
        self.stdout.write(
            f"{found.patient_weeks:.0f} patient-weeks, {nights}, {result.steps} taper steps taken"
        )
        self.stdout.write("\n".join(["Alerts by rule:", *lines]))
        self.stdout.write(f"Act now per 100 patient-weeks: {act_now:.2f} (at most {MOST_ACT_NOW:g})")
        self.stdout.write(f"All alerts per 100 patient-weeks: {every:.2f} (at most {MOST:g})")
        self.stdout.write(f"Planned work, counted apart: {found.tasks}")
        self.stdout.write(f"Dangers {found.dangers}, missed {len(found.missed)}")
        self.stdout.write(f"Flapping {len(found.flapping)}, doubled {len(found.doubled)}")
        self.stdout.write(f"Stored otherwise than judged: {len(found.differences)}")
