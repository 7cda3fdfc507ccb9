"""A test database for each run of pytest: migrated once, then copied inside PostgreSQL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql


class Databases:
    """The test database of this process on a server.

    Where the suite keeps its test database after a run (pytest-django's --reuse-db), it is set aside and
    copied before each run, so that no run sees what another left. A suite that makes its own copies is let.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._name = f"planted_faults_{os.getpid()}"
        self._test, self._template = f"test_{self._name}", f"{self._name}_template"
        self._has_template = False

    @property
    def address(self) -> str:
        """The environment for the tests' settings; pytest-django adds a prefix to the database name."""
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{self._name}"))

    def set_aside(self) -> None:
        """Keep the database that the last run left as the one to copy, if it left one."""
        if self._exists(self._test):
            self._do("ALTER DATABASE {} RENAME TO {}", self._test, self._template)
            self._has_template = True

    def fresh(self) -> None:
        """Give the next run a database that nobody used."""
        if self._has_template:
            self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._test)
            self._do("CREATE DATABASE {} TEMPLATE {}", self._test, self._template)

    def close(self) -> None:
        """Leave nothing behind."""
        for name in (self._test, self._template):
            self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _exists(self, name: str) -> bool:
        with _cursor(self._server) as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def _do(self, statement: str, *names: str) -> None:
        with _cursor(self._server) as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def _cursor(address: str) -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
