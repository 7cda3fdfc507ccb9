"""A Chromium for the browser tests: the environment's, or an installed one."""

import os
import shutil

from script.suite.provision import found_or_installed

NAMES = ("chromium", "chromium-browser", "google-chrome", "/usr/bin/chromium")


def find() -> str:
    """The path of the browser, installed if need be; raises MissingProgramError."""
    return os.environ.get("TEST_CHROMIUM") or found_or_installed(installed, "chromium", "Chromium")


def installed() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)
