"""Tests: embedded settings with fast password hashing."""

from tacsle_site.settings.embedded import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
