"""The demonstration's web server and worker, until someone ends them."""

import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from types import FrameType

from demo.server.process_group import ProcessGroup

HOST = "127.0.0.1"
READY_SECONDS = 90.0
POLL_SECONDS = 0.25
WEB_THREADS = 8

Say = Callable[[str], None]


class ServingError(Exception):
    """The demonstration cannot run; the message says why in one line."""


def check_port(port: int) -> None:
    """Raise ServingError when something else listens on `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise ServingError(
                f"Port {port} is in use. Choose another: script/demo --port {port + 1}"
            ) from error


def serve(port: int, log_file: Path, say: Say) -> None:
    """Run until a signal says to stop; raise ServingError when a child ends by itself."""
    _stop_on_signals()
    with ProcessGroup(log_file) as children:
        children.start("web server", web_command(port))
        children.start("worker", worker_command())
        _wait_until_ready(port, children, log_file)
        say(f"\nTACSLE is ready: http://{HOST}:{port}/   (Ctrl-C ends it; log: {log_file})")
        try:
            _watch(children, log_file)
        except KeyboardInterrupt:
            say("\nEnding the web server and the worker ...")


def web_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "tacsle_site.wsgi", "--bind", f"{HOST}:{port}"),
        *("--workers", "1", "--threads", str(WEB_THREADS), "--log-level", "warning"),
    ]


def worker_command() -> list[str]:
    """One process runs the jobs, and its own child the clock."""
    return [
        *(sys.executable, "-m", "celery", "--app", "tacsle_site", "--quiet", "worker", "--beat"),
        *("--pool", "solo", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stop_on_signals() -> None:
    """Stop at the first signal; impatience afterwards must not leave children behind."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in STOPPING:
        signal.signal(each, stop)


def _wait_until_ready(port: int, children: ProcessGroup, log_file: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _is_ready(port):
        _fail_if_ended(children, log_file)
        if time.monotonic() > deadline:
            raise ServingError(f"The web server is not ready after {READY_SECONDS:.0f} s; see {log_file}")
        time.sleep(POLL_SECONDS)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def _watch(children: ProcessGroup, log_file: Path) -> None:
    while True:
        _fail_if_ended(children, log_file)
        time.sleep(1)


def _fail_if_ended(children: ProcessGroup, log_file: Path) -> None:
    name = children.ended()
    if name is not None:
        raise ServingError(f"The {name} ended by itself; see {log_file}")
