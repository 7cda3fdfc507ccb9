"""The test database: migrated once, kept under the hash of what made it, and copied for each process.

To migrate costs seconds of processor time, to copy a few hundredths. SQLite's is kept as a file under `var/`,
PostgreSQL's as a database beside the copies. One is kept: the next hash replaces it.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "tests"
PREFIX = "tacsle_migrated_"
# Any number, as long as all processes take the same.
LOCK = 20_401


def fingerprint(root: Path = ROOT) -> str:
    """Sixteen hex digits that change with our migrations, the apps and the pinned packages with theirs."""
    files = [
        *root.glob("*/migrations/*.py"),
        root / "tacsle_site/settings/base.py",
        root / "requirements.txt",
    ]
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


@contextmanager
def migrated_copy() -> Iterator[None]:
    """While it lasts, the default connection is to a migrated database of this process's own."""
    settings, name = connection.settings_dict, connection.settings_dict["NAME"]
    # Test processes side by side share one server.
    settings["NAME"] = f"{connection.creation._get_test_db_name()}_{os.getpid()}"
    copy = _postgresql_copy if connection.vendor == "postgresql" else _sqlite_copy
    try:
        with copy(settings["NAME"]):
            yield
            connection.close()
    finally:
        settings["NAME"] = name


@contextmanager
def _sqlite_copy(name: str) -> Iterator[None]:
    shutil.copyfile(sqlite_file(), name)
    yield
    for ending in ("", "-wal", "-shm"):
        Path(name + ending).unlink(missing_ok=True)


def sqlite_file() -> Path:
    """The migrated SQLite file, made if need be; not to be written."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{PREFIX}{fingerprint()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            _make_sqlite_file(kept)
    return kept


def _make_sqlite_file(kept: Path) -> None:
    for old in KEPT.glob(f"{PREFIX}*"):
        old.unlink()
    unfinished = KEPT / "unfinished.sqlite3"
    unfinished.unlink(missing_ok=True)
    _migrate(str(unfinished))
    unfinished.replace(kept)


@contextmanager
def _postgresql_copy(name: str) -> Iterator[None]:
    kept = PREFIX + fingerprint()
    with _maintenance() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if kept not in _kept_databases(cursor):
            _make_postgresql_database(cursor, kept)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kept}"')
    yield
    connection.close()
    with _maintenance() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def _make_postgresql_database(cursor: Any, kept: str) -> None:
    for old in _kept_databases(cursor):
        cursor.execute(f'DROP DATABASE "{old}"')
    unfinished = f"{PREFIX}unfinished"
    cursor.execute(f'CREATE DATABASE "{unfinished}"')
    _migrate(unfinished)
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{kept}"')


def _kept_databases(cursor: Any) -> list[str]:
    """Those of other hashes and the unfinished one too."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def _maintenance() -> Iterator[Any]:
    """A cursor on the server's own database, outside a transaction."""
    with connection._nodb_cursor() as cursor:
        yield cursor


def _migrate(name: str) -> None:
    settings, before = connection.settings_dict, connection.settings_dict["NAME"]
    connection.close()
    settings["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        settings["NAME"] = before
