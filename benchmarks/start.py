"""A web server started for real: how long until its first page, and how large a worker becomes."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from benchmarks.clinic import Measured
from benchmarks.pages import pages

FIRST_PAGE_GOAL_SECONDS, MEMORY_GOAL_MB = 2, 120
STARTS = 3
GIVE_UP_SECONDS = 60


@dataclass(frozen=True)
class Start:
    """The median of some starts, and a worker's resident memory after a round of all pages."""

    first_page_seconds: float
    worker_mb: float


def start(measured: Measured) -> Start:
    seconds: list[float] = []
    for _ in range(STARTS):
        first_page, worker_mb = _once(measured)
        seconds.append(first_page)
    return Start(sorted(seconds)[STARTS // 2], worker_mb)


def _once(measured: Measured) -> tuple[float, float]:
    port = free_port()
    began = time.perf_counter()
    server = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
        _command(port),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_page(port)
        first_page = time.perf_counter() - began
        _visit_all(port, measured)
        return first_page, _largest_child_mb(server.pid)
    finally:
        server.terminate()
        server.wait()


def _command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "tacsle_site.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "1", "--threads", "4", "--log-level", "critical"),
    ]


def wait_for_page(port: int) -> None:
    """Until the web server answers. Raises RuntimeError when it does not."""
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < deadline:
        try:
            if _get(port, reverse("accounts:login"), "") == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the web server did not answer")


def _visit_all(port: int, measured: Measured) -> None:
    """Every kind of page once for each patient of the sample, as a day of work would."""
    session = measured.client().cookies[settings.SESSION_COOKIE_NAME].value
    for page in pages(measured):
        for address in page.addresses:
            status = _get(port, address, session)
            if status != http.HTTPStatus.OK:
                raise RuntimeError(f"{address} answered {status}")


def _get(port: int, address: str, session: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_SECONDS)
    connection.request("GET", address, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _largest_child_mb(parent: int) -> float:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return max(_resident_mb(int(child)) for child in children)


def _resident_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
