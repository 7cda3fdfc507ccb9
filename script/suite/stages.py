"""The stages of `script/test`: a name, what it needs, and the commands it runs."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from script.suite import chromium, postgresql, redis_server

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest", "-q")
# Tests of one xdist_group share what is costly to make, and so a process.
BOTH_CORES = ("-n", "2", "--dist", "loadgroup")


class Workspace:
    """The servers of one run: each started when the first stage asks for it, ended with the run."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    @cached_property
    def database(self) -> dict[str, str]:
        return {"TEST_DATABASE_URL": self._stack.enter_context(postgresql.database_url())}

    @cached_property
    def broker(self) -> dict[str, str]:
        return {"TEST_REDIS_URL": self._stack.enter_context(redis_server.redis_url())}

    @cached_property
    def browser(self) -> dict[str, str]:
        return {"TEST_CHROMIUM": chromium.find()}


@dataclass(frozen=True)
class Stage:
    name: str
    commands: Sequence[Sequence[str]]
    environment: Callable[[Workspace], Mapping[str, str]] = lambda _: {}


def production_environment() -> dict[str, str]:
    """What production settings want, pointing nowhere: `check --deploy` opens no connection."""
    return {
        "DJANGO_SETTINGS_MODULE": "tacsle_site.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": "postgres://nobody:nothing@localhost/nowhere",
        "CELERY_BROKER_URL": "redis://localhost/0",
        "ALLOWED_HOSTS": "tacsle.example",
    }


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(TOOLS / name), *arguments)


def _manage(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "manage.py", *arguments)


STAGES = (
    Stage(
        "style",
        (
            _tool("ruff", "check", "."),
            _tool("ruff", "format", "--check", "."),
            _tool("djlint", "--check", "--quiet", "templates"),
            (sys.executable, "-m", "script.suite.template_width"),
        ),
    ),
    Stage("types", (_tool("mypy", "."),)),
    Stage("contracts", (_tool("lint-imports", "--no-cache"),)),
    Stage("migrations", (_manage("makemigrations", "--check", "--dry-run"),)),
    Stage(
        "deployment",
        (_manage("check", "--deploy", "--fail-level", "WARNING"),),
        lambda _: production_environment(),
    ),
    Stage("sqlite", ((*PYTEST, *BOTH_CORES, "-m", "not services and not browser"),)),
    Stage(
        "postgresql",
        ((*PYTEST, *BOTH_CORES, "-m", "database and not services and not browser"),),
        lambda workspace: workspace.database,
    ),
    Stage(
        "services",
        ((*PYTEST, "tests/services"),),
        lambda workspace: workspace.database | workspace.broker,
    ),
    Stage(
        "browser",
        ((*PYTEST, "-n", "2", "--dist", "loadfile", "tests/browser"),),
        lambda workspace: workspace.browser,
    ),
)
FAST = ("style", "types", "contracts", "migrations", "deployment", "sqlite")


def run_stage(stage: Stage, workspace: Workspace) -> tuple[bool, float]:
    """Run every command of the stage; returns whether all passed, and the seconds they took."""
    print(f"\n== {stage.name}", flush=True)
    environment = {**os.environ, **stage.environment(workspace)}
    started = time.monotonic()
    passed = [_passes(command, environment) for command in stage.commands]
    return all(passed), time.monotonic() - started


def _passes(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0  # noqa: S603
