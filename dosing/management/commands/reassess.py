from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dosing.assessment import nightly


class Command(BaseCommand):
    help = "Judge every patient and bring the stored alerts in line; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if anything stored differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        row = nightly.reassess_everyone()
        self.stdout.write(f"{row.patients_done} patients judged as of {row.on}.")

    def _check(self) -> None:
        found = nightly.differences()
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} stored results differ from what the facts say.")
        self.stdout.write("Everything stored is what the facts say.")
