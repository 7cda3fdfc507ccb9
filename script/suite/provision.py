"""Getting hold of a program that the tests need: installed, installable, or said in one line."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

POLL_SECONDS = 0.1


class MissingProgramError(Exception):
    """A program is not there and cannot be installed from here; the message is the line to type."""


def install(package: str, what: str) -> None:
    """Install a Debian package when we are root on Debian; raise MissingProgramError otherwise."""
    apt_get = shutil.which("apt-get")
    if apt_get is None or os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        raise MissingProgramError(f"{what} is needed. Type: sudo apt-get install {package}")
    print(f"Installing {package} with apt-get ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        done = subprocess.run([apt_get, "-qq", *command], env=environment, check=False)  # noqa: S603
        if done.returncode != 0:
            raise MissingProgramError(f"{what} could not be installed. Type: sudo apt-get install {package}")


def found_or_installed(find: Callable[[], str | None], package: str, what: str) -> str:
    """What `find` finds, after installing `package` if need be."""
    found = find()
    if found is None:
        install(package, what)
        found = find()
    if found is None:
        raise MissingProgramError(f"{what} was not found after installing {package}")
    return found


def free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(works: Callable[[], bool], process: subprocess.Popen[bytes], what: str, seconds: float) -> None:
    """Return when `works()`; raise RuntimeError when the process ended or the time is over."""
    deadline = time.monotonic() + seconds
    while not works():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not start (exit code {process.poll()})")
        time.sleep(POLL_SECONDS)


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask the process to end, then make it."""
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
