"""A PostgreSQL for the tests: the environment's, a running one, or a throwaway one."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from script.suite.provision import end, found_or_installed, free_port, wait_for

START_SECONDS = 30
# Where a developer's server usually listens.
USUAL = (
    "postgres://postgres@127.0.0.1:5432/postgres",
    "postgres://postgres:postgres@127.0.0.1:5432/postgres",
)
NO_DURABILITY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


@contextmanager
def database_url() -> Iterator[str]:
    """The address of a server on which databases may be created, while the context lasts."""
    known = os.environ.get("TEST_DATABASE_URL") or running()
    if known:
        yield known
        return
    with throwaway() as address:
        yield address


def running(addresses: tuple[str, ...] = USUAL) -> str | None:
    """The first address that lets us in and lets us create databases."""
    return next((address for address in addresses if _may_create_databases(address)), None)


def _may_create_databases(address: str) -> bool:
    try:
        connection = psycopg2.connect(address, connect_timeout=2)
    except psycopg2.OperationalError:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            return bool(cursor.fetchone()[0])
    finally:
        connection.close()


def programs() -> str | None:
    """The folder of initdb and postgres, the newest version first."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    candidates = [*folders, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((str(f) for f in candidates if (f / "initdb").exists() and (f / "postgres").exists()), None)


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


@contextmanager
def throwaway() -> Iterator[str]:
    """A server of our own in a temporary folder, on a free loopback port."""
    bin_folder = Path(found_or_installed(programs, "postgresql", "PostgreSQL"))
    folder = Path(tempfile.mkdtemp(prefix="tacsle-postgresql-"))
    try:
        identity = _identity(folder)
        _create_cluster(bin_folder, folder, identity)
        with _server(bin_folder, folder, identity) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _identity(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root lends the folder to somebody else."""
    if os.geteuid() != 0:
        return {}
    account = _account()
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _create_cluster(bin_folder: Path, folder: Path, identity: dict[str, Any]) -> None:
    options = ("--auth=trust", "--username=tacsle", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    subprocess.run(  # noqa: S603
        [bin_folder / "initdb", "--pgdata", folder / "data", *options],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        **identity,
    )


@contextmanager
def _server(bin_folder: Path, folder: Path, identity: dict[str, Any]) -> Iterator[str]:
    port = free_port()
    settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
    options = [part for setting in (*settings, *NO_DURABILITY) for part in ("-c", setting)]
    address = f"postgres://tacsle@127.0.0.1:{port}/postgres"
    with (folder / "log").open("wb") as log:
        command = [str(bin_folder / "postgres"), "-D", str(folder / "data"), *options]
        server: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603
            command, cwd=folder, stdout=log, stderr=log, **identity
        )
    try:
        wait_for(lambda: _may_create_databases(address), server, "PostgreSQL", START_SECONDS)
        yield address
    finally:
        # Its "fast" shutdown; on SIGTERM it would wait for every client to leave.
        end(server, signal.SIGINT)
