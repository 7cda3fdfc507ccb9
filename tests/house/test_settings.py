"""Production settings refuse what is missing or unsafe; embedded ones need nothing."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from script.suite.stages import production_environment
from tacsle_site.settings.local import folder_broker, secret_key

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = ("SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "ALLOWED_HOSTS")


def production(
    changes: dict[str, str], without: tuple[str, ...] = (), say: str = "s.DEBUG"
) -> tuple[int, str]:
    """Load production settings in a process of their own; returns its exit code and what it said."""
    environment = {**os.environ, **production_environment(), **changes}
    for name in without:
        environment.pop(name)
    code = f"import django; django.setup(); from django.conf import settings as s; print({say})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_production_starts_when_everything_is_given() -> None:
    assert production({}) == (0, "False\n")


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_without(name: str) -> None:
    code, said = production({}, without=(name,))
    assert code != 0
    assert said.splitlines()[-1].endswith(f"Set these environment variables to start TACSLE: {name}")


def test_production_names_everything_missing_in_one_line() -> None:
    _, said = production({"SECRET_KEY": ""}, without=("DATABASE_URL", "CELERY_BROKER_URL", "ALLOWED_HOSTS"))
    assert said.splitlines()[-1].endswith(", ".join(REQUIRED))


def test_production_refuses_another_database() -> None:
    code, said = production({"DATABASE_URL": "sqlite:////tmp/clinic.sqlite3"})
    assert code != 0
    assert "PostgreSQL" in said.splitlines()[-1]


def test_production_cookies_and_transport_are_safe() -> None:
    say = "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0"
    assert production({}, say=say) == (0, "True True True True\n")


def test_production_believes_a_proxy_only_when_told() -> None:
    say = "getattr(s, 'SECURE_PROXY_SSL_HEADER', None)"
    assert production({}, say=say) == (0, "None\n")
    assert "HTTP_X_FORWARDED_PROTO" in production({"BEHIND_PROXY": "true"}, say=say)[1]


def test_there_is_no_demonstration_in_production() -> None:
    assert production({"DEMONSTRATION": "true"}, say="s.DEMONSTRATION") == (0, "False\n")


def test_the_demonstration_refuses_other_settings(settings: LazySettings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="embedded settings only"):
        call_command("demo", "--no-serve")


def test_a_demonstration_is_an_error_where_it_is_deployed(settings: LazySettings) -> None:
    settings.DEMONSTRATION = True
    assert "tacsle.E002" in {message.id for message in run_checks(include_deployment_checks=True)}
    settings.DEMONSTRATION = False
    assert "tacsle.E002" not in {message.id for message in run_checks(include_deployment_checks=True)}


def test_a_site_without_the_login_gate_is_an_error(settings: LazySettings) -> None:
    gate = "accounts.middleware.EndedSessionMiddleware"
    assert "tacsle.E001" not in {message.id for message in run_checks()}
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != gate]
    assert "tacsle.E001" in {message.id for message in run_checks()}


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret-key"
    key = secret_key(file)
    assert len(key) >= 50
    assert secret_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret_key(tmp_path / "other" / "secret-key") != key


def test_the_broker_makes_its_folders(tmp_path: Path) -> None:
    options = folder_broker(tmp_path / "not" / "there")
    assert options["data_folder_in"] == options["data_folder_out"]
    assert all(Path(folder).is_dir() for folder in options.values())


def test_the_embedded_database_keeps_foreign_keys_writes_ahead_and_locks_early(tmp_path: Path) -> None:
    asked = "[cursor.execute(f'PRAGMA {name}').fetchone()[0] for name in ('foreign_keys', 'journal_mode')]"
    code = (
        "import django; django.setup(); from django.db import connection; cursor = connection.cursor(); "
        f"print({asked}, connection.transaction_mode)"
    )
    changes = {"DJANGO_SETTINGS_MODULE": "tacsle_site.settings.embedded", "TACSLE_VAR": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "[1, 'wal'] IMMEDIATE\n"
    assert (tmp_path / "tacsle.sqlite3").exists()
