"""`python -m tests.upgrades` writes the database of this version, which later versions migrate."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import django
import time_machine

HERE = Path(__file__).parent
# Always the same, so that a new dump differs by what the version does and not by the day.
MOMENT = datetime(2026, 6, 1, 3, tzinfo=UTC)


def main() -> None:
    from django.apps import apps
    from django.core.management import call_command

    from analytics.version import code_version
    from tests.upgrades import contents, dump

    call_command("migrate", interactive=False, verbosity=0)
    contents.fill()
    call_command("reassess", "--check")
    file = HERE / f"{code_version()}.json.xz"
    dump.write(file, apps)
    print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(MOMENT, tick=False):
        os.environ |= {"DJANGO_SETTINGS_MODULE": "tacsle_site.settings.embedded", "TACSLE_VAR": folder}
        django.setup()
        main()
