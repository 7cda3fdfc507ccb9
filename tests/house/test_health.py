"""What a watcher of the site is told."""

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from kombu import Connection

from tacsle_site import health
from tests.house.conftest import Lines

pytestmark = pytest.mark.sqlite

FINE = {"database": "ok", "migrations": "ok", "broker": "ok"}


def test_alive_asks_the_database_nothing(visitor: Client) -> None:
    """No database fixture: a query would fail this test."""
    response = visitor.get("/health/live")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_every_part_works(visitor: Client) -> None:
    response = visitor.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "parts": FINE}


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_pending(visitor: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    response = visitor.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "failed", "parts": FINE | {"migrations": "failed"}}


@pytest.mark.django_db
def test_not_ready_without_the_broker(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens on port 1."""
    nowhere = Connection("redis://127.0.0.1:1/0")
    monkeypatch.setattr(health.app, "connection_for_write", lambda **_: nowhere)
    response = visitor.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"] == FINE | {"broker": "failed"}


@pytest.mark.django_db
def test_a_failing_database_is_named_without_details(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, log_lines: Lines
) -> None:
    def refuse() -> bool:
        raise OperationalError("password of clinic-db wrong")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    response = visitor.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"] == FINE | {"database": "failed"}
    written = response.content.decode() + str(log_lines())
    assert "password" not in written
    assert "OperationalError" in written
