"""The default: one machine, SQLite, no secret to provide."""

from tacsle_site.settings.base import *  # noqa: F403
from tacsle_site.settings.base import BASE_DIR

DEBUG = False
SECRET_KEY = "embedded"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "var" / "tacsle.sqlite3"}}
