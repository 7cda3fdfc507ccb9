"""The job runner: which broker, which tasks, and what a job leaves in the log."""

import gc
import logging.config
import os
import time
from typing import Any

from celery import Celery, Task, signals

# As for the web server: a worker that nobody configured refuses to start, rather than work elsewhere.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tacsle_site.settings.production")

RESUME_DEAD_RUNS = "dosing.assessment.tasks.resume_dead_runs"

app = Celery("tacsle_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Where an app keeps a folder a task, its jobs are in the folder of what they run.
app.autodiscover_tasks(["dosing.assessment", "dosing.forecast"])


@signals.setup_logging.connect
def use_the_site_logging(**_: Any) -> None:
    """Jobs log as requests do, without their arguments."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@signals.worker_init.connect
def leave_the_program_alone(**_: Any) -> None:
    """Imported modules are never freed: the garbage collector need not examine them during each job."""
    gc.collect()
    gc.freeze()


@signals.worker_ready.connect
def take_up_what_waits(**_: Any) -> None:
    """Run the assessments that a migration requested now: they do not wait for the schedule."""
    app.send_task(RESUME_DEAD_RUNS)


# When each running job started, by its id, on a clock that nobody sets back.
_started: dict[str, float] = {}


@signals.task_prerun.connect
def note_start(task_id: str, **_: Any) -> None:
    _started[task_id] = time.monotonic()


@signals.task_postrun.connect
def log_end(task: "Task[Any, Any]", task_id: str, state: str, **_: Any) -> None:
    from tacsle_site.logs import log

    seconds = round(time.monotonic() - _started.pop(task_id), 3)
    log.info("job", task=task.name, job=task_id, state=state, seconds=seconds)


@signals.task_failure.connect
def log_failure(sender: "Task[Any, Any]", task_id: str, exception: BaseException, **_: Any) -> None:
    from tacsle_site.logs import log

    log.error("job_failed", task=sender.name, job=task_id, exc_info=exception)
