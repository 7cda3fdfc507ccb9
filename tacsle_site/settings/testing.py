"""Tests: a throwaway SQLite file, or the PostgreSQL and Redis that the environment names."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import environ

from tacsle_site.settings.base import *  # noqa: F403
from tacsle_site.settings.local import folder_broker, sqlite

# Each process has its own folder: several test runs may share one working tree.
VAR = Path(tempfile.mkdtemp(prefix="tacsle-test-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)

SECRET_KEY = "only for tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

if "TEST_DATABASE_URL" in os.environ:
    DATABASES = {"default": environ.Env().db_url("TEST_DATABASE_URL")}
else:
    DATABASES = {"default": sqlite(VAR / "tacsle.sqlite3")}
    # A file, not memory: the live server's threads need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

CELERY_BROKER_URL = os.environ.get("TEST_REDIS_URL", "filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = folder_broker(VAR / "broker")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
# A file is looked for when asked for: to list all for each test's client takes longer than most tests do.
WHITENOISE_AUTOREFRESH = True
