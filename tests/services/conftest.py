"""These tests want PostgreSQL and Redis for real; they fail rather than skip without them."""

import os
from pathlib import Path

import pytest

from tests.services.demonstration import prepared


@pytest.fixture(scope="session")
def loaded() -> Path:
    """The folder of a demonstration whose patients are loaded; to be copied, not to be used."""
    return prepared()


@pytest.fixture
def broker_url() -> str:
    """The Redis of this run."""
    if "TEST_REDIS_URL" not in os.environ:
        pytest.fail("Run these with script/test services, which provides PostgreSQL and Redis.")
    return os.environ["TEST_REDIS_URL"]


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of this run's test database on PostgreSQL, for another process."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.fail("Run these with script/test services, which provides PostgreSQL and Redis.")
    given = connection.settings_dict
    credentials = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    return f"postgres://{credentials}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"
