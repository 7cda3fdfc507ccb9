"""Forecasts the next level of invented patients whose truth is another model, and says how near it came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dosing.rules.levels.thresholds import LEVELS

if TYPE_CHECKING:
    from demo.simulation.forecasts import Comparison

LEVELS_USED = (1, 2, 4)
LEAST_COVERED, MOST_COVERED = 85, 97
# With enough levels the model's error must be lower than plain proportion's by a tenth.
MOST_RATIO = 0.90


class Command(BaseCommand):
    help = "Simulate forecasts of invented patients; fails when they are not as near as they claim."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        from demo.simulation.forecasts import compare, simulate

        seed = options["seed"]
        outcomes = simulate(options["patients"], LEVELS_USED, seed)
        found = [compare(rows, seed) for rows in outcomes.values()]
        self.stdout.write(
            f"{options['patients']} invented patients, seed {seed}; errors are root mean squares."
        )
        for one in found:
            self._tell(one)
        wrong = [text for one in found for text in failures(one)]
        if wrong:
            raise CommandError("\n".join(["The forecasts are not as near as they claim.", *wrong]))

    def _tell(self, one: Comparison) -> None:
        leads = "the model" if one.levels_used >= LEVELS.enough_for_model else "proportion"
        self.stdout.write(
            f"Levels used: {one.levels_used} ({leads} leads). 90 % interval covers "
            f"{one.covered_percent:.0f} %. Error: model {one.model_percent:.1f} %, last level by dose "
            f"{one.plain_percent:.1f} %, mean of up to four by dose {one.mean_percent:.1f} %"
        )
        self.stdout.write(
            f"  model / last by dose {_interval(one.ratio)}; model / mean {_interval(one.of_mean)}"
        )


def failures(one: Comparison) -> Iterator[str]:
    """What does not hold that must."""
    if not LEAST_COVERED <= one.covered_percent <= MOST_COVERED:
        yield (
            f"{one.levels_used} levels: the interval covers {one.covered_percent:.0f} %, not "
            f"{LEAST_COVERED} to {MOST_COVERED}"
        )
    if one.levels_used >= LEVELS.enough_for_model and one.ratio[0] > MOST_RATIO:
        yield f"{one.levels_used} levels: the model's error is {one.ratio[0]:.2f} of plain proportion's"
    if one.levels_used < LEVELS.enough_for_model and one.of_mean[0] > 1:
        yield f"{one.levels_used} levels: the model, shown beside proportion, does worse than it"


def _interval(ratio: tuple[float, float, float]) -> str:
    return f"{ratio[0]:.2f} ({ratio[1]:.2f}–{ratio[2]:.2f})"
