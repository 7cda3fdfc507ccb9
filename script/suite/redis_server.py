"""A Redis for the tests: the environment's, a running one, or a throwaway one."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import redis

from script.suite.provision import end, found_or_installed, free_port, wait_for

START_SECONDS = 15
# A running server may hold somebody's data in the first of its sixteen databases.
USUAL = "redis://127.0.0.1:6379/15"


@contextmanager
def redis_url() -> Iterator[str]:
    """The address of a Redis, while the context lasts."""
    known = os.environ.get("TEST_REDIS_URL") or (USUAL if answers(USUAL) else None)
    if known:
        yield known
        return
    with throwaway() as address:
        yield address


def answers(address: str) -> bool:
    """Whether a Redis lets us in at this address."""
    client = redis.Redis.from_url(address, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


@contextmanager
def throwaway() -> Iterator[str]:
    """A server of our own that keeps nothing, on a free loopback port."""
    program = found_or_installed(lambda: shutil.which("redis-server"), "redis-server", "Redis")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tacsle-redis-") as folder:
        options = (
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--dir",
            folder,
            "--save",
            "",
            "--appendonly",
            "no",
        )
        server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)  # noqa: S603
        address = f"redis://127.0.0.1:{port}/0"
        try:
            wait_for(lambda: answers(address), server, "Redis", START_SECONDS)
            yield address
        finally:
            end(server)
