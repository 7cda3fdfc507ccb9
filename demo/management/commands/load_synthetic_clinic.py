from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.synthetic.load import CLINIC, load_synthetic, usual_processes

MOST = 100_000


class Command(BaseCommand):
    help = "Load an invented clinic of any size, to see the product when it is full; no real patients."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patients", type=int, required=True, help=f"1 to {MOST}")
        parser.add_argument("--seed", type=int, default=1, help="the same seed invents the same clinic")
        parser.add_argument(
            "--processes", type=int, default=usual_processes(), help="that write side by side"
        )
        parser.add_argument("--clinic", default=CLINIC, help="its name; made when it is new")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["patients"] <= MOST:
            raise CommandError(f"--patients must lie between 1 and {MOST}.")
        loaded = load_synthetic(
            options["patients"], options["seed"], options["clinic"], self._say, options["processes"]
        )
        if not loaded.patients:
            self.stdout.write("They are there already.")
            return
        for phase, count in loaded.phases.most_common():
            self.stdout.write(f"  {count:>7}  {phase.value}")
        self.stdout.write(f"{loaded.patients} invented patients loaded in {loaded.seconds:.1f} s.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
