"""Fifty nurses who log levels at the same time, against a web server with two processes."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from benchmarks.clinic import BACKEND, Measured
from benchmarks.start import GIVE_UP_SECONDS, free_port, wait_for_page
from dosing.models import TacrolimusLevel
from patients.models import DoseEpisode, Laboratory, Patient

GOAL_SECONDS = 1.0
NURSES, ROWS_EACH = 50, 4
SECONDS_A_ROW = 8.0  # reading a level and typing it
TOKEN = "b" * 32  # sent as cookie and as header, like a page does
DRAWN_AGO = timedelta(days=2)

Send = Callable[[int, int], float]


@dataclass(frozen=True)
class Logged:
    """95 of 100 rows were answered within so many seconds: one every eight seconds, and all at one moment."""

    rows: int
    paced_seconds: float
    at_once_seconds: float


def log(measured: Measured) -> Logged | None:
    """None on SQLite, which the embedded product uses for a few writers only. Takes its rows out again."""
    if connection.vendor != "postgresql":
        return None
    nurses = [_nurse(measured, number) for number in range(NURSES)]
    TacrolimusLevel.objects.filter(created_by__in=nurses).delete()
    sessions = [_session(nurse) for nurse in nurses]
    people = _people(measured)
    laboratory = Laboratory.objects.filter(clinic=measured.clinic)[0].name
    port = free_port()
    server = _server(port)
    try:
        wait_for_page(port)

        def send(nurse: int, row: int) -> float:
            drawn = timezone.localtime() - DRAWN_AGO - timedelta(minutes=10 * nurse + row)
            return _post(port, sessions[nurse], _row(people[nurse % len(people)], laboratory, drawn))

        paced, at_once = _shifts(send), _at_once(send)
    finally:
        server.terminate()
        server.wait()
    kept = TacrolimusLevel.objects.filter(created_by__in=nurses)
    if kept.count() != len(paced) + len(at_once):
        raise RuntimeError(f"{kept.count()} levels are there, {len(paced) + len(at_once)} were accepted")
    kept.delete()
    return Logged(len(paced) + len(at_once), _p95(paced), _p95(at_once))


def _nurse(measured: Measured, number: int) -> User:
    nurse, _made = User.objects.get_or_create(
        username=f"benchmark-nurse-{number}", defaults={"role": Role.NURSE}
    )
    nurse.clinics.add(measured.clinic)
    return nurse


def _session(nurse: User) -> str:
    client = Client()
    client.force_login(nurse, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _people(measured: Measured) -> list[Patient]:
    """Patients on tacrolimus, one a nurse as far as there are so many."""
    taken = DoseEpisode.objects.filter(drug="tacrolimus", last_day=None, patient__clinic=measured.clinic)
    return [row.patient for row in taken.select_related("patient")[:NURSES]]


def _row(patient: Patient, laboratory: str, drawn: datetime) -> dict[str, str]:
    return {
        "laboratory": laboratory,
        "row-0-patient": patient.number,
        "row-0-drawn_at": f"{drawn:%Y-%m-%dT%H:%M}",
        "row-0-value": "6.1",
        "row-0-submission": str(uuid4()),
        "row-0-confirmed": "on",
    }


def _server(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program with our own arguments
        [
            *(sys.executable, "-m", "gunicorn", "tacsle_site.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--threads", "8", "--log-level", "critical"),
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _post(port: int, session: str, form: dict[str, str]) -> float:
    """Seconds until the whole answer was there. Raises RuntimeError when the row was not kept."""
    began = time.perf_counter()
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_SECONDS)
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    headers = {
        "Cookie": cookies,
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    asked.request("POST", reverse("dosing:level_row"), urlencode(form), headers)
    answer = asked.getresponse()
    page = answer.read().decode()
    asked.close()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"a row was answered with {answer.status}: {page[:500]}")
    return time.perf_counter() - began


def _shifts(send: Send) -> list[float]:
    """Each nurse logs a row every few seconds; the first rows are spread over that time."""

    def shift(nurse: int) -> list[float]:
        time.sleep(SECONDS_A_ROW * nurse / NURSES)
        seconds = []
        for row in range(ROWS_EACH):
            seconds.append(send(nurse, row))
            time.sleep(max(0.0, SECONDS_A_ROW - seconds[-1]))
        return seconds

    with ThreadPoolExecutor(NURSES) as pool:
        return [one for rows in pool.map(shift, range(NURSES)) for one in rows]


def _at_once(send: Send) -> list[float]:
    with ThreadPoolExecutor(NURSES) as pool:
        return list(pool.map(lambda nurse: send(nurse, ROWS_EACH + 5), range(NURSES)))


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]
