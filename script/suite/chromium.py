"""A Chromium for the browser tests: the environment's, or an installed one."""

import os
import shutil

from script.suite.provision import found_or_installed

# Without windows to draw for, the first takes an eighth less time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "/usr/bin/chromium")


def find() -> str:
    """The path of the browser, installed if need be; raises MissingProgramError."""
    return os.environ.get("TEST_CHROMIUM") or found_or_installed(installed, NAMES[0], "Chromium")


def installed() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)
