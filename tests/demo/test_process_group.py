"""Child processes end with their parent's block, with whatever they started, even when they resist."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.server import process_group
from demo.server.process_group import ProcessGroup

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "log"


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie whose parent has not looked yet does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_grandchildren_end_too(log_file: Path) -> None:
    with ProcessGroup(log_file) as running:
        running.start("family", ["sh", "-c", "sleep 60 & echo $!; sleep 60 & echo $!; wait"])
        eventually(lambda: len(log_file.read_text().split()) == 2)
        pids = [int(line) for line in log_file.read_text().split()]
        assert all(map(alive, pids))
    eventually(lambda: not any(map(alive, pids)))


def test_one_that_ignores_the_request_is_made_to_end(log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_group, "GRACE_SECONDS", 0.3)
    with ProcessGroup(log_file) as running:
        running.start("stubborn", [sys.executable, "-c", STUBBORN])
        eventually(lambda: "up" in log_file.read_text())
        assert running.ended() is None
    assert running.ended() == "stubborn"


def test_they_end_when_the_block_fails(log_file: Path) -> None:
    with pytest.raises(KeyboardInterrupt), ProcessGroup(log_file) as running:
        running.start("sleeper", ["sleep", "60"])
        raise KeyboardInterrupt
    assert running.ended() == "sleeper"


def test_one_that_ends_by_itself_is_named(log_file: Path) -> None:
    with ProcessGroup(log_file) as running:
        running.start("sleeper", ["sleep", "60"])
        running.start("brief", ["true"])
        eventually(lambda: running.ended() == "brief")
