"""A worker with production settings takes a job from Redis and judges patients on PostgreSQL."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery

from dosing.models import ReassessmentRun, RunState
from script.suite.provision import end
from script.suite.stages import production_environment

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
QUEUE = f"tacsle-test-{os.getpid()}"


@pytest.fixture
def worker(database_url: str, broker_url: str, tmp_path: Path) -> Iterator[Path]:
    """A running worker; gives the file with its log."""
    environment = {
        **os.environ,
        **production_environment(),
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": broker_url,
    }
    log = tmp_path / "worker.log"
    command = [sys.executable, "-m", "celery", "--app", "tacsle_site", "worker", "--pool", "solo"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--queues", QUEUE], cwd=ROOT, env=environment, stdout=stream, stderr=stream
        )
    yield log
    end(process)


def test_the_nightly_sweep_runs_on_a_worker(worker: Path, broker_url: str) -> None:
    with Celery(broker=broker_url) as sender:
        job = sender.send_task("dosing.assessment.tasks.reassess_everyone", queue=QUEUE, ignore_result=True)
    eventually(lambda: ReassessmentRun.objects.filter(state=RunState.FINISHED).exists(), worker)
    eventually(lambda: '"event": "job"' in worker.read_text(), worker)
    assert job.id in worker.read_text()
    assert "dosing.assessment.tasks.reassess_everyone" in worker.read_text()


def eventually(holds: Callable[[], bool], log: Path) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
