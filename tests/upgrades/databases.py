"""An empty database in the place of the tests' own, for what migrates it step by step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Inside, everything reads and writes a new database of the same kind; afterwards it is gone."""
    theirs = connections["default"]
    with ExitStack() as stack:
        name = str(folder / "empty.sqlite3")
        if theirs.vendor == "postgresql":
            name = stack.enter_context(_created(theirs))
        ours = theirs.copy()
        ours.settings_dict["NAME"] = name
        stack.callback(ours.close)
        stack.callback(connections.__setitem__, "default", theirs)
        connections["default"] = ours
        yield


@contextmanager
def _created(server: BaseDatabaseWrapper) -> Iterator[str]:
    name = f"upgrade_{uuid4().hex}"
    with server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield name
    finally:
        with server.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')
