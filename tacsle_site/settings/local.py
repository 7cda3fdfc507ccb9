"""What a machine without PostgreSQL and Redis uses instead: files under one folder."""

import os
import secrets
from pathlib import Path
from typing import Any


def sqlite(file: Path) -> dict[str, Any]:
    """The database settings of an SQLite file that several processes write.

    Write-ahead logging lets readers go on while one writes; IMMEDIATE takes the write lock at the start of a
    transaction, so that two writers wait for each other instead of failing halfway. Django itself switches
    foreign keys on.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "timeout": 20,  # seconds a writer waits for another
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def folder_broker(folder: Path) -> dict[str, Any]:
    """Celery's transport options for messages kept as files under `folder`, which is made if need be."""
    queue, control = folder / "queue", folder / "control"
    for place in (queue, control):
        place.mkdir(parents=True, exist_ok=True)
    return {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control)}


def secret_key(file: Path) -> str:
    """This installation's own key, made on first use and readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(key)
    return key
