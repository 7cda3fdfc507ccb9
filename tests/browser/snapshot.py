"""A copy of the test's SQLite database in memory, to put back what was there."""

import sqlite3

from django.db import connection


class Snapshot:
    """Taken when made. Restoring waits for whoever writes at that moment."""

    def __init__(self) -> None:
        self._copy = sqlite3.connect(":memory:")
        connection.ensure_connection()
        connection.connection.backup(self._copy)

    def restore(self) -> None:
        connection.ensure_connection()
        self._copy.backup(connection.connection)
