"""Reports, two workers with production settings, one killed in mid-report: each is made once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from celery import Celery
from django.utils import timezone

from accounts.clock import local_today
from accounts.models import Clinic, Role, User
from accounts.services import create_user
from analytics.jobs import DEAD_AFTER
from analytics.models import Report, ReportState
from demo.study.load import load_patient
from demo.study.rows import read_rows
from script.suite.provision import end
from script.suite.stages import production_environment
from tests.properties import counted

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 300
QUEUE = f"tacsle-reports-{os.getpid()}"
REPORTS = counted(6, 20)
# Cramps in month 11; rhabdomyolysis on day 7.
STUDIED = ("TS23", "TS38")


class Worker:
    """A worker process of the queue, and its log."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.log = log
        command = [sys.executable, "-m", "celery", "--app", "tacsle_site", "worker", "--pool", "solo"]
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [*command, "--queues", QUEUE, "--hostname", f"{log.stem}@%h"],
                cwd=ROOT, env=environment, stdout=stream, stderr=stream,
            )  # fmt: skip

    def end(self) -> None:
        if self.process.poll() is None:
            end(self.process)


class Crew:
    """Two workers at first; the killed one is followed by a third, as a supervisor would see to."""

    def __init__(self, begin: Callable[[str], Worker]) -> None:
        self.begin = begin
        self.workers = [begin("first"), begin("second")]

    def replace(self) -> None:
        self.workers.append(self.begin("third"))

    def logs(self) -> str:
        return "\n".join(worker.log.read_text() for worker in self.workers)


@pytest.fixture
def administrator(transactional_db: None) -> User:
    """Of a clinic with two patients of the study."""
    clinic = Clinic.objects.create(name="North")
    made = {
        role: create_user(username=str(role), password="a long enough secret", role=role, clinics=[clinic])
        for role in (Role.ADMINISTRATOR, Role.RHEUMATOLOGIST)
    }
    rows = {row.patient: row for row in read_rows()}
    for name in STUDIED:
        load_patient(rows[name], clinic, made[Role.RHEUMATOLOGIST])
    return made[Role.ADMINISTRATOR]


@pytest.fixture
def reports(administrator: User) -> list[int]:
    """Waiting, by key."""
    clinic = administrator.own_clinics[0]
    day = local_today(clinic)
    made = [Report.objects.create(clinic=clinic, cut_off=day, asked_by=administrator) for _ in range(REPORTS)]
    return [report.pk for report in made]


@pytest.fixture
def crew(reports: list[int], database_url: str, broker_url: str, tmp_path: Path) -> Iterator[Crew]:
    environment = {
        **os.environ,
        **production_environment(),
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": broker_url,
    }
    with ExitStack() as ending:

        def begun(name: str) -> Worker:
            worker = Worker(environment, tmp_path / f"{name}.log")
            ending.callback(worker.end)
            return worker

        yield Crew(begun)


def running() -> set[int]:
    return set(Report.objects.filter(state=ReportState.RUNNING).exclude(step="").values_list("pk", flat=True))


def unfinished() -> list[int]:
    return list(Report.objects.exclude(state=ReportState.FINISHED).values_list("pk", flat=True))


def eventually(holds: Callable[[], bool], crew: Crew) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, crew.logs()
        time.sleep(0.05)


def killed_in_mid_report(worker: Worker) -> bool:
    """Whether both workers were at a report when this one was stopped and killed; else it goes on."""
    if len(running()) < 2:
        return False
    worker.process.send_signal(signal.SIGSTOP)
    if len(running()) < 2:
        worker.process.send_signal(signal.SIGCONT)
        return False
    worker.process.send_signal(signal.SIGKILL)
    worker.process.wait()
    return True


def test_all_are_made_once(crew: Crew, reports: list[int], broker_url: str) -> None:
    with Celery(broker=broker_url) as sender:

        def send(task: str, *arguments: int) -> None:
            sender.send_task(task, args=arguments, queue=QUEUE, ignore_result=True)

        for key in reports:
            send("analytics.tasks.make_report", key)
        eventually(lambda: killed_in_mid_report(crew.workers[0]), crew)
        crew.replace()
        both = running()
        eventually(lambda: len(both & running()) == 1, crew)
        (victim,) = both & running()
        # What the dead worker had taken from the broker and what waits is asked for again, some of it twice.
        Report.objects.filter(pk=victim).update(heartbeat=timezone.now() - 2 * DEAD_AFTER)
        waiting = Report.objects.filter(state=ReportState.WAITING)
        assert waiting.update(heartbeat=timezone.now() - 2 * DEAD_AFTER)
        for key in unfinished():
            send("analytics.tasks.make_report", key)
        eventually(lambda: not unfinished(), crew)
    attempts = dict(Report.objects.values_list("pk", "attempts"))
    assert attempts == {key: 2 if key == victim else 1 for key in reports}
    rows = Report.objects.prefetch_related("files")
    assert len({row.document for row in rows}) == 1 and len({row.snapshot for row in rows}) == 1
    for row in rows:
        assert sorted(file.kind for file in row.files.all()) == ["all", "csv", "pdf", "xlsx"]
    assert Report.objects.first().patients == len(STUDIED)  # type: ignore[union-attr]
