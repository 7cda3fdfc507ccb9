"""A plugin of pytest that writes down which tests failed, where, as JSON: its summary is for people."""

import json
import os
from pathlib import Path

import pytest

FAILED: list[dict[str, str]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        FAILED.append({"test": report.nodeid, "when": report.when or ""})


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of pytest-xdist reports to the first one, which alone writes."""
    if not hasattr(session.config, "workerinput"):
        Path(os.environ["PLANTED_FAULTS_OUTCOMES"]).write_text(json.dumps(FAILED), encoding="utf-8")
