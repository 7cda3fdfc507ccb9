"""A clinic with two patients of the study and one who never took tacrolimus; nothing reaches a worker."""

from datetime import date

import pytest

from accounts.clock import local_today
from accounts.models import Clinic, User
from analytics import tasks
from analytics.cohorts import CohortSelection
from analytics.models import Report
from analytics.report import build as making
from analytics.report.document import Document
from analytics.report.files.report_files import NAMES, Progress, ReportFormat, Written
from analytics.services.reports import ask_report
from tests.accounts.conftest import administrator, nurse, stranger
from tests.analytics.exports.conftest import (
    StudiedClinic,
    clinic,
    doctor,
    make_studied_clinic,
    never,
    people,
)
from tests.house.conftest import log_lines
from tests.sharing import made_once

__all__ = ["administrator", "clinic", "doctor", "log_lines", "never", "nurse", "people", "stranger"]


@made_once
def studied_clinic() -> StudiedClinic:
    return make_studied_clinic()


@pytest.fixture
def today(clinic: Clinic) -> date:
    return local_today(clinic)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the worker was asked for, by key."""
    keys: list[int] = []
    monkeypatch.setattr(tasks.make_report, "delay", keys.append)
    return keys


@pytest.fixture
def report(clinic: Clinic, administrator: User, today: date, queued: list[int]) -> Report:
    """Asked for and waiting."""
    return ask_report(clinic=clinic, choice=CohortSelection(today), by=administrator)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few bytes, told as the real ones are: what a test is about is the job, not the PDF."""

    def written(document: Document, progress: Progress) -> list[Written]:
        for name in NAMES.values():
            progress(name)
        return [Written(kind, f"{kind} of {document.subtitle}".encode()) for kind in ReportFormat]

    monkeypatch.setattr(making, "write_files", written)
