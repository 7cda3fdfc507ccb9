"""Child processes that end with their parent, with whatever they started themselves."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

GRACE_SECONDS = 8.0
POLL_SECONDS = 0.1


class ProcessGroup:
    """Starts each child in a process group of its own and ends all groups on the way out."""

    def __init__(self, log_file: Path) -> None:
        self._log_file = log_file
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def start(self, name: str, command: Sequence[str]) -> None:
        """Run `command`; what it says goes to the log file."""
        with self._log_file.open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def ended(self) -> str | None:
        """The name of a child that is no longer running."""
        return next((name for name, child in self._running.items() if child.poll() is not None), None)

    def end(self) -> None:
        """Ask every group to end, then make it."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while self._any_alive() and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        self._signal(signal.SIGKILL)
        for child in self._running.values():
            child.wait()

    def _any_alive(self) -> bool:
        """Whether any process of any group lives; a reaped leader may leave others behind."""
        for child in self._running.values():
            child.poll()
        return any(_group_lives(child.pid) for child in self._running.values())

    def _signal(self, number: signal.Signals) -> None:
        for child in self._running.values():
            if _group_lives(child.pid):
                os.killpg(child.pid, number)


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
