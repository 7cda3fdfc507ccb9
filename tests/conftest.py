"""The migrated database, and marks that follow from where a test lies."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.sharing import around_module

# Before numpy: test processes side by side would wait for each other's threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

HERE = Path(__file__).parent
MADE_ONCE = "_made_for_the_module"
FOLDER_MARKS = {"browser": "browser", "services": "services"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        if folder in FOLDER_MARKS:
            item.add_marker(FOLDER_MARKS[folder])
    # Within a file, who expects an empty database comes before what is made once for the others.
    places = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(key=lambda item: (places[item.path], MADE_ONCE in getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """In place of pytest-django's, which migrates again in each process."""
    from tests.database import migrated_copy

    with django_db_blocker.unblock():
        copy = migrated_copy()
        copy.__enter__()
    yield
    with django_db_blocker.unblock():
        copy.__exit__(None, None, None)


@pytest.fixture(scope="module")
def _made_for_the_module(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Any]:
    """See `made_once`."""
    with around_module(request.module.__name__, django_db_blocker.unblock) as made:
        yield made
