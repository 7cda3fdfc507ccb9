from typing import Any

from django.core.management.base import BaseCommand

from demo.study.load import load_cohort


class Command(BaseCommand):
    help = "Load the reconstructed 38 patients of the study into a clinic of their own; no real patients."

    def handle(self, *args: Any, **options: Any) -> None:
        count = load_cohort(self.stdout.write)
        self.stdout.write(
            f"{count} reconstructed patients loaded." if count else "The cohort is there already."
        )
