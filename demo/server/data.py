"""The demonstration's data: made once, kept between starts, deleted on request."""

import shutil
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from tacsle_site.celery import app

# The secret key and the logs stay: they are not data.
DATABASE_FILES = ("tacsle.sqlite3", "tacsle.sqlite3-wal", "tacsle.sqlite3-shm")
QUEUE = "broker"
NIGHTLY_SWEEP = "dosing.assessment.tasks.reassess_everyone"


def delete(var: Path) -> None:
    """Forget every patient, user and queued job under `var`."""
    connections.close_all()
    for name in DATABASE_FILES:
        (var / name).unlink(missing_ok=True)
    for file in var.glob("beat-schedule*"):
        file.unlink()
    for folder in (var / QUEUE).glob("*"):
        shutil.rmtree(folder)
        folder.mkdir()


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def load_patients() -> None:
    """The reconstructed study and today's invented clinic; each command leaves what it has made alone."""
    call_command("load_study_cohort")
    call_command("load_demo_clinic")


def create_users() -> None:
    """One user per role; the command prints how to sign in."""
    call_command("create_demo_users")


def ask_for_a_nightly_run() -> None:
    """Let the worker assess all patients now: a demonstration does not run at night."""
    app.send_task(NIGHTLY_SWEEP)
