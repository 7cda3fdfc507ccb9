"""Many nurses log levels at once, against real processes: each accepted level is there once, none twice."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Role
from accounts.services import create_user
from demo.samples import base
from dosing.models import TacrolimusLevel
from patients.models import Laboratory
from patients.services.importing import Identity, import_record
from script.suite.provision import end, free_port
from tests.hazards import PASSWORD, Place, make_place
from tests.properties import counted
from tests.services.demonstration import Demonstration
from tests.services.nurses import Nurse, Sent, row

ROOT = Path(__file__).resolve().parents[2]
TOKYO = ZoneInfo("Asia/Tokyo")
NURSES, ROWS_EACH, PATIENTS = counted(16, 50), 3, counted(8, 25)
START_SECONDS = 60
WRITERS = 5


# One for all rows: by a clock that goes on, two rows of one patient could be of one minute.
NOW = datetime.now(TOKYO)


def moment(minutes_ago: int) -> str:
    return f"{NOW - timedelta(minutes=minutes_ago):%Y-%m-%dT%H:%M}"


@pytest.fixture
def place(transactional_db: None) -> Place:
    """A clinic with many nurses and patients."""
    made = make_place("Busy")
    today = datetime.now(TOKYO).date()
    for number in range(2, PATIENTS + 1):
        identity = Identity(str(number), "Many", f"Patient {number}")
        import_record(record=base.base_record(today), identity=identity, clinic=made.clinic, by=made.doctor)
    for number in range(NURSES):
        create_user(username=f"nurse-{number}", password=PASSWORD, role=Role.NURSE, clinics=[made.clinic])
    Laboratory.objects.create(clinic=made.clinic, name="Central")
    return made


@pytest.fixture
def port(place: Place, database_url: str) -> Iterator[int]:
    """A web server with two processes on the test's own PostgreSQL."""
    found = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tacsle_site.settings.testing",
        "TEST_DATABASE_URL": database_url,
    }
    command = [sys.executable, "-m", "gunicorn", "tacsle_site.wsgi", "--bind", f"127.0.0.1:{found}"]
    server = subprocess.Popen(
        [*command, "--workers", "2", "--threads", "8", "--log-level", "critical"], cwd=ROOT, env=environment
    )
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            Nurse(found, "nurse-0", PASSWORD)
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
    yield found
    end(server)


def shift(nurse: Nurse, number: int) -> list[Sent]:
    """A nurse's rows, one after the other; the first is sent twice, as by an impatient finger."""
    sent = []
    for each in range(ROWS_EACH):
        patient = str((number + each) % PATIENTS + 1)
        typed = row(patient, moment(1 + number * ROWS_EACH + each), str(uuid4()))
        sent.append(nurse.send(typed))
        if each == 0:
            sent.append(nurse.send(typed))
    return sent


def test_many_nurses_on_postgresql(port: int) -> None:
    nurses = [Nurse(port, f"nurse-{number}", PASSWORD) for number in range(NURSES)]
    with ThreadPoolExecutor(NURSES) as pool:
        sent = [one for rows in pool.map(shift, nurses, range(NURSES)) for one in rows]
    assert {one.status for one in sent} == {200}
    assert TacrolimusLevel.objects.count() == NURSES * ROWS_EACH
    assert TacrolimusLevel.objects.values("submission").distinct().count() == NURSES * ROWS_EACH


def test_of_two_nurses_with_one_draw_one_is_told(port: int) -> None:
    """The same patient and time under two keys: one level, and the other is told that it is there."""
    first, second = (Nurse(port, f"nurse-{number}", PASSWORD) for number in (1, 2))
    drawn = moment(5)
    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(lambda nurse: nurse.send(row("1", drawn, str(uuid4()))), (first, second)))
    assert sorted(one.status for one in sent) == [200, 422]
    assert any("recorded already" in one.said for one in sent)
    assert TacrolimusLevel.objects.count() == 1


def test_five_writers_on_sqlite(loaded: Path, tmp_path: Path) -> None:
    """The embedded product: no page says that the database is locked, and no level is lost."""
    demonstration = Demonstration(Path(shutil.copytree(loaded, tmp_path / "var")))
    demonstration.start()
    try:
        writers = [Nurse(demonstration.port, "nurse", "demonstration") for _ in range(WRITERS)]
        number = _a_patient(demonstration)
        before = _levels(demonstration)
        with ThreadPoolExecutor(WRITERS) as pool:
            sent = [
                one
                for rows in pool.map(lambda pair: _rows(*pair, number), enumerate(writers))
                for one in rows
            ]
        assert {one.status for one in sent} == {200}
        assert _levels(demonstration) - before == len(sent)
    finally:
        demonstration.stop()


def _rows(writer: int, nurse: Nurse, patient: str) -> list[Sent]:
    return [nurse.send(row(patient, moment(2 + writer * 10 + each), str(uuid4()))) for each in range(8)]


def _a_patient(demonstration: Demonstration) -> str:
    return str(_ask(demonstration, "select number from patients_patient order by id limit 1"))


def _levels(demonstration: Demonstration) -> int:
    return int(
        str(_ask(demonstration, "select count(*) from dosing_tacrolimuslevel where voided_at is null"))
    )


def _ask(demonstration: Demonstration, question: str) -> object:
    with sqlite3.connect(demonstration.var / "tacsle.sqlite3") as known:
        return known.execute(question).fetchone()[0]
