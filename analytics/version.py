"""Which code made a report."""

from __future__ import annotations

import tomllib
from functools import cache

from django.conf import settings


@cache
def code_version() -> str:
    """The version of the product, as its project file says."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
