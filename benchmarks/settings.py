"""The embedded settings on a database of its own: BENCHMARK_DATABASE_URL, else SQLite in `var`."""

import os

import environ

from tacsle_site.settings.embedded import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
if "BENCHMARK_DATABASE_URL" in os.environ:
    DATABASES = {"default": environ.Env().db_url("BENCHMARK_DATABASE_URL")}
    DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds, as in production
# A benchmark waits for its jobs.
RESULTS = VAR / "results"  # noqa: F405
RESULTS.mkdir(parents=True, exist_ok=True)
CELERY_RESULT_BACKEND = f"file://{RESULTS}"
# One session for the whole run.
IDLE_SESSION_SECONDS = SESSION_COOKIE_AGE = 24 * 3600
# Real workers have several processes.
CELERY_WORKER_POOL = "prefork"
