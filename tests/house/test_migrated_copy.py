"""The database that tests work on: that of today's migrations, and each process's own."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.database import fingerprint

pytestmark = pytest.mark.sqlite


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("requirements.txt", "tacsle_site/settings/base.py", "patients/migrations/0001_initial.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_nothing_is_left_to_migrate(db: None) -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_it_is_not_the_kept_one(db: None) -> None:
    assert "migrated" not in connection.settings_dict["NAME"]


@pytest.mark.parametrize(
    "name", ["requirements.txt", "patients/migrations/0002_more.py", "patients/migrations/0001_initial.py"]
)
def test_what_makes_another_database_makes_another_fingerprint(root: Path, name: str) -> None:
    before = fingerprint(root)
    assert fingerprint(root) == before
    (root / name).write_text("changed")
    assert fingerprint(root) != before
