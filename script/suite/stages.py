"""The stages of `script/test`: a name, what it needs, and the commands it runs.

Commands run side by side, one for each core, the longest first; see `run.py`.
"""

import secrets
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from script.suite import chromium, postgresql, redis_server

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest", "-q", "--durations=10")

# Folders of tests/ whose tests open no database.
PURE = ("rules", "pharmacokinetics", "statistics", "outcomes")
# Folders with servers or a browser of their own.
APART = ("services", "browser")
# Run on PostgreSQL in processes of their own; all other folders share one.
LARGE = ("dosing", "patients", "accounts")


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
    """`cost` is roughly what one of its commands takes, in seconds of processor time."""

    name: str
    commands: Sequence[Sequence[str]]
    environment: Callable[[Workspace], Mapping[str, str]] = lambda _: {}
    cost: int = 5


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


def _pytest(*places: str) -> tuple[str, ...]:
    return (*PYTEST, *places)


def _folders(*names: str) -> tuple[str, ...]:
    return _pytest(*(f"tests/{name}" for name in names))


def remaining(tests: Path = ROOT / "tests") -> list[str]:
    """Folders and files of tests that no other command names, so that a new folder runs at once."""
    named = {*PURE, *APART, *LARGE}
    folders = (path for path in tests.iterdir() if path.is_dir() and any(path.rglob("test_*.py")))
    found = [path.name for path in (*folders, *tests.glob("test_*.py")) if path.name not in named]
    return sorted(found)


def halves(files: Iterable[Path], root: Path = ROOT) -> list[tuple[str, ...]]:
    """Test files in two lots for two cores: by size in turns, since a larger file takes longer."""
    by_size = sorted(files, key=lambda path: (-path.stat().st_size, path))
    return [tuple(str(path.relative_to(root)) for path in by_size[half::2]) for half in (0, 1)]


def tests_of(folder: str) -> list[Path]:
    """The test files of a folder of tests/, and of the folders in it."""
    return list((ROOT / "tests" / folder).rglob("test_*.py"))


def marked_for_sqlite(tests: Path = ROOT / "tests") -> list[Path]:
    """The files with the mark, found in their text: to collect all of the others would take half a minute."""
    return [path for path in sorted(tests.rglob("test_*.py")) if "mark.sqlite" in path.read_text()]


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
    Stage("types", (_tool("mypy", "."),), cost=80),
    Stage("contracts", (_tool("lint-imports", "--no-cache"),)),
    Stage("migrations", (_manage("makemigrations", "--check", "--dry-run"),)),
    Stage(
        "deployment",
        (_manage("check", "--deploy", "--fail-level", "WARNING"),),
        lambda _: production_environment(),
    ),
    Stage("pure", (_folders("rules"), _folders(*PURE[1:])), cost=50),
    Stage(
        "sqlite",
        tuple(_pytest("-m", "sqlite", *files) for files in halves(marked_for_sqlite())),
        cost=60,
    ),
    Stage(
        "postgresql",
        (
            *(_pytest(*files) for files in halves(tests_of(LARGE[0]))),
            _folders(*LARGE[1:]),
            _folders(*remaining()),
        ),
        lambda workspace: workspace.database,
        cost=150,
    ),
    Stage(
        "services", (_folders("services"),), lambda workspace: workspace.database | workspace.broker, cost=90
    ),
    Stage(
        "browser",
        tuple(_pytest(*files) for files in halves(tests_of("browser"))),
        lambda workspace: workspace.browser,
        cost=200,
    ),
)
FAST = ("style", "types", "contracts", "migrations", "deployment", "pure", "sqlite")
