"""The default: one machine, SQLite, no secret to provide. Everything it writes is under `var/`."""

import os
from pathlib import Path

from tacsle_site.settings.base import *  # noqa: F403
from tacsle_site.settings.base import BASE_DIR
from tacsle_site.settings.local import folder_broker, secret_key, sqlite

VAR = Path(os.environ.get("TACSLE_VAR", BASE_DIR / "var")).resolve()

DEBUG = False
DEMONSTRATION = True
SECRET_KEY = secret_key(VAR / "secret-key")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": sqlite(VAR / "tacsle.sqlite3")}

CELERY_BROKER_URL = "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = folder_broker(VAR / "broker")
CELERY_WORKER_POOL = "solo"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

# Serve static files from where they lie: there is no build step to forget.
WHITENOISE_USE_FINDERS = True
