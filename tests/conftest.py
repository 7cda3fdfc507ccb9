"""Marks that follow from where a test lies and what it uses."""

import os
from pathlib import Path

import pytest

# Before numpy: test processes side by side would wait for each other's threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

HERE = Path(__file__).parent
FOLDER_MARKS = {"browser": "browser", "services": "services"}
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that touches the database runs again on PostgreSQL; nobody has to remember to say so."""
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        if folder in FOLDER_MARKS:
            item.add_marker(FOLDER_MARKS[folder])
        if _uses_the_database(item):
            item.add_marker("database")


def _uses_the_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)
