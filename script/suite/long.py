"""`python -m script.suite.long NAME`: what counts to thousands, on an SQLite file of its own.

`script/test` runs a seeded sample of each: some examples of each property, a few patients, some days.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from script.suite.stages import ROOT

PYTEST = (sys.executable, "-m", "pytest", "-q")
MANAGE = (sys.executable, "manage.py")
MIGRATE = (*MANAGE, "migrate", "--verbosity", "0")


@dataclass(frozen=True)
class LongRun:
    """`says` is what it proves; it passes when each of its commands does."""

    says: str
    commands: Sequence[Sequence[str]]


RUNS = {
    "properties": LongRun(
        "each property of the rules and the statistics on 10 000 random examples",
        ((*PYTEST, "--durations=20", "-m", "hypothesis", "tests/rules", "tests/statistics"),),
    ),
    "forecasts": LongRun(
        "forecasts of 300 invented patients are as near as they claim", ((*MANAGE, "simulate_forecasts"),)
    ),
    "services": LongRun(
        "fifty nurses at once, and twenty reports by two workers of which one is killed: each is there once",
        ((sys.executable, "-m", "script.suite", "services"),),
    ),
    "year": LongRun(
        "a year of an invented clinic: no alert flaps, doubles or is missed",
        (MIGRATE, (*MANAGE, "simulate_year")),
    ),
    "synthetic": LongRun(
        "of 10 000 invented patients, what is stored is what the facts say",
        (
            MIGRATE,
            (*MANAGE, "load_synthetic_clinic", "--patients", "10000"),
            (*MANAGE, "reassess", "--check"),
        ),
    ),
}


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when the named run passed."""
    parser = argparse.ArgumentParser(
        prog="script/long",
        epilog="; ".join(f"{name}: {run.says}" for name, run in RUNS.items()),
    )
    parser.add_argument("name", choices=RUNS)
    return run(RUNS[parser.parse_args(arguments).name])


def run(chosen: LongRun) -> int:
    """The exit code of the first command that fails, else 0. Their output is shown as it comes."""
    with tempfile.TemporaryDirectory(prefix="tacsle-long-") as folder:
        environment = {**os.environ, "TACSLE_VAR": folder, "PROPERTIES": "long"}
        # pytest has its own settings, from pyproject.toml.
        managing = {**environment, "DJANGO_SETTINGS_MODULE": "tacsle_site.settings.embedded"}
        for command in chosen.commands:
            known = managing if "manage.py" in command else environment
            code = subprocess.run(command, cwd=ROOT, env=known, check=False).returncode  # noqa: S603
            if code != 0:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
