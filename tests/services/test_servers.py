"""The throwaway servers answer, end with their context and leave nothing behind."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from script.suite import postgresql, redis_server


def living() -> set[str]:
    """Throwaway servers' folders that a living process still names."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        found |= {word for word in words if "/tacsle-postgresql-" in word or "/tacsle-redis-" in word}
    return found


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the servers make their folders; short, since a socket's path may not be long."""
    folder = Path(f"/tmp/tacsle-servers-{os.getpid()}")
    folder.mkdir(mode=0o755)
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    folder.rmdir()


def test_a_throwaway_postgresql_creates_databases_and_goes_away(temporary: Path) -> None:
    with postgresql.throwaway() as address:
        connection = psycopg2.connect(address)
        connection.autocommit = True
        connection.cursor().execute("CREATE DATABASE clinic")
        # The connection stays open: ending must not wait for clients.
        assert postgresql.running((address,)) == address
    connection.close()
    assert postgresql.running((address,)) is None
    assert not [word for word in living() if str(temporary) in word]
    assert list(temporary.iterdir()) == []


def test_a_throwaway_redis_answers_and_goes_away(temporary: Path) -> None:
    with redis_server.throwaway() as address:
        client = redis.Redis.from_url(address)
        client.set("a", 1)
        assert client.get("a") == b"1"
        client.close()
    assert not redis_server.answers(address)
    assert list(temporary.iterdir()) == []


def test_the_environment_decides_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://elsewhere/one")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://elsewhere/2")
    with postgresql.database_url() as database, redis_server.redis_url() as broker:
        assert (database, broker) == ("postgres://elsewhere/one", "redis://elsewhere/2")


def test_a_server_that_nobody_runs_is_not_found() -> None:
    assert postgresql.running(("postgres://tacsle@127.0.0.1:1/postgres",)) is None
    assert not redis_server.answers("redis://127.0.0.1:1/0")
