"""Runs tests of a copy in a process of its own, and says what its exit code and its failures mean."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from script.planted_faults.databases import Databases
from script.planted_faults.planting import Copy

PLUGIN = Path(__file__).parent / "plugin"
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "planted_faults_outcomes")
GREEN, RED = 0, 1
TAIL_LINES = 15


class TestsCannotRunError(Exception):
    """pytest neither passed nor failed a test: the reason is what it printed last."""


@dataclass(frozen=True)
class Outcome:
    """The tests that failed, in their order; seconds of the clock. No test failed: all are green."""

    failed: tuple[str, ...]
    seconds: float


class Runner:
    """Runs tests of a copy, each time on a fresh database. processes: of pytest-xdist, 1 for none."""

    def __init__(self, copy: Copy, databases: Databases, timeout: float, processes: int = 1) -> None:
        self._copy, self._databases = copy, databases
        self._timeout, self._processes = timeout, processes

    def prepare(self, test: str) -> None:
        """Let one test make the database. Raises TestsCannotRunError where it is not green."""
        if self._pytest([test], ["--create-db"]).failed:
            raise TestsCannotRunError(f"{test} fails without any fault")
        self._databases.set_aside()

    def first_failure(self, tests: Sequence[str]) -> Outcome:
        """Run until the first failure. Raises TestsCannotRunError for anything but green and red."""
        self._databases.fresh()
        return self._pytest(tests, ["-x"])

    def all_failures(self, tests: Sequence[str], *, at_once: bool = False) -> Outcome:
        """Run to the end, on the processes where at_once. Raises TestsCannotRunError."""
        self._databases.fresh()
        several = ["-n", str(self._processes), "--dist", "loadgroup"]
        return self._pytest(tests, several if at_once and self._processes > 1 else [])

    def existing(self, paths: Sequence[str]) -> list[str]:
        """The files and folders that this tree has; of "new | old" the first that it has."""
        either = [[name.strip() for name in path.split("|")] for path in paths]
        found = [next((name for name in names if self._has(name)), None) for names in either]
        return list(dict.fromkeys(name for name in found if name is not None))

    def _has(self, name: str) -> bool:
        return (self._copy.folder / name).exists()

    def _pytest(self, tests: Sequence[str], options: Sequence[str]) -> Outcome:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="tacsle-faults-run-") as place:
            outcomes = Path(place) / "failed.json"
            code, printed = self._finished(tests, options, outcomes)
            failed = json.loads(outcomes.read_text(encoding="utf-8")) if outcomes.exists() else []
        names = tuple(dict.fromkeys(row["test"] for row in failed if row["when"] in ("setup", "call")))
        if code not in (GREEN, RED) or (code == RED) != bool(names):
            last = "\n".join(printed.splitlines()[-TAIL_LINES:])
            raise TestsCannotRunError(f"pytest ended with {code}:\n{last}")
        return Outcome(names, time.monotonic() - started)

    def _finished(self, tests: Sequence[str], options: Sequence[str], outcomes: Path) -> tuple[int, str]:
        """The exit code and what was printed; a run that takes too long is ended with all it started."""
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed:
            process = subprocess.Popen(  # noqa: S603
                [self._python(), *PYTEST, "--reuse-db", *options, *tests],
                cwd=self._copy.folder,
                env=self._environment(outcomes),
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(self._timeout)
            except subprocess.TimeoutExpired as error:
                raise TestsCannotRunError(f"not finished within {self._timeout:.0f} s") from error
            finally:
                _end_group(process)
            printed.seek(0)
            return code, printed.read()

    def _python(self) -> str:
        own = self._copy.folder / ".venv" / "bin" / "python"
        return str(own) if own.exists() else sys.executable

    def _environment(self, outcomes: Path) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(PLUGIN),
            "PLANTED_FAULTS_OUTCOMES": str(outcomes),
            "TEST_DATABASE_URL": self._databases.address,
        }


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Nothing that the tests started outlives them."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
