from typing import Any

from django.core.management.base import BaseCommand

from demo.samples.load import load_samples


class Command(BaseCommand):
    help = "Load invented patients of today that show every answer, missing item and safety state."

    def handle(self, *args: Any, **options: Any) -> None:
        count = load_samples(self.stdout.write)
        self.stdout.write(f"{count} invented patients loaded." if count else "They are there already.")
