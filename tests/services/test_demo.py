"""The demonstration starts, says so, keeps its data, and ends with everything it started."""

import re
import shutil
import signal
import socket
import time
import urllib.request
from datetime import date
from pathlib import Path

import pytest

from tests.markup import on_one_line
from tests.services.demonstration import Demonstration, demo
from tests.services.nurses import Nurse

CHILDREN_SECONDS = 10
REPORT_SECONDS = 120


def count(var: Path, table: str) -> int:
    import sqlite3

    connection = sqlite3.connect(var / "tacsle.sqlite3")
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


@pytest.fixture(scope="module")
def prepared(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration that was loaded and not served, for this module's tests."""
    return Path(shutil.copytree(loaded, tmp_path_factory.mktemp("demonstration") / "var"))


def test_the_first_start_loads_patients_and_people(prepared: Path) -> None:
    assert count(prepared, "patients_patient") > 38
    assert count(prepared, "accounts_user") >= 4


def test_a_second_start_keeps_what_is_there(prepared: Path) -> None:
    before = [count(prepared, table) for table in ("patients_patient", "accounts_user", "patients_visit")]
    done = demo(prepared, "--no-serve")
    assert done.returncode == 0, done.stderr
    after = [count(prepared, table) for table in ("patients_patient", "accounts_user", "patients_visit")]
    assert after == before


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "TERM"])
def test_ending_it_ends_everything(prepared: Path, how: signal.Signals) -> None:
    running = Demonstration(prepared)
    running.start()
    with urllib.request.urlopen(f"{running.url}/accounts/login/", timeout=10) as answer:
        assert answer.status == 200
    assert len(running.processes()) >= 4  # the parent, the web server and its worker, the job worker
    assert running.stop(how) == 0
    assert gone(running)
    assert running.url in running.output()


def test_a_report_is_made_without_any_server(prepared: Path) -> None:
    """Asked for on the page, made by the demonstration's own worker, read on the page."""
    running = Demonstration(prepared)
    running.start()
    try:
        administrator = Nurse(running.port, "admin", "demonstration")
        form = administrator.read("/cohort/")
        (study,) = re.findall(r'<option value="(\d+)">Study', form)
        place = administrator.post(
            "/cohort/", {"clinic": study, "cut_off": date.today().isoformat(), "renal": ""}
        )
        deadline = time.monotonic() + REPORT_SECONDS
        while "What this report was made from" not in (page := administrator.read(place)):
            assert time.monotonic() < deadline, page
            time.sleep(0.5)
        assert "<dt>Patients</dt><dd>38</dd>" in on_one_line(page)
        assert count(prepared, "analytics_reportfile") == 4
    finally:
        running.stop()


def gone(running: Demonstration) -> bool:
    deadline = time.monotonic() + CHILDREN_SECONDS
    while running.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    return not running.processes()


def test_a_busy_port_is_said_in_one_line(prepared: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = demo(prepared, "--port", str(port))
    assert done.returncode != 0
    assert done.stderr.strip() == (
        f"CommandError: Port {port} is in use. Choose another: script/demo --port {port + 1}"
    )


def test_a_reset_deletes_the_data_and_nothing_else(tmp_path: Path) -> None:
    from demo.server import data

    var = tmp_path / "var"
    (var / "broker" / "queue").mkdir(parents=True)
    for name in ("tacsle.sqlite3", "tacsle.sqlite3-wal", "broker/queue/job.msg", "secret-key", "demo.log"):
        (var / name).touch()
    data.delete(var)
    left = {str(path.relative_to(var)) for path in var.rglob("*") if path.is_file()}
    assert left == {"secret-key", "demo.log"}
    assert (var / "broker" / "queue").is_dir()
