"""For real use: PostgreSQL, Redis, HTTPS. Refuses to start while a secret or an address is missing."""

import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from tacsle_site.logs import logging_configuration
from tacsle_site.settings.base import *  # noqa: F403
from tacsle_site.settings.base import BASE_DIR

REQUIRED = ("SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "ALLOWED_HOSTS")
missing = [name for name in REQUIRED if not os.environ.get(name)]
if missing:
    raise ImproperlyConfigured(f"Set these environment variables to start TACSLE: {', '.join(missing)}")

env = environ.Env()

DEBUG = False
DEMONSTRATION = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

DATABASES = {"default": env.db_url("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name"
    )
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL")
CELERY_BEAT_SCHEDULE_FILENAME = env.str("CELERY_BEAT_SCHEDULE_FILENAME", default=str(BASE_DIR / "celerybeat"))

TIME_ZONE = env.str("TIME_ZONE", default="Asia/Tokyo")
CELERY_TIMEZONE = TIME_ZONE
IDLE_SESSION_SECONDS = env.int("IDLE_SESSION_SECONDS", default=15 * 60)
SESSION_COOKIE_AGE = IDLE_SESSION_SECONDS

# Whether our own proxy ends HTTPS and sets X-Forwarded-Proto and X-Forwarded-For; never without one.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True

CSRF_COOKIE_SECURE = True


STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = logging_configuration(readable=False)
